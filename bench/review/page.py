"""How fast the page of deid review is on a long film: page.py DEID PLUGINS DEPS CLIP [--minutes N] [--out FILE]

CLIP is scaled to 1920x1080, de-identified once (--method mask), and both videos and the audit are repeated to the length. Measured in headless
Chromium: the time until the page is usable, the time of steps to random frames, right after the start and when all small pictures are prepared,
and the memory of deid. Prints a table of Markdown; --out writes the figures as JSON, too."""
import argparse
import hashlib
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/pipelines/review"))
import browser as b  # noqa: E402

STEPS = 200


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, words)], check=True)


def frames_in(video):
    return int(subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets", "-show_entries", "stream=nb_read_packets",
                               "-of", "csv=p=0", video], capture_output=True, text=True, check=True).stdout.strip().strip(","))


def facts(file):
    with open(file, "rb") as stream:
        return {"sha256": hashlib.file_digest(stream, "sha256").hexdigest(), "bytes": file.stat().st_size}


def repeat(video, to, times):
    """The film several times in a row, without coding it again."""
    listed = to.with_suffix(".txt")
    listed.write_text(f"file '{video}'\n" * times)
    ffmpeg("-f", "concat", "-safe", "0", "-i", listed, "-c", "copy", to)


def long_audit(short, to, times, original, result):
    lines = [json.loads(line) for line in short.read_text().splitlines()]
    frames = [line for line in lines if "pts" in line]
    length = frames[-1]["pts"] + (frames[-1]["pts"] - frames[0]["pts"]) // (len(frames) - 1)
    with open(to, "w") as stream:
        for line in (line for line in lines if "audit" in line):
            stream.write(json.dumps(line) + "\n")
        for n in range(times):
            for line in frames:
                stream.write(json.dumps({**line, "pts": line["pts"] + n * length}) + "\n")
        for line in (line for line in lines if "run" in line):
            line["run"].update(original=facts(original), result=facts(result))
            stream.write(json.dumps(line) + "\n")
    to.chmod(0o600)


def film(deid, clip, minutes, room):
    """A film of this length and its result, with its audit; those that the folder has are taken."""
    short, short_result, short_audit = room / "short.mp4", room / "short.deid.mp4", room / "short.deid.jsonl"
    original, result, audit = room / "long.mp4", room / "long.deid.mp4", room / "long.deid.jsonl"
    if audit.exists():
        return original, result
    ffmpeg("-i", clip, "-an", "-vf", "scale=1920:1080", "-c:v", "libx264", "-preset", "veryfast", "-bf", "0", short)
    deid.must("run", short, "-o", short_result, "--method", "mask", "--audit", short_audit, "-q", "--overwrite")
    times = max(1, round(minutes * 60 * 30 / frames_in(short)))
    repeat(short, original, times)
    repeat(short_result, result, times)
    long_audit(short_audit, audit, times, original, result)
    return original, result


def memory(pid):
    """The most memory that the process had so far [MB], and what it has now."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    value = lambda key: next(int(line.split()[1]) for line in text.splitlines() if line.startswith(key)) / 1000
    return value("VmHWM"), value("VmRSS")


def pid_of(port):
    """The process that listens on a port."""
    text = subprocess.run(["ss", "-ltnpH", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    return int(text.split("pid=")[1].split(",")[0])


def step_times(page, count, frames, picker):
    """Milliseconds from the wish for a frame to its picture on the page."""
    times = []
    for _ in range(count):
        frame = picker.randrange(frames)
        times.append(page.browser.execute_async_script(
            "const done = arguments[1]; import('/viewer.js').then(async (v) => { const begun = performance.now();"
            "await v.show(arguments[0]); done(performance.now() - begun); });", frame))
    return times


def row(name, times):
    times = sorted(times)
    return {"what": name, "median_ms": round(statistics.median(times)), "p95_ms": round(times[int(.95 * (len(times) - 1))]),
            "worst_ms": round(times[-1]), "steps": len(times)}


def measure(deid, original, result, profile, prepare):
    begun = time.monotonic()
    figures, picker = {}, random.Random(1)
    with deid.review(original, result, "--no-browser") as address:
        figures["address_s"] = round(time.monotonic() - begun, 2)
        pid = pid_of(address.split(":")[2].split("/")[0])
        browser = b.open_browser(profile)
        try:
            visited = time.monotonic()
            page = b.Page(browser, address)
            figures["usable_s"] = round(time.monotonic() - visited, 2)
            frames = page.get("video")["frames"]
            figures["frames"] = frames
            figures["steps"] = [row("right after the start", step_times(page, 40, frames, picker))]
            began = time.monotonic()
            while prepare and page.js("document.body.dataset.prepared") != "all":
                time.sleep(2)
            figures["prepared_s"] = round(time.monotonic() - began) if prepare else None
            if prepare:
                figures["steps"].append(row("all pictures prepared", step_times(page, STEPS, frames, picker)))
            figures["memory_most_mb"], figures["memory_mb"] = (round(value) for value in memory(pid))
        finally:
            browser.quit()
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("program", "plugins", "deps", "clip"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--no-prepare", action="store_true", help="do not wait until all small pictures are prepared")
    parser.add_argument("--work", type=pathlib.Path, help="a folder that is kept, so that a second measurement makes no film again")
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    deid = b.Deid(options.program, options.plugins, options.deps)
    with tempfile.TemporaryDirectory(prefix="deid-review-page-") as folder:
        room = options.work or pathlib.Path(folder)
        room.mkdir(parents=True, exist_ok=True)
        original, result = film(deid, options.clip, options.minutes, room)
        print(f"original {original.stat().st_size / 1e6:.0f} MB, result {result.stat().st_size / 1e6:.0f} MB", flush=True)
        figures = measure(deid, original, result, pathlib.Path(folder) / "profile", not options.no_prepare)
    print(json.dumps(figures, indent=1))
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
