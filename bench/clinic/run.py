"""Looks which faces of clinical pictures and clips are covered: bench/clinic/run --help."""
import argparse
import collections
import json
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cv2  # noqa: E402

from benchlib import places  # noqa: E402
import siblings  # noqa: E402

TRUTH = pathlib.Path(__file__).with_name("truth.json")
COVERED = .8  # least share of a face's box that covers must contain
NEAR = .3     # least share of a cover on a known face or head; or share of it on a place that is not judged
FACE = re.compile(r"x=\(uint\)(\d+), y=\(uint\)(\d+), width=\(uint\)(\d+), height=\(uint\)(\d+)")


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/clinic/run",
        description="Plays each picture and clip of bench/clinic/truth.json through facedetect and counts which of the faces "
                    "that somebody saw in it are covered; the pictures also turned, darkened, made smaller, cropped and veiled.",
        epilog="Writes bench/results/clinic.md and clinic.json. Exit status: 0, or 2 when the bench could not run.")
    parser.add_argument("--before", metavar="BUILD", help="a build directory of another state, to compare with")
    parser.add_argument("--heads", action="append", metavar="heads=MODE", help="these settings (default: facing and all)")
    parser.add_argument("--build", default=str(places.ROOT / "build" / "release"), help="build directory with our plugins")
    parser.add_argument("--only", metavar="TEXT", help="only pictures whose name holds TEXT")
    parser.add_argument("--originals", action="store_true", help="leave the changed pictures out")
    parser.add_argument("--out", default=str(places.RESULTS), help="folder of clinic.json and clinic.md")
    return parser.parse_args()


