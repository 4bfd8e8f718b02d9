"""What identitymeter costs in a chain, and what measuring every nth frame leaves out: bench/identity/run --help."""
import argparse
import datetime
import json
import pathlib
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from benchlib import places, spend, tables  # noqa: E402

SIZE, RATE, FRAMES = (1280, 720), 30, 300
LIVE = 5      # frames: the element's default for a live source
BAR = 5       # CPU ms a frame in a live chain at 720p30
INTERVALS = (1, 2, LIVE, 10)
DETECT, COVER = "deidfacedetect", "deidfaceblur"


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/identity/run", description="CPU time that identitymeter (both stages) adds to decode ! facedetect ! faceblur at "
        "1280x720, by interval; and the figures it gives of a swap by interval. About 10 minutes on 2 cores.")
    parser.add_argument("--build", default=str(places.ROOT / "build" / "release"), help="build directory with our plugins")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each command; the median counts (default 3)")
    parser.add_argument("--note", default="", help="a sentence that the table carries, e.g. what else ran")
    parser.add_argument("--out", default=str(places.RESULTS), help="folder of identity.json and identity.md")
    return parser.parse_args()


def material():
    """{name: (clip, its first two frames, what)}: 300 frames of 1280x720 at 30 a second, made once."""
    folder = places.WORK / "identity"
    folder.mkdir(parents=True, exist_ok=True)
    woman = places.need(places.DEPS / "footage" / "WolfgangLanger_Pexels.mp4", "run meson-free-scripts/setup")
    signs = sorted((places.SHARED / "data" / "intel_asl").glob("*.mkv"))
    if len(signs) < 2:
        raise places.BenchError("the sign-language clips are needed: put the footage beside the repository as ../shared")
    width, height = SIZE
    half = f"scale=-2:{height},crop={width // 2}:{height}"
    made = {
        "close-up": (["-i", woman], f"scale={width}:{height}:flags=bicubic", "one face that fills the picture, about 500 px"),
        "signer": (["-stream_loop", "9", "-i", signs[0]], f"scale=-2:{height},pad={width}:{height}:(ow-iw)/2", "one face of about 150 px"),
        "two faces": (["-stream_loop", "9", "-i", signs[0], "-stream_loop", "9", "-i", signs[-1]],
                        f"[0]{half}[a];[1]{half}[b];[a][b]hstack", "the signer twice, two faces of about 150 px and now and then the skull on his shirt"),
    }
    return {name: (*_make(folder / name.replace(" ", "-"), words, graph), what) for name, (words, graph, what) in made.items()}


def _make(stem, words, graph):
    clips = []
    for count in (FRAMES, 2):
        path = stem.with_name(f"{stem.name}-{count}.mp4")
        if not path.exists():
            part = path.with_name("part." + path.name)
            command = ["ffmpeg", "-v", "error", "-y", *words, "-filter_complex", f"{graph},setpts=N/{RATE}/TB", "-r", RATE, "-frames:v", count,
                       "-c:v", "libx264", "-preset", "fast", "-crf", "18", "-pix_fmt", "yuv420p", "-an", part]
            done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
            if done.returncode != 0:
                raise places.BenchError(f"ffmpeg cannot make {path.name}: {done.stderr.strip()[-300:]}")
            part.rename(path)
        clips.append(path)
    return clips


def chain(clip, interval, cover=COVER, report=None):
    """The command; interval None: without the meter."""
    head, tail = [f"filesrc location={clip}", "decodebin", DETECT], ["fakesink sync=false"]
    if interval is None:
        return spend.launch(*head, cover, *tail)
    meter = f"deididentitymeter interval={interval}" + (f" location={report}" if report else "")
    return spend.launch(*head, f"deididentitymeter stage=original interval={interval}", cover, meter, *tail)


