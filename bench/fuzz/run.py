"""Do damaged and hostile files end in a sentence: bench/fuzz/run --help."""
import argparse
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from benchlib import kept, places  # noqa: E402

TARGETS = {"nifti_fuzz": "scans: NIfTI files, packed or not", "keypoint_files_fuzz": "OpenPose JSON, COCO JSON and JSON lines of keypoints", "descriptor_fuzz": "dlib's file of weights",
           "autoencoder_fuzz": "header and tensors of a trained model"}
BUILD = places.ROOT / "build" / "fuzz"


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/fuzz/run", description="Builds the preset fuzz (clang, libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer) "
        "and feeds the readers of files for a while. Exit status 0 when nothing crashed, hung or leaked. Corpora are kept in "
        "bench/cache/fuzz, so that the next run begins where this one ended.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"{', '.join(TARGETS)} (default: all)")
    parser.add_argument("--minutes", type=float, default=10, help="of each (default 10)")
    parser.add_argument("--out", default=str(places.RESULTS), help="folder of fuzz.json and fuzz.md")
    return parser.parse_args()


def build(targets):
    for command in (["cmake", "--preset", "fuzz", "-DDEID_TESTS=OFF"], ["ninja", "-C", str(BUILD), *targets]):
        done = subprocess.run(command, cwd=places.ROOT, capture_output=True, text=True)
        if done.returncode != 0:
            raise places.BenchError(f"{' '.join(command)} failed: {(done.stdout + done.stderr)[-600:]}")


def fuzz(target, minutes):
    corpus = places.WORK / "fuzz" / target
    corpus.mkdir(parents=True, exist_ok=True)
    log = corpus.with_suffix(".log")
    with open(log, "w", encoding="utf-8") as words:
        status = subprocess.run([str(BUILD / "tests" / "fuzz" / target), f"-max_total_time={int(minutes * 60)}", "-print_final_stats=1",
                                 f"-artifact_prefix={corpus.parent}/{target}-", str(corpus), str(places.ROOT / "tests" / "fuzz" / "seeds")],
                                stdout=words, stderr=subprocess.STDOUT).returncode
    text = log.read_text(errors="replace")
    runs = re.findall(r"stat::number_of_executed_units:\s+(\d+)", text)
    covered = re.findall(r"cov: (\d+)", text)
    return {"target": target, "reads": TARGETS[target], "minutes": minutes, "runs": int(runs[-1]) if runs else None,
            "covered": int(covered[-1]) if covered else None, "clean": status == 0,
            "finding": "" if status == 0 else (re.findall(r"SUMMARY: .*", text) or [f"exit status {status}"])[-1]}


def markdown(rows):
    lines = ["# Damaged and hostile files", "", "Made by `bench/fuzz/run`, each row at its own commit.", "",
             "| target | reads | minutes | inputs | edges covered | clean | commit, date, machine |", "|---|---|---|---|---|---|---|"]
    lines += [f"| {r['target']} | {r['reads']} | {r['minutes']:g} | {r['runs']} | {r['covered']} | {'yes' if r['clean'] else '**no**: ' + r['finding']} | "
              f"{kept.by(r)} |" for r in rows]
    return "\n".join(lines) + "\n"


def main():
    options = arguments()
    unknown = [name for name in options.targets if name not in TARGETS]
    if unknown:
        raise places.BenchError(f"{unknown[0]} is none of {', '.join(TARGETS)}")
    wanted = options.targets or list(TARGETS)
    build(wanted)
    made = kept.made()
    rows = [{**fuzz(name, options.minutes), **made} for name in wanted]
    kept.keep(pathlib.Path(options.out), "fuzz", "target", rows, markdown)
    print(markdown(rows))
    return 0 if all(row["clean"] for row in rows) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except places.BenchError as problem:
        print(f"bench/fuzz/run: {problem}", file=sys.stderr)
        sys.exit(2)
