"""Is the movement still there? bench/pose/run --help."""
import argparse
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from benchlib import parts, places, tables  # noqa: E402
import cost  # noqa: E402
import keypoints  # noqa: E402
import people  # noqa: E402
import table2  # noqa: E402
import tremor  # noqa: E402

# name: (measure, markdown, bars that hold or not)
PARTS = {
    "table2": (table2.measure, table2.markdown, table2.held),
    "tremor": (tremor.measure, tremor.markdown, tremor.held),
    "coco": (people.coco, people.coco_markdown, None),
    "cost": (cost.measure, cost.markdown, cost.held),
    "ids": (people.ids, people.ids_markdown, None),
    "agreement": (people.agreement, people.agreement_markdown, None),
}


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/pose/run", description="What posedetect and oksmeter are worth. table2: keypoints of masked, blurred and pixelated videos "
        "against the original's, with the noise floor. tremor: one of known frequency and amplitude. coco: annotated images, MediaPipe "
        "beside. cost: CPU a frame, MediaPipe beside; wants a quiet machine. ids: how long they last. agreement: posedetect against "
        "MediaPipe, clip by clip. Parts that are not named keep the results they have. MediaPipe is installed once, into "
        "build/mediapipe-venv. Exit status 0 when every bar of the parts that ran holds, 1 when one does not.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{' '.join(PARTS)} (default: all)")
    parser.add_argument("--build", type=pathlib.Path, default=places.ROOT / "build" / "release", help="build directory")
    parser.add_argument("--clips", default="", help="table2, ids: only clips whose name has one of these words (a,b,c); says so in the result")
    parser.add_argument("--networks", nargs="+", choices=list(keypoints.NETWORKS), default=list(keypoints.NETWORKS), help="of table2")
    parser.add_argument("--repeat", type=int, default=3, help="runs of cost (default 3)")
    parser.add_argument("--tests", type=pathlib.Path, help="posedetect_clips_test for agreement (default: the build directory's)")
    parser.add_argument("--fresh", action="store_true", help="make keypoints anew that bench/cache/pose has from the same plug-ins")
    parser.add_argument("--out", type=pathlib.Path, default=places.RESULTS, help="folder of pose.json and pose.md; what was measured in full goes to bench/cache/results")
    options = parser.parse_args()
    for name in options.parts:
        if name not in PARTS:
            parser.error(f"no part {name}; there are {' '.join(PARTS)}")
    if options.repeat < 1:
        parser.error("--repeat must be at least 1")
    options.parts = options.parts or list(PARTS)
    return options


def main():
    options = arguments()
    maker = keypoints.Maker(options.build, options.fresh)
    results = parts.Parts(options.out, "pose", "Is the movement still there?", PARTS)
    missed = []
    for name in (name for name in PARTS if name in options.parts):
        measure, text, held = PARTS[name]
        head = {"commit": places.commit(), "date": datetime.date.today().isoformat(), "machine": places.machine(),
                "command": command(name, options)}
        measured = measure(maker, options)
        bars = held(measured) if held else {}
        missed += [f"{name}: {bar}" for bar, good in bars.items() if not good]
        # Written after each part, so that a failure of the last one loses nothing.
        results.put(name, {**head, "bars": bars}, measured, section(head, bars, text(measured)))
    print(results.text(options.parts))
    for bar in missed:
        print(f"does not hold: {bar}", file=sys.stderr)
    return 1 if missed else 0


def command(name, options):
    """The command line of one part, without paths of this machine."""
    words = ["bench/pose/run", name]
    if name in ("table2", "ids") and options.clips:
        words += ["--clips", options.clips]
    if name == "table2" and len(options.networks) < len(keypoints.NETWORKS):
        words += ["--networks", *options.networks]
    return " ".join(words + (["--repeat", str(options.repeat)] if name == "cost" else []))


def section(head, bars, lines):
    """The lines of a part with how it was made below the title, and the bars at the end."""
    m = head["machine"]
    title, *rest = lines
    made = (f"Commit {head['commit']}, {head['date']}, {m['cpu']}, {m['cores']} cores, load at start {m['load_at_start']}, "
            f"GStreamer {m['gstreamer']}. Made by `{head['command']}`.")
    return [title, "", made, *rest, "", *tables.bars(bars)]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except places.BenchError as problem:
        print(f"bench/pose/run: {problem}", file=sys.stderr)
        sys.exit(2)