def cost(clips, env, repeat):
    """CPU ms a frame that the meter adds. Runs with and without it alternate; the costs of the start are subtracted."""
    rows = []
    for name, (clip, start, _) in clips.items():
        spent = {interval: [] for interval in (None, *INTERVALS)}
        for _ in range(repeat):
            for interval, runs in spent.items():
                runs.append(spend.run(chain(clip, interval), env)[0] - spend.run(chain(start, interval), env)[0])
        frame = {interval: 1000 * statistics.median(runs) / (FRAMES - 2) for interval, runs in spent.items()}
        for interval in INTERVALS:
            rows.append({"clip": name, "interval": interval, "without_ms": round(frame[None], 2), "with_ms": round(frame[interval], 2),
                         "meter_ms": round(frame[interval] - frame[None], 2)})
            print(f"{name:12} every {interval:2}: {rows[-1]['meter_ms']:6.2f} CPU ms a frame", flush=True)
    return rows


def figures(clips, env):
    """The meter's results for a swap when it measures only every nth frame."""
    rows = []
    for name, (clip, _, _) in clips.items():
        for interval in INTERVALS:
            report = places.WORK / "identity" / "report.json"
            spend.run(chain(clip, interval, "deidfaceswap", report), env)
            said = json.loads(report.read_text())
            found = said["distances"].get("swapped", {}).get("to_original", {"count": 0, "mean": None, "sd": None, "min": None,
                                                                             "share_above_threshold": None})
            rows.append({"clip": name, "interval": interval, "frames": said["counts"]["measured"], **{
                key: found[key] for key in ("count", "mean", "sd", "min", "share_above_threshold")}})
            print(f"{name:12} every {interval:2}: {found['count']} faces, mean {found['mean']}, min {found['min']}", flush=True)
    return rows


def report(results):
    clips = {name: what for name, what in results["clips"].items()}
    held = {f"{BAR} CPU ms a frame in a live chain at 720p30, {row['clip']} ({row['meter_ms']:.2f})": row["meter_ms"] <= BAR
            for row in results["cost"] if row["interval"] == LIVE}
    machine = results["machine"]
    number = lambda value, digits=3: "n/a" if value is None else f"{value:.{digits}f}"  # noqa: E731
    lines = ["# identitymeter: what it costs", "", f"`bench/identity/run`, {results['date']}, commit {results['commit']}; {machine['cpu']}, {machine['cores']} cores, "
             f"load at the start {machine['load_at_start']}. {results['note']}".rstrip(), "", *tables.bars(held),
             "CPU time of the whole process, user and system, with and without both stages of the meter in `decodebin ! deidfacedetect ! deidfaceblur`,",
             f"{SIZE[0]}x{SIZE[1]}, {FRAMES} frames, median of {results['repeat']} runs that take turns; two frames' runs are taken off both, so that starting does not count. Live, every {LIVE}th "
             "frame is measured unless something else is asked for; files are measured frame by frame.", "",
             "| clip | measured | without [ms a frame] | with | the meter |", "|---|---|---|---|---|",
             *(f"| {row['clip']}: {clips[row['clip']]} | every {row['interval']}. | {row['without_ms']:.2f} | {row['with_ms']:.2f} | {row['meter_ms']:.2f} |" for row in results["cost"]), "",
             "## What is left out between", "", "The same clips swapped (`deidfaceswap`), distance to the own original. The frames that are left out are what the choice of an interval risks: "
             "compare min and share.", "", "| clip | measured | frames | swapped faces | mean | sd | min | share > .6 |", "|---|---|---|---|---|---|---|---|",
             *(f"| {row['clip']} | every {row['interval']}. | {row['frames']} | {row['count']} | {number(row['mean'])} | {number(row['sd'])} | {number(row['min'])} | {number(row['share_above_threshold'])} |"
               for row in results["figures"]), ""]
    return "\n".join(lines)


def main():
    options = arguments()
    env = places.product_env(options.build)
    clips = material()
    results = {"date": datetime.date.today().isoformat(), "commit": places.commit(), "machine": places.machine(), "note": options.note, "repeat": options.repeat,
               "clips": {name: what for name, (_, _, what) in clips.items()}, "figures": figures(clips, env), "cost": cost(clips, env, options.repeat)}
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "identity.json").write_text(json.dumps(results, indent=1) + "\n")
    (out / "identity.md").write_text(report(results))
    print(f"written: {places.shown(out / 'identity.md')}")


if __name__ == "__main__":
    try:
        main()
    except places.BenchError as error:
        sys.exit(f"bench/identity: {error}")
