"""COCO's keypoint measure against pycocotools: bench/oks/run --help."""
import argparse
import datetime
import json
import pathlib
import random
import resource
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from benchlib import places  # noqa: E402

PYCOCO = pathlib.Path(__file__).with_name("pycoco.py")
BAR = 20  # times faster


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/oks/run", description="Scores 10,000 frames with one person each with `deid oks` and with pycocotools 2.0.11, "
        "looks whether both say the same (1e-9, identical matches), then measures CPU time of the whole processes, taking turns. "
        "Exit status 0 when deid is at least 20 times faster. Files: bench/cache/oks/.")
    parser.add_argument("--build", default=str(places.ROOT / "build" / "release"), help="build directory")
    parser.add_argument("--frames", type=int, default=10000, help="default 10000")
    parser.add_argument("--rounds", type=int, default=7, help="default 7; the medians are compared")
    parser.add_argument("--out", default=str(places.RESULTS), help="folder of oks.json and oks.md")
    return parser.parse_args()


def make_input(folder, frames):
    """One person a frame, 17 points, the detection some px off; numbers as COCO's exporters write them."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(1)
    images, truths, found = [], [], []
    for frame in range(1, frames + 1):
        points = [(round(640 + draw.gauss(0, 60), 3), round(360 + draw.gauss(0, 120), 3)) for _ in range(17)]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
        images.append({"id": frame, "width": 1280, "height": 720})
        truths.append({"id": frame, "image_id": frame, "category_id": 1, "iscrowd": 0, "num_keypoints": 17, "bbox": box,
                       "area": box[2] * box[3], "keypoints": [n for x, y in points for n in (x, y, 2)]})
        off = draw.choice((2, 4, 8, 16))
        found.append({"image_id": frame, "category_id": 1, "score": draw.random(),
                      "keypoints": [n for x, y in points for n in (round(x + draw.gauss(0, off), 3), round(y + draw.gauss(0, off), 3),
                                                                   round(draw.uniform(.5, 1), 6))]})
    gt, dt = folder / "gt.json", folder / "dt.json"
    gt.write_text(json.dumps({"images": images, "annotations": truths, "categories": [{"id": 1, "name": "person"}]}))
    dt.write_text(json.dumps(found))
    return gt, dt


def check_equal(ours, theirs):
    """The largest difference. Raises BenchError when the two results differ."""
    if len(ours["oks"]) != len(theirs["oks"]) or len(ours["matches"]) != len(theirs["matches"]):
        raise places.BenchError("deid and pycocotools do not look at the same images")
    worst = max(abs(a - b) for a, b in zip(ours["stats"], theirs["stats"]))
    for image in ours["oks"]:
        rows = theirs["oks"][str(image["image_id"])]
        worst = max([worst] + [abs(a - b) for mine, other in zip(image["oks"], rows) for a, b in zip(mine, other)])
    for image in ours["matches"]:
        other = theirs["matches"][str(image["image_id"])]
        if any(image[name] != other[name] for name in other):
            raise places.BenchError(f"deid and pycocotools match differently in image {image['image_id']}")
    if worst > 1e-9:
        raise places.BenchError(f"deid and pycocotools differ by {worst:g}")
    return worst


def said_by(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise places.BenchError(f"{pathlib.Path(str(command[0])).name} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def spent(command):
    """CPU seconds of a command, finer than the clock ticks of os.times()."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(gt, dt, deid, rounds):
    """{name: [CPU s]} of whole processes, and of pycocotools without its imports."""
    commands = {"deid oks": [deid, "oks", "--gt", gt, "--dt", dt], "deid oks --json": [deid, "oks", "--gt", gt, "--dt", dt, "--json"],
                "pycocotools": [sys.executable, PYCOCO, gt, dt]}
    times = {name: [] for name in (*commands, "pycocotools without imports")}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(spent(command))
        times["pycocotools without imports"].append(float(said_by(commands["pycocotools"])))
    return times


def main():
    options = arguments()
    deid = places.need(pathlib.Path(options.build) / "bin" / "deid", "build the project first (meson-free-scripts/build)")
    machine = places.machine()
    folder = places.WORK / "oks"
    gt, dt = make_input(folder, options.frames)
    ours = json.loads(said_by([deid, "oks", "--gt", gt, "--dt", dt, "--json"]))
    said_by([sys.executable, PYCOCO, gt, dt, folder / "pycoco.json"])
    worst = check_equal(ours, json.loads((folder / "pycoco.json").read_text()))
    times = measure(gt, dt, deid, options.rounds)
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratios = {name: medians[name_of] / medians[own] for name, name_of, own in (
        ("table", "pycocotools", "deid oks"), ("json", "pycocotools", "deid oks --json"),
        ("json, pycocotools without imports", "pycocotools without imports", "deid oks --json"))}
    result = {"commit": places.commit(), "date": datetime.date.today().isoformat(), "machine": machine, "frames": options.frames,
              "rounds": options.rounds, "worst_difference": worst, "cpu_s": times, "median_cpu_s": medians, "times_faster": ratios,
              "bar": BAR, "stats": ours["stats"]}
    text = markdown(result)
    print(text)
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "oks.json").write_text(json.dumps(result, indent=1) + "\n")
    (out / "oks.md").write_text(text)
    return 0 if min(ratios.values()) >= BAR else 1


def markdown(r):
    lines = ["# COCO's keypoint measure", "", f"{r['frames']} frames with one person each, scored {r['rounds']} times in turn, whole "
             f"processes, JSON and all. Both say the same: largest difference {r['worst_difference']:.1e}, all matches identical.",
             f"Commit {r['commit']}, {r['date']}, {r['machine']['cpu']}, {r['machine']['cores']} cores, load "
             f"{r['machine']['load_at_start']} at the start. Made by `bench/oks/run`.", "", "| program | median CPU s | least | most |",
             "|---|---|---|---|"]
    lines += [f"| {name} | {r['median_cpu_s'][name]:.3f} | {min(values):.3f} | {max(values):.3f} |" for name, values in r["cpu_s"].items()]
    lines += ["", "| deid oks is faster by | times | bar |", "|---|---|---|"]
    lines += [f"| {name} | {value:.1f} | {r['bar']} |" for name, value in r["times_faster"].items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except places.BenchError as problem:
        print(f"bench/oks/run: {problem}", file=sys.stderr)
        sys.exit(2)
