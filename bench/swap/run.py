"""Is the swapped face somebody else, and does it still move as the person did? bench/swap/run --help."""
import argparse
import dataclasses
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pose"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from benchlib import clips, parts, places, tables  # noqa: E402
import curve  # noqa: E402
import face  # noqa: E402
import identity  # noqa: E402
import movement  # noqa: E402
import others  # noqa: E402
import report  # noqa: E402
import shares  # noqa: E402
import sheets  # noqa: E402
import timing  # noqa: E402
import under_test  # noqa: E402

# name: (measure, markdown, bars that hold or not)
PARTS = {
    "make": (shares.measure, report.made, shares.held),
    "identity": (identity.measure, report.who, identity.held),
    "others": (others.measure, report.found_by_others, others.held),
    "curve": (curve.measure, report.curved, None),
    "keypoints": (movement.measure, report.moved, movement.held),
    "witness": (movement.witness, report.witnessed, None),
    "face": (face.measure, report.faced, face.held),
    "stability": (face.measure, report.stable, face.stability_held),
    "sheets": (sheets.measure, report.drawn, None),
    "cost": (timing.measure, report.costs, timing.held),
}
MOVING = ("curve", "keypoints", "witness", "stability")  # parts that need more than one frame
WITNESSES = ("intel_asl/walk.mkv", "intel_asl/book.mkv", "intel_asl/again.mkv", "intel_asl/bird.mkv")


@dataclasses.dataclass(frozen=True)
class Bench:
    """The input of all parts."""
    settings: under_test.Settings
    fresh: bool
    repeat: int
    live_frames: int
    values: tuple


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/swap/run", description="Swaps the faces of every clip and measures what is left of the person and what of the movement. "
        "make: the videos, and how many faces are swapped. identity: dlib's descriptor, ROC, rank 1. others: rank 1 by three recognisers that no code here uses. curve: rank 1 against geometry. keypoints: "
        "posedetect before and after. witness: MediaPipe Pose on four clips. face: mesh, mouth, lids, gaze. stability: second temporal difference. sheets: pictures "
        "to look at. cost: CPU, live latency; wants a quiet machine. Parts and clips that are not named keep the results they have. What was made "
        "is kept in bench/cache/swap by the content of plug-in, targets, settings and clip. Exit status 0 when every bar of the parts that "
        "ran holds, 1 when one does not.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{' '.join(PARTS)} (default: all but curve and cost)")
    parser.add_argument("--build", type=pathlib.Path, default=places.ROOT / "build" / "release", help="build directory")
    parser.add_argument("--target", help="target file, or several joined by ':' (default: the element's own choice, or the first of the bank)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="words", help="a property of faceswap; may be repeated")
    parser.add_argument("--clips", default="", help="only clips whose name has one of these words (a,b,c); the others keep their rows")
    parser.add_argument("--values", type=float, nargs="+", help="geometries of curve (default 0 .25 .5 .75 1)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of cost (default 3)")
    parser.add_argument("--live-frames", type=int, default=900, help="frames of each live measurement (default 900)")
    parser.add_argument("--fresh", action="store_true", help="make anew what the cache has")
    parser.add_argument("--out", type=pathlib.Path, default=places.RESULTS, help="folder of swap.json and swap.md; what was measured in full goes to bench/cache/results")
    options = parser.parse_args()
    for name in options.parts:
        if name not in PARTS:
            parser.error(f"no part {name}; there are {' '.join(PARTS)}")
    options.parts = options.parts or [name for name in PARTS if name not in ("curve", "cost")]
    return options


def chosen_clips(options):
    """Every clip with people, stills too. No picture is left out for being small or turned away."""
    words = [word for word in options.clips.split(",") if word]
    # One of the two clips of set-up is also in the shared data.
    real = {clip.digest(): clip for clip in reversed(clips.real())}.values()
    found = [clip for clip in reversed(real) if not words or any(word in clip.name for word in words)]
    if not found:
        raise places.BenchError("no clip has such a name")
    return found


def of_part(name, found):
    """The clips of a part."""
    if name in MOVING:
        found = [clip for clip in found if clip.group != "stills"]
    if name == "witness":
        found = [clip for clip in found if clip.name in WITNESSES]
    return found


def main():
    options = arguments()
    settings = under_test.chosen(options.build, options.target, options.words)
    bench = Bench(settings, options.fresh, options.repeat, options.live_frames, tuple(options.values or ()))
    results = parts.Parts(options.out, "swap", "Is the swapped face somebody else, and does it still move?", PARTS)
    found, missed = chosen_clips(options), []
    for name in (name for name in PARTS if name in options.parts):
        measure, text, held = PARTS[name]
        head = {"commit": places.commit(), "date": datetime.date.today().isoformat(), "machine": places.machine(), "swap": settings.shown(),
                "key": settings.key, "command": command(name, options)}
        mine = of_part(name, with_kept(name, options, results.facts(name), settings, found))
        measured = measure(bench, mine)
        bars = held(measured) if held else {}
        facts = {**head, "clips": [clip.name for clip in mine], "bars": bars}
        missed += [f"{name}: {bar}" for bar, good in bars.items() if not good]
        # Written after each part, so that a failure of the last one loses nothing.
        results.put(name, facts, measured, section(facts, text(measured)))
    print(results.text(options.parts))
    for bar in missed:
        print(f"does not hold: {bar}", file=sys.stderr)
    return 1 if missed else 0


def with_kept(name, options, before, settings, found):
    """The clips to measure. With --clips it adds those measured before with the very same swap, which are in the cache, so
    that pooled figures include all of them."""
    if not options.clips or not before or before.get("key") != settings.key or name == "cost":
        return found
    names = {clip.name for clip in found} | set(before["clips"])
    return [clip for clip in clips.real() if clip.name in names]


def command(name, options):
    """The command line of one part, without paths of this machine."""
    words = ["bench/swap/run", name, *(["--clips", options.clips] if options.clips and name != "cost" else [])]
    words += [word for pair in options.words for word in ("--set", pair)]
    if options.target:
        words += ["--target", ":".join(pathlib.Path(target).name for target in options.target.split(":"))]
    return " ".join(words + (["--repeat", str(options.repeat)] if name == "cost" else []))


def section(facts, lines):
    """The lines of a part with how it was made below the title, and the bars at the end."""
    m = facts["machine"]
    title, *rest = lines
    made = (f"`{facts['swap']}` at commit {facts['commit']}, {facts['date']}, {m['cpu']}, {m['cores']} cores, load at start {m['load_at_start']}, "
            f"GStreamer {m['gstreamer']}; {len(facts['clips'])} clips. Made by `{facts['command']}`.")
    return [title, "", made, *rest, "", *tables.bars(facts["bars"])]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except places.BenchError as problem:
        print(f"bench/swap/run: {problem}", file=sys.stderr)
        sys.exit(2)
