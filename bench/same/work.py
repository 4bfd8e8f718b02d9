"""The work that both builds do: each function runs one command of deid and gives hashes of what came out."""
import contextlib
import hashlib
import json
import pathlib
import shutil
import subprocess
import tempfile

from benchlib import audits, places
import inputs
import plain

PRECISION = ["--set", "facedetect.precision=f32"]
METHODS = ("mask", "blur", "pixelate", "swap", "trained")
PICTURE_METHODS = ("mask", "swap")  # of a still; stills take longest, and the films show what a cover does to pixels
LIMIT = 900  # [s] of one command


def settings():
    """Settings that must be equal for two records to be comparable, besides the clips."""
    return {"precision": "f32, in measure the product's own", "methods": {method: words(method, None) for method in METHODS},
            "targets": _hash_of(places.need(places.DEPS / "targets", "meson-free-scripts/build makes it").glob("nobody-*.json")),
            "models": _hash_of(places.need(places.DEPS / "models", "run meson-free-scripts/setup").iterdir())}


def words(method, model):
    """The options of a method."""
    if method == "trained":
        return ["--method", "swap", "--model", str(model) if model else "NETWORK"]
    return ["--method", method]


def film(build, item, method):
    """{"picture", "frames", "times", "audit", "summary"} of one clip or picture, or {"failed"}."""
    with scratch() as folder:
        out, audit, summary = folder / ("out.png" if item.picture else "out.mkv"), folder / "audit.jsonl", folder / "summary.json"
        codec = [] if item.picture else ["--codec", "ffv1"]
        failed, _ = said(build, ["run", item.path, "-o", out, *codec, "--audit", audit, "--json-summary", summary, "--quiet", "--stall-after", LIMIT,
                                 *words(method, item.model), *PRECISION], folder)
        if failed:
            return failed
        kind, times, frames = framemd5(out)
        hidden = (folder, item.path, item.model)
        return {"picture": kind, "frames": frames, "times": times, "audit": plain.lines(audit, hidden), **faces_in(audit),
                "summary": plain.parts(plain.plain(json.loads(summary.read_text()), hidden), "summary")}


def faces_in(audit):
    """{"faces", "drawn"}: number of faces in the audit, and of those with a swap. When both are 0, little is proved."""
    try:
        faces = [face for frame in audits.frames(audit.read_text().splitlines()) for face in frame["faces"]]
    except audits.AuditError:  # of an older build: its pictures can be compared, its faces are not counted
        return {}
    return {"faces": len(faces), "drawn": sum(face["treatment"] == "swapped" for face in faces)}


def framemd5(path):
    """(size and time base as ffmpeg names them, [pts], [md5]) of the frames in a file, as they are decoded."""
    done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough",
                           "-enc_time_base", "-1", "-f", "framemd5", "-"], capture_output=True, text=True)
    if done.returncode != 0:
        raise places.BenchError(f"ffmpeg cannot read {path.name}: {done.stderr.strip()[-300:]}")
    rows = [line.split(",") for line in done.stdout.splitlines() if line and not line.startswith("#")]
    kind = [line for line in done.stdout.splitlines() if line.startswith(("#tb", "#dimensions", "#sar"))]
    return kind, [int(row[2]) for row in rows], [row[5].strip() for row in rows]


def oks(build):
    """{case: hash} of `deid oks --json` on all reference cases, exit status and refusals with them: some cases are to be refused."""
    found = {}
    for case in sorted((places.SHARED / "oks_cases").glob("*/gt.json")):
        done = subprocess.run([str(build.deid), "oks", "--gt", str(case), "--dt", str(case.with_name("dt.json")), "--json"],
                              capture_output=True, text=True, env=build.env(), timeout=LIMIT)
        out = plain.plain(json.loads(done.stdout), (case.parent,)) if done.returncode == 0 else plain.plain(done.stderr, (case.parent,))
        found[case.parent.name] = plain.hashed([done.returncode, out])
    if not found:
        raise places.BenchError("no cases for deid oks in ../shared/oks_cases")
    return found


def measure(build, item, hands):
    """{part: hash} of what `deid measure` writes about a clip and its blurred copy."""
    with scratch() as folder:
        failed, _ = said(build, ["measure", item.path, inputs.poorer(item), "--out", folder / "out", "--quiet", *(["--hands"] if hands else [])],
                         folder)
        return failed or files_of(folder / "out", (folder, item.path, inputs.poorer(item)))


def evaluate(build, items, methods):
    """{part: hash} of what `deid evaluate` writes about clips; its page, which holds the times, is left out."""
    with scratch() as folder:
        source = folder / "in"
        source.mkdir()
        for item in items:
            (source / pathlib.Path(item.name).name).symlink_to(item.path.resolve())
        failed, _ = said(build, ["evaluate", *sorted(source.iterdir()), "--out", folder / "out", "--quiet", "--methods", ",".join(methods),
                                 *PRECISION], folder)
        return failed or files_of(folder / "out", (folder,))


def files_of(folder, hidden):
    """{part: hash} of all files below a folder but pages and hidden ones."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix not in (".html", ".lock") and not file.name.startswith("."):
            above = str(file.parent.relative_to(folder))
            prefix = "" if above == "." else above + "/"
            found.update({prefix + part: one for part, one in plain.file_parts(file, hidden).items()})
    return found


def warm(build):
    """Lets the build make its registry before many commands at once would."""
    done = subprocess.run(["gst-inspect-1.0", "fakesink"], capture_output=True, text=True, env=build.env())
    if done.returncode != 0:
        raise places.BenchError(f"GStreamer does not start: {done.stderr.strip()[-300:]}")


def said(build, command, folder):
    """({"failed": why} or None, stdout) of a command of deid."""
    try:
        done = subprocess.run([str(build.deid), *map(str, command)], capture_output=True, text=True, env=build.env(), timeout=LIMIT,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return {"failed": f"no end within {LIMIT} s"}, ""
    if done.returncode == 0:
        return None, done.stdout
    last = (done.stderr.strip().splitlines() or ["no word"])[-1]
    return {"failed": f"exit status {done.returncode}: {plain.plain(last, (folder,))}"[:300]}, done.stdout


@contextlib.contextmanager
def scratch():
    """A folder that is gone afterwards."""
    (inputs.FOLDER / "scratch").mkdir(parents=True, exist_ok=True)
    path = pathlib.Path(tempfile.mkdtemp(dir=inputs.FOLDER / "scratch"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _hash_of(files):
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file()):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]
