"""Results so far, clip by clip, so that an interrupted run continues where it stopped."""
import hashlib
import json
import pathlib

from benchlib import places


class Partial:
    """Results of single clips under bench/cache/partial/, of one build and one kind of check."""

    def __init__(self, options):
        state = hashlib.sha256(f"{places.commit()} {options.pixels_only} {options.full_look}".encode())
        for plugin in sorted(pathlib.Path(options.build).glob("plugins/**/*.so")):
            state.update(plugin.read_bytes())
        self._folder = places.WORK / "partial" / state.hexdigest()[:16]
        self._resume = options.resume

    def read(self, testee, found):
        """{clip: result} of the clips done already; empty without --resume."""
        if not self._resume:
            return {}
        files = {clip.name: self._file(testee.name, clip.name) for clip in found}
        return {clip: json.loads(file.read_text()) for clip, file in files.items() if file.exists()}

    def write(self, testee, clip, result):
        """Stores one result. A clip that failed is tried again next time."""
        if "error" in result:
            return
        file = self._file(testee, clip)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text(json.dumps(result))
        part.rename(file)

    def _file(self, testee, clip):
        return self._folder / f"{testee}-{hashlib.sha256(clip.encode()).hexdigest()[:24]}.json"
