"""The swap that is measured: the elements' settings, their videos, and their audit. This file holds the only pipeline."""
import dataclasses
import functools
import hashlib
import pathlib
import re
import subprocess

from benchlib import audits, clips, places, raw

FOLDER = places.WORK / "swap"
DETECT, SWAP = "deidfacedetect", "deidfaceswap"
COVERS = {"mask": "deidfacemask", "blur": "deidfaceblur"}
SWAPPED = ("swap", "kept")  # rungs on which the whole face is the target's


@dataclasses.dataclass(frozen=True)
class Settings:
    """build: directory with our plug-ins; target: target files joined by ':' ("" leaves the element's own); words: properties as text."""
    build: pathlib.Path
    target: str = ""
    words: tuple = ()

    @functools.cached_property
    def env(self):
        return places.product_env(self.build)

    def element(self, audit=None):
        """faceswap with its properties, for gst-launch."""
        pieces = [SWAP, *([f'target="{self.target}"'] if self.target else []), *self.words]
        return " ".join(pieces + ([f'audit="{audit}"'] if audit else []))

    def graph(self, audit=None, detect=""):
        """The pipeline under test, from raw frames to raw frames."""
        return f"{DETECT}{' ' + detect if detect else ''} ! {self.element(audit)}"

    def shown(self):
        """The same for a table: targets by their file names."""
        names = ":".join(pathlib.Path(name).name for name in self.target.split(":"))
        return " ".join([f"{DETECT} ! {SWAP}", *([f"target={names}"] if names else []), *self.words])

    @functools.cached_property
    def key(self):
        """Changes with the plugin, the target files, and every property."""
        plugin = next(pathlib.Path(self.build, "plugins").rglob("libgstdeid.so"), None)
        digest = hashlib.sha256(places.need(plugin or "libgstdeid.so", "build the project first").read_bytes())
        for file in targets(self):
            digest.update(places.need(file, "build makes the default targets; --target names others").read_bytes())
        digest.update(" ".join(self.words).encode())
        return digest.hexdigest()[:12]

    def with_word(self, name, value):
        words = tuple(word for word in self.words if not word.startswith(name + "="))
        return dataclasses.replace(self, words=(*words, f"{name}={value}"))

    @functools.cached_property
    def properties(self):
        """{name: default as gst-inspect prints it} of the element."""
        done = subprocess.run(["gst-inspect-1.0", SWAP], capture_output=True, text=True, env=self.env, check=False)
        if done.returncode != 0:
            raise places.BenchError(f"gst-inspect-1.0 does not know {SWAP}: {done.stderr.strip()[-200:]}")
        found, name = {}, None
        for line in done.stdout.partition("Element Properties:")[2].splitlines():
            if head := re.match(r"  (\S+)\s+: ", line):
                name = head.group(1)
            if name and (default := re.search(r"Default:\s+(\S+)", line)):
                found.setdefault(name, default.group(1).strip('"'))
        return found


def targets(settings):
    """The targets that can be drawn: the given files, or the default bank."""
    given = [pathlib.Path(name) for name in settings.target.split(":") if name]
    return given or sorted(file for file in (places.DEPS / "targets").glob("*.json") if file.name != "distances.json")


def chosen(build, target, words):
    """Settings of the command line. Without a target: the element's own choice if it has one, else the first of the bank."""
    settings = Settings(pathlib.Path(build), target or "", tuple(words))
    if not target and "target-bank" not in settings.properties and settings.properties.get("target", "null") == "null":
        first = places.need(places.DEPS / "targets" / "nobody-1.json", "meson-free-scripts/build makes it; --target names another")
        settings = dataclasses.replace(settings, target=str(first))
    for word in words:
        if word.partition("=")[0] not in settings.properties:
            raise places.BenchError(f"{SWAP} has no property {word.partition('=')[0]}")
    return settings


@dataclasses.dataclass
class Made:
    """A swapped clip: a lossless video, and per frame the faces of the audit with their rung."""
    clip: clips.Clip
    path: pathlib.Path
    frames: list  # per frame: {"doubt": text or None, "faces": [{"id", "box" [x1 y1 x2 y2], "done", "target", "rung", "why"}]}

    def planes(self):
        """Frames of the swapped video, as raw.frames gives them."""
        return raw.frames(dataclasses.replace(self.clip, path=self.path), "", "I420", places.stock_env())


def make(settings, clip, fresh=False):
    """The swapped video of a clip, from the cache or made."""
    folder = FOLDER / settings.key
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"{clip.name.replace('/', '_')}.{clip.digest()[:8]}"
    video, audit = stem.with_name(stem.name + ".mkv"), stem.with_name(stem.name + ".audit.jsonl")
    if fresh or not (video.exists() and audit.exists()):
        part, notes = video.with_name("part." + video.name), audit.with_name("part." + audit.name)
        count = _write(raw.frames(clip, settings.graph(notes), "I420", settings.env), clip, part)
        if count != len(read_audit(notes)):
            raise places.BenchError(f"{clip.name}: {count} frames, but {len(read_audit(notes))} in the audit")
        notes.rename(audit)
        part.rename(video)
    return Made(clip, video, read_audit(audit))


def _write(frames, clip, path):
    """Writes frames into a lossless file; returns their number."""
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{clip.width}x{clip.height}",
               "-r", str(clip.fps), "-i", "-", "-c:v", "ffv1", "-pix_fmt", "yuv420p", str(path)]
    count = 0
    with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
        for planes in frames:
            for plane in planes:
                ffmpeg.stdin.write(plane.tobytes())
            count += 1
        ffmpeg.stdin.close()
        if ffmpeg.wait() != 0:
            raise places.BenchError(f"{clip.name}: ffmpeg cannot write {path.name}")
    return count


def read_audit(path):
    """[{"doubt", "faces"}] per frame, in order."""
    return [{"doubt": frame.get("doubt"), "faces": [_face(face) for face in frame["faces"]]}
            for frame in audits.frames(pathlib.Path(path).read_text().splitlines())]


def _face(face):
    x, y, width, height = face["box"]
    rung, why = rung_of(face)
    return {"id": face["id"], "box": [x, y, x + width, y + height], "done": face["done"], "target": face.get("target"), "rung": rung, "why": why}


def rung_of(face):
    """("swap" | "kept" | "fading" | "covered", reason why it is not a whole swap) of a face of the audit."""
    if face["treatment"] != "swapped":
        return "covered", face.get("reason", face["treatment"])
    if "weight" in face:
        return "fading", "fading"
    return ("kept" if face.get("kept") else "swap"), ""
