"""Whether a batch survives what happens to computers: bench/archive/run --help."""
import argparse
import datetime
import pathlib
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1]), str(pathlib.Path(__file__).resolve().parent)]

from benchlib import parts, places  # noqa: E402

import batch  # noqa: E402
import faults  # noqa: E402
import load  # noqa: E402
import long  # noqa: E402
import slow  # noqa: E402

PARTS = ("kills", "full", "clock", "vanish", "slow", "hours", "lapse", "large", "memory", "parts")
TITLES = {"kills": "## Kills", "full": "## Full disks", "clock": "## Clock", "vanish": "## Inputs that go away",
          "slow": "## Inputs on a slow network", "hours": "## Two hours in one file", "lapse": "## Two hours, few frames", "large": "## Large files", "memory": "## Memory and time of one run",
          "parts": "## Parts"}


def arguments():
    parser = argparse.ArgumentParser(prog="bench/archive/run", description="Runs batches of real clips, disturbs them, and compares every result byte by byte with an "
                                     "undisturbed run. Exit status 0 when nothing was lost, half or done twice.")
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help=f"what to measure (default: {' '.join(PARTS)})")
    parser.add_argument("--kills", type=int, default=20, help="how many (default 20)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default 1)")
    parser.add_argument("--methods", default="mask,swap", help="for memory (default mask,swap)")
    parser.add_argument("--fps", type=float, default=9, help="for hours (default 9; below 8.7, each frame is searched as thoroughly as a scene's first)")
    parser.add_argument("--burst", type=int, default=0, help="for hours: this many frames in each minute, then none until the next (default 0: no gaps)")
    parser.add_argument("--frames", type=int, default=1400, help="of the large file (default 1400)")
    parser.add_argument("--endings", default="mp4,mov,mkv", help="containers, for lapse and large (default mp4,mov,mkv)")
    parser.add_argument("--build", default=str(places.ROOT / "build" / "release"), help="build directory")
    parser.add_argument("--out", default=str(places.RESULTS), help="folder of archive.json and archive.md")
    return parser.parse_args()


def table(rows):
    return ["| what happens | what comes of it | good |", "|---|---|---|", *[f"| {what} | {result} | {'yes' if good else '**NO**'} |" for what, result, good in rows]]


def memory_lines(rows):
    return ["| method | size | greatest resident set [MB] | CPU a frame [ms] |", "|---|---|---|---|",
            *[f"| {r['method']} | {r['width']} x {r['height']} | {r['mb']} | {r['cpu_ms_a_frame']} |" for r in rows],
            "", "72 frames with one face. CPU includes loading the networks."]


def parts_lines(rows):
    lines = ["| parts | CPU of all parts / of the whole | longest part, CPU [s] | whole, CPU [s] |", "|---|---|---|---|"]
    lines += [f"| {r['parts']} | {r['parts_cpu'] / r['whole_cpu']:.3f} | {r['longest_cpu']:.1f} | {r['whole_cpu']:.1f} |" for r in rows]
    return lines + ["", "The parts ran one after the other on one processor: CPU beyond the whole is what parts cost, mostly the loading of "
                    f"networks: {max((r['parts_cpu'] - r['whole_cpu']) / (r['parts'] - 1) for r in rows):.1f} s for each further part. How evenly parts are filled depends on the number "
                    "of videos."]


def measure(part, options, folder):
    """(section without title, what was measured, good)"""
    if part == "memory":
        rows = load.memory(folder, options.build, options.methods.split(","))
        return memory_lines(rows), rows, True
    if part in ("hours", "lapse", "large"):
        folder.mkdir(parents=True)
        rows = {"hours": lambda: long.hours(folder, options.build, options.fps, ["mp4"], options.burst), "lapse": lambda: long.hours(folder, options.build, .05, options.endings.split(",")),
                "large": lambda: long.large(folder, options.build, options.frames, options.endings.split(","))}[part]()
        return table(rows), rows, all(good for *_, good in rows)
    clips = 12 if part == "parts" else 6
    b = batch.Batch(folder, options.build, clips, 6.0 if part == "parts" else 1.0)
    b.run_is_over = False
    if part == "parts":
        rows = [load.parts(b, count) for count in (2, 4)]
        return parts_lines(rows), rows, all(row["whole_cpu"] / row["parts_cpu"] >= .9 for row in rows)
    rows = {"kills": lambda: faults.kills(b, options.kills, options.seed), "full": lambda: faults.full_disks(b), "clock": lambda: faults.clock(b),
            "vanish": lambda: faults.vanish(b), "slow": lambda: slow.slow(b)}[part]()
    return table(rows), rows, all(good for *_, good in rows)


def main():
    options = arguments()
    all_good = True
    for part in options.part or PARTS:
        m = places.machine()
        with tempfile.TemporaryDirectory(prefix="deid-archive-") as folder:
            lines, measured, good = measure(part, options, pathlib.Path(folder) / "batch")
        facts = {"commit": places.commit(), "date": datetime.date.today().isoformat(), "machine": m, "good": good}
        head = f"Commit {facts['commit']}, {facts['date']}, {m['cpu']}, {m['cores']} cores, load at the start {m['load_at_start']}. `bench/archive/run {part}`."
        kept = parts.Parts(pathlib.Path(options.out), "archive", "Batches that are disturbed", PARTS)  # read now: another part may have ended meanwhile
        kept.put(part, facts, measured, [TITLES[part], "", head, "", *lines])
        print("\n".join([TITLES[part], *lines]), flush=True)
        all_good = all_good and good
    return 0 if all_good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except places.BenchError as problem:
        print(f"bench/archive/run: {problem}", file=sys.stderr)
        sys.exit(2)
