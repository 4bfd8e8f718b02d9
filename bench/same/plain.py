"""deid's output without values that differ between runs: times of the clock, versions, places. Needs only Python."""
import hashlib
import json
import pathlib

# Members of any object: how long something took, when, where, and by which version ("stream" is made of the file's place).
# "pts" is the frame's own time and stays.
LEFT_OUT = {"seconds", "fps", "cpu_seconds", "wall_seconds", "cpu_seconds_per_frame", "cost", "version", "date", "mtime", "input", "output", "path",
            "stream"}


def plain(value, places=()):
    """The value without those members, and with `places` (folders of this run) taken out of its texts."""
    if isinstance(value, dict):
        return {name: plain(inner, places) for name, inner in value.items() if not left_out(name) and not is_file(name, inner)}
    if isinstance(value, list):
        return [plain(inner, places) for inner in value]
    if isinstance(value, str):
        for place in places:
            value = value.replace(str(place), "")
    return value


def is_file(name, value):
    """Whether this member names the result's bytes: some muxers write a random number into each file. Frames are compared one by one."""
    return name == "result" and isinstance(value, dict) and set(value) == {"sha256", "bytes"}


def left_out(name):
    """Whether this member describes the run and not the pictures."""
    return name in LEFT_OUT or name.endswith("-ms")


def hashed(value):
    """A short hash of json.dumps of the value; the order of members counts."""
    text = value if isinstance(value, str) else json.dumps(value)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def lines(path, places=()):
    """The hash of each line of a file of JSON lines, plain."""
    return [hashed(plain(json.loads(line), places)) for line in pathlib.Path(path).read_text().splitlines()]


def parts(value, prefix, depth=2):
    """{"prefix/member/member": hash} of a JSON object, down to `depth` members; the value is plain already."""
    if depth == 0 or not isinstance(value, dict) or not value:
        return {prefix: hashed(value)}
    return {name: one for member, inner in value.items() for name, one in parts(inner, f"{prefix}/{member}", depth - 1).items()}


def file_parts(path, places=()):
    """{part: hash} of one file, by its name: JSON by its members, JSON lines by their plain lines, all others by their bytes."""
    path = pathlib.Path(path)
    if path.suffix == ".json":
        return parts(plain(json.loads(path.read_text()), places), path.name)
    if path.suffix == ".jsonl":
        return {path.name: hashed(lines(path, places))}
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16]}
