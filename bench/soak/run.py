"""Does memory stay flat: bench/soak/run --help."""
import argparse
import datetime
import json
import pathlib
import re
import shlex
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402

from benchlib import places  # noqa: E402

# Excluded from the fit: models load, pools fill, the allocator settles.
WARM = 0.2
BAR = 100  # [KB a minute] growth beyond it would be 140 MB a day
GRAPH = "deidfacedetect name=d ! deidfacemask"


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/soak/run", description="Plays real clips of changing size in a loop through decoder, detector, cover and "
        f"encoder in one process, samples its memory, and fits a line. Bar: growth of at most {BAR} KB a minute after the "
        "first fifth of the time. Exit status 0 when it holds.")
    parser.add_argument("--minutes", type=float, default=10, help="how long (default 10)")
    parser.add_argument("--every", type=float, default=2, help="seconds between samples (default 2)")
    parser.add_argument("--graph", default=GRAPH, help=f"what is under test (default '{GRAPH}')")
    parser.add_argument("--build", default=str(places.ROOT / "build" / "release"), help="build directory with our plugins")
    parser.add_argument("--out", default=str(places.RESULTS), help="folder of soak.json and soak.md")
    return parser.parse_args()


def material():
    """Endless elementary streams for a decoder that change their size: multifilesrc pattern, number."""
    folder = places.WORK / "soak"
    folder.mkdir(parents=True, exist_ok=True)
    data = places.SHARED / "data"
    sources = [data / "intel_asl" / "again.mkv", places.DEPS / "footage" / "WolfgangLanger_Pexels.mp4",
               data / "grid" / "bbaf2n.mpg", data / "intel_asl" / "book.mkv"]
    sources = [path for path in sources if path.exists()]
    if not sources:
        raise places.BenchError("no clip to play: run meson-free-scripts/setup")
    for index, path in enumerate(sources):
        target = folder / f"part{index}.h264"
        if not target.exists():
            done = subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(path), "-an", "-frames:v", "150", "-pix_fmt", "yuv420p",
                                   "-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-f", "h264", str(target)],
                                  capture_output=True, text=True)
            if done.returncode != 0:
                raise places.BenchError(f"ffmpeg cannot make {target.name}: {done.stderr.strip()[-300:]}")
    return folder / "part%d.h264", len(sources)


def sample(pid):
    """(resident, threads) of a process [KB, number]."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]), int(re.search(r"Threads:\s+(\d+)", text)[1])


def soak(options):
    pattern, count = material()
    text = (f"multifilesrc location={pattern} index=0 start-index=0 stop-index={count - 1} loop=true caps=video/x-h264,"
            f"stream-format=byte-stream,framerate=30/1 ! h264parse ! avdec_h264 ! {options.graph} "
            "! x264enc speed-preset=ultrafast ! fpsdisplaysink name=count text-overlay=false signal-fps-measurements=false "
            "video-sink=fakesink sync=false")
    samples, log = [], places.WORK / "soak" / "run.log"
    started = time.monotonic()
    with open(log, "w", encoding="utf-8") as words:
        process = subprocess.Popen(["gst-launch-1.0", "-v", *shlex.split(text)], stdout=words, stderr=subprocess.STDOUT,
                                   env=places.product_env(options.build))
        try:
            while time.monotonic() - started < options.minutes * 60:
                time.sleep(options.every)
                if process.poll() is not None:
                    raise places.BenchError(f"the pipeline ended early: {log.read_text()[-500:]}")
                samples.append([round(time.monotonic() - started, 1), *sample(process.pid)])
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    rendered = re.findall(r"rendered: (\d+)", log.read_text(errors="replace"))
    return samples, int(rendered[-1]) if rendered else None


def main():
    options = arguments()
    samples, frames = soak(options)
    after = [row for row in samples if row[0] > WARM * options.minutes * 60]
    if len(after) < 10:
        raise places.BenchError("too short to fit a line: at least ten samples after the warm-up")
    minutes, resident = np.array([row[0] / 60 for row in after]), np.array([row[1] for row in after])
    slope, _ = np.polyfit(minutes, resident, 1)
    half = len(after) // 2
    result = {"commit": places.commit(), "date": datetime.date.today().isoformat(), "machine": places.machine(),
              "graph": options.graph, "minutes": options.minutes, "frames": frames, "slope_kb_a_minute": round(float(slope), 1),
              "median_first_half_kb": int(np.median(resident[:half])), "median_second_half_kb": int(np.median(resident[half:])),
              "highest_kb": int(max(row[1] for row in samples)), "threads": sorted({row[2] for row in after}),
              "seconds_kb_threads": samples}
    good = slope <= BAR
    folder = pathlib.Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "soak.json").write_text(json.dumps(result) + "\n")
    text = markdown(result, good)
    (folder / "soak.md").write_text(text)
    print(text)
    return 0 if good else 1


def markdown(result, good):
    m, step = result["machine"], max(1, len(result["seconds_kb_threads"]) // 20)
    lines = ["# Ten minutes without rest" if result["minutes"] == 10 else f"# {result['minutes']} minutes without rest", "",
             f"Commit {result['commit']}, {result['date']}, {m['cpu']}, {m['cores']} cores. `{result['graph']}` in one process, "
             f"clips of changing size in a loop, {result['frames']} frames.", "",
             f"Resident memory after the first fifth: {result['slope_kb_a_minute']} KB a minute (bar {BAR}: "
             f"{'held' if good else '**not held**'}); median of the first half {result['median_first_half_kb'] // 1024} MB, of "
             f"the second {result['median_second_half_kb'] // 1024} MB; highest {result['highest_kb'] // 1024} MB; threads "
             f"{result['threads'][0]}-{result['threads'][-1]}.", "", "| s | MB |", "|---|---|"]
    lines += [f"| {row[0]:.0f} | {row[1] / 1024:.1f} |" for row in result["seconds_kb_threads"][::step]]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (places.BenchError, FileNotFoundError) as problem:
        print(f"bench/soak/run: {problem}", file=sys.stderr)
        sys.exit(2)
