"""What fetch-models takes out of packages, and which parts of the manifest the user left out."""
import json
import tarfile

LEFT_OUT = ".left-out.json"  # in the folder of engine and weights: the parts that the user left out


class UnknownPart(Exception):
    """One sentence for the user."""


class SourceArchive:
    """A .tar.gz or .tgz with the interface of a zip file: only plain files, by name; nothing is unpacked by itself."""

    def __init__(self, path):
        self.tar = tarfile.open(path, "r:gz")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tar.close()

    def open(self, member):
        stream = self.tar.extractfile(self.tar.getmember(member))  # KeyError: no such member
        if stream is None:
            raise KeyError(member)  # a folder or a device
        return stream


def leave_out(manifest, deps, without, wanted):
    """Takes the files of parts that are left out from the manifest. What is left out stays so in later runs."""
    parts = {entry["part"] for entry in manifest["files"] if "part" in entry}
    for part in (*without, *wanted):
        if part not in parts:
            raise UnknownPart(f"fetch-models: there is no part {part}; parts are: {', '.join(sorted(parts)) or 'none'}.")
    record = deps / LEFT_OUT
    before = set(json.loads(record.read_text())) if record.is_file() else set()
    out = (before | set(without)) - set(wanted)
    if out != before:
        deps.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps(sorted(out)) + "\n")
    for entry in manifest["files"]:
        if entry.get("part") in without:
            (deps / entry["to"]).unlink(missing_ok=True)
    manifest["files"] = [entry for entry in manifest["files"] if entry.get("part") not in out]