def play(source, properties, env):
    """Regions of each frame [(x, y, width, height), ...] and processor seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    decoder = "pngdec" if source.suffix == ".png" else "decodebin"
    done = subprocess.run(["gst-launch-1.0", "-m", "filesrc", f"location={source}", "!", decoder, "!", "videoconvert", "!",
                           "deidfacedetect", "updates=every-frame", *properties, "!", "fakesink"],
                          env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise places.BenchError(f"the pipeline failed on {source.name}: {done.stderr.strip()[-400:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = [line.replace("\\", "") for line in done.stdout.splitlines() if "(element): facedetect" in line]
    regions = [[tuple(map(int, found)) for found in FACE.findall(line)] for line in lines]
    return regions, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def common(a, b):
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, width) * max(0, height)


def judge(covers, picture):
    """Which of the faces, then which of the other heads, are covered; and covers that lie on none of them."""
    held = lambda box: any(common(cover, box) >= COVERED * box[2] * box[3] for cover in covers)
    known = picture["faces"] + picture.get("heads", []) + picture.get("unjudged", [])
    extra = [cover for cover in covers
             if not any(common(cover, box) >= NEAR * min(cover[2] * cover[3], box[2] * box[3]) for box in known)]
    return [held(box) for box in picture["faces"]], [held(box) for box in picture.get("heads", [])], len(extra)


def stills(truth, options):
    """(name, entry, change, image, truth) of each picture, then of the changed copies."""
    chosen = [entry for entry in truth["pictures"] if not options.only or options.only in entry["file"]]
    named = [(pathlib.Path(entry["file"]).stem + (f" [{entry['frame']}]" if "frame" in entry else ""), entry,
              siblings.load(places.SHARED / "data" / entry["file"], entry.get("frame", 0))) for entry in chosen]
    for name, entry, image in named:
        yield name, entry, "as it is", image, entry
    for name, entry, image in named:
        if entry.get("siblings") and not options.originals:
            for change, changed, boxes in siblings.of(image, entry):
                yield name, entry, change, changed, boxes


def contestants(options):
    now = places.product_env(options.build)
    found = {name: ([name], now) for name in options.heads or ("heads=facing", "heads=all")}
    if options.before:
        env = places.product_env(options.before)
        env["GST_REGISTRY"] += ".before"
        found = {"before": ([], env), **found}
    return found


def try_stills(truth, options, rows, keep):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "still.png"
        for name, entry, change, image, boxes in stills(truth, options):
            cv2.imwrite(str(file), image)
            row = {"name": name, "kind": entry["kind"], "change": change, "size": list(image.shape[1::-1])}
            for who, (properties, env) in contestants(options).items():
                if who == "heads=all" and (change != "as it is" or not entry.get("heads")):
                    continue  # a back is not to be found there
                regions, seconds = play(file, properties, env)
                faces, heads, extra = judge(regions[0] if regions else [], boxes)
                row[who] = {"faces": faces, "heads": heads, "extra": extra, "cpu_s": round(seconds, 2)}
            rows.append(row)
            keep()
            print(name, change, {who: row[who]["faces"] + row[who]["heads"] + [row[who]["extra"]] for who in contestants(options) if who in row}, flush=True)


def try_clips(truth, options, rows, keep):
    for entry in truth["clips"]:
        if options.only and options.only not in entry["file"]:
            continue
        row = {"name": pathlib.Path(entry["file"]).stem, "kind": entry["kind"], "frames": None}
        for who, (properties, env) in contestants(options).items():
            regions, seconds = play(places.SHARED / "data" / entry["file"], properties, env)
            judged = [judge(regions[int(n)], boxes) for n, boxes in entry["frames"].items() if int(n) < len(regions)]
            row["frames"] = len(regions)
            row[who] = {"faces": [one for faces, _, _ in judged for one in faces],
                        "heads": [one for _, heads, _ in judged for one in heads],
                        "covers": sum(map(len, regions)), "cpu_ms_a_frame": round(1000 * seconds / max(1, len(regions)), 1)}
        rows.append(row)
        keep()
        print(row, flush=True)


def share(flags):
    return f"{sum(flags)} of {len(flags)}" if flags else ""


def found(result):
    if result is None:
        return ""
    heads = f"heads {share(result['heads'])}" if result["heads"] else ""
    return ", ".join(text for text in (share(result["faces"]), heads) if text) or "-"


def markdown(stills_, clips_, names):
    """The tables: originals by kind, changed pictures by change, clips."""
    out = ["# Faces of clinical pictures", "",
           f"Made by `bench/clinic/run` on {places.commit()}; what is in each picture stands in `bench/clinic/truth.json`, "
           f"marked by looking at it. A face is found when covers hold {COVERED:.0%} of its box. Other heads are those seen from behind "
           "or nearly so. Processor time includes the start of the networks.", ""]
    out += ["## Pictures as they are", "", "| picture | kind | " + " | ".join(names) + " | extra covers | CPU s |",
            "|" + "---|" * (len(names) + 4)]
    for row in (r for r in stills_ if r["change"] == "as it is"):
        cells = [found(row.get(who)) for who in names]
        out.append(f"| {row['name']} | {row['kind']} | " + " | ".join(cells) + " | " +
                   " / ".join(str(row[who]["extra"]) for who in names if who in row) + " | " +
                   " / ".join(f"{row[who]['cpu_s']:.1f}" for who in names if who in row) + " |")
    tried = [who for who in names if who != "heads=all"]
    out += ["", "## The same pictures, changed", "", "| change | pictures | " + " | ".join(tried) + " | extra covers |",
            "|" + "---|" * (len(tried) + 3)]
    by = collections.defaultdict(list)
    for row in stills_:
        by[row["change"]].append(row)
    for change, rows in [*by.items(), ("all", stills_)]:
        cells = [share([one for row in rows for one in row[who]["faces"]]) for who in tried]
        out.append(f"| {change} | {len(rows)} | " + " | ".join(cells) + " | " +
                   " / ".join(str(sum(row[who]["extra"] for row in rows)) for who in tried) + " |")
    out += ["", "## Clips", "", "Faces and heads in the frames that are marked; covers in all frames.", "",
            "| clip | kind | frames | " + " | ".join(names) + " | covers | CPU ms a frame |", "|" + "---|" * (len(names) + 5)]
    for row in clips_:
        cells = [found(row[who]) for who in names]
        out.append(f"| {row['name']} | {row['kind']} | {row['frames']} | " + " | ".join(cells) + " | " +
                   " / ".join(str(row[who]["covers"]) for who in names) + " | " +
                   " / ".join(str(row[who]["cpu_ms_a_frame"]) for who in names) + " |")
    return "\n".join(out) + "\n"


def main():
    options = arguments()
    places.need(places.SHARED / "data" / "clinic", "this bench needs the shared footage")
    truth = json.loads(TRUTH.read_text())
    names = list(contestants(options))
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    stills_, clips_ = [], []

    def keep():
        """Writes the results so far: the bench takes long and may be stopped."""
        results = {"commit": places.commit(), "stills": stills_, "clips": clips_}
        (out / "clinic.json").write_text(json.dumps(results, indent=1) + "\n")
        (out / "clinic.md").write_text(markdown(stills_, clips_, names))

    try_stills(truth, options, stills_, keep)
    try_clips(truth, options, clips_, keep)
    print(f"written: {places.shown(out / 'clinic.md')}")


if __name__ == "__main__":
    try:
        main()
    except places.BenchError as error:
        sys.exit(f"bench/clinic/run: {error}")
