"""How well the moments of a review steer the eye to known faults: bench/review/run --help."""
import argparse
import json
import math
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import faults  # noqa: E402
from benchlib import places  # noqa: E402

FIRST = (1, 2, 3, 5, 8, 12, 20)  # moments
SHARES = (.01, .02, .05, .1, .2, .5)
CHUNK = 25                       # frames that a person who looks in random order takes at a time

# A person's time, by the keystroke-level model (Card, Moran, Newell 1980; 1983 for the eye): a model, and no stopwatch.
KEY, THINK = .28, 1.35           # seconds: a key of somebody who types now and then; a mental act
TILES = 40                       # pictures on a screen, as the page has them
GLANCE, SLOW_GLANCE = .23, .7    # seconds: the eye at one picture, usual and slowest
STEPPED = 5                      # film: so short a moment is stepped through [frames]
AROUND, SPEED = .5, .25          # film, as the page plays: seconds before and after the moment; of the film's speed


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/review/run",
        description="Takes covers away from results, from the pixels and from the audit, for 1 to 30 frames, and counts how many of these "
                    "faults lie in the first moments that `deid review --moments` shows, and how many frames those are.",
        epilog="Writes review.md and review.json. Exit status: 0, or 2 when the bench could not run.")
    parser.add_argument("clips", nargs="*", help="videos (default: fourteen of ../shared/data and the demo clip)")
    parser.add_argument("--deid", default=str(places.ROOT / "build" / "release" / "bin" / "deid"))
    parser.add_argument("--method", default="mask")
    parser.add_argument("--copies", type=int, default=1, help="results with faults for each clip")
    parser.add_argument("--work", help="a folder that is kept, so that a second run does not de-identify again")
    parser.add_argument("--out", default=str(places.RESULTS), help="folder of review.md and review.json")
    return parser.parse_args()


def spent():
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise places.BenchError(f"{pathlib.Path(command[0]).name} {command[1]}: {done.stderr.strip()[-400:]}")
    return done.stdout


def moments_of(deid, original, result, look=True):
    before = spent()
    said = json.loads(run(deid, "review", original, result, "--moments", "-q", *([] if look else ["--no-look"])))
    rate = said["video"]["fps"][0] / said["video"]["fps"][1]
    for moment in said["moments"]:
        moment["seconds"] = seconds_at(moment, rate)
    return said, spent() - before


def rank_of(fault, moments):
    """Place of the first moment that shows the fault, from 1 on; None: no moment does."""
    for place, moment in enumerate(moments, 1):
        if moment["first"] <= fault.last and moment["last"] >= fault.first and (
                moment["box"] is None or faults.touch(faults.grown(moment["box"]), faults.grown(fault.box))):
            return place
    return None


def on_a_picture(fault, boxes, sheets):
    """Whether the pictures of the moments show the fault: all of the face's box, in one of its frames at least."""
    tiles = [tile for sheet in sheets for strip in sheet["strips"] for tile in strip["tiles"]]
    return any(fault.first <= tile["frame"] <= fault.last and holds(tile["part"], boxes[tile["frame"]]) for tile in tiles)


def holds(part, box):
    return all(part[i] <= box[i] and box[i] + box[i + 2] <= part[i] + part[i + 2] for i in (0, 1))


def person(said):
    """Seconds of a person at all moments: with pictures, with slow eyes, and with the film."""
    return {"pictures": round(sum(seconds_on(sheet, GLANCE) for sheet in said["sheets"]), 1),
            "slow": round(sum(seconds_on(sheet, SLOW_GLANCE) for sheet in said["sheets"]), 1),
            "film": round(sum(moment["seconds"] for moment in said["moments"]), 1)}


def seconds_on(sheet, glance):
    """Reads each question, looks at each picture, decides, and presses Seen once."""
    return len(sheet["strips"]) * THINK + sheet["tiles"] * glance + THINK + KEY


def frames_in(moments):
    return len({index for moment in moments for index in range(moment["first"], moment["last"] + 1)})


def seconds_at(moment, rate):
    """In the film: reads the reason, steps through a few frames or plays more at a quarter of the speed, decides, presses Seen."""
    frames = moment["last"] - moment["first"] + 1
    if frames <= STEPPED:
        return 2 * THINK + KEY * frames
    return 2 * (THINK + KEY) + (frames / rate + 2 * AROUND) / SPEED


def random_share(found, count, looked, dice):
    """Share of faults that somebody sees who looks at as many frames in pieces at random places."""
    pieces, hits = max(1, looked // CHUNK), 0
    for _ in range(200):
        starts = [dice.randrange(max(1, count - CHUNK)) for _ in range(pieces)]
        hits += sum(any(at <= fault.last and at + CHUNK > fault.first for at in starts) for fault, _ in found)
    return hits / 200 / max(1, len(found))


def work_on(clip, options, folder):
    """The figures of one clip."""
    base = folder / f"{clip.stem}-{options.method}"
    result, audit_file = pathlib.Path(f"{base}.mp4"), pathlib.Path(f"{base}.jsonl")
    if not result.exists():
        run(options.deid, "run", clip, "-o", result, "--audit", audit_file, "--method", options.method, "-q", "--overwrite")
    audit = [json.loads(line) for line in audit_file.read_text().splitlines()]
    facts = next(line["run"] for line in audit if "run" in line)
    width, height, count = facts["width"], facts["height"], len(faults.frames_of(audit))
    kept = pathlib.Path(f"{base}.look.json").exists()
    said, cpu = moments_of(options.deid, clip, result)
    row = {"clip": clip.stem, "frames": count, "seconds": round(said["video"]["seconds"], 2), "faults": [], "person_s": [],
           "clean": {"moments": len(said["moments"]), "frames": frames_in(said["moments"]), "cpu": None if kept else round(cpu, 1),
                     "sheets": len(said["sheets"]), "pictures": sum(sheet["tiles"] for sheet in said["sheets"]),
                     "reasons": sorted(m["reason"] for m in said["moments"]), "person_s": person(said)}}
    shown = 0
    for copy in range(options.copies):
        chosen = faults.choose(audit, width, height, 1 + copy)
        out = folder / f"{base.name}-{copy}"
        faults.put_in(clip, result, audit, chosen, out, width, height)
        said, _ = moments_of(options.deid, clip, f"{out}.mp4")
        moments = said["moments"]
        row["person_s"].append(person(said))
        shown += frames_in(moments)
        found = [(fault, rank_of(fault, moments)) for fault in chosen]
        dice = random.Random(7)
        row["faults"] += [{"kind": fault.kind, "person": fault.person, "first": fault.first, "last": fault.last, "rank": rank,
                           "looked": frames_in(moments[:rank]) if rank else None, "moments": len(moments), "copy": copy,
                           "reason": moments[rank - 1]["reason"] if rank else None, "picture": on_a_picture(fault, boxes_of(fault, audit), said["sheets"]),
                           "random": round(random_share(found, count, frames_in(moments), dice), 3)} for fault, rank in found]
    row["looked"] = shown / max(1, options.copies)
    return row


def boxes_of(fault, audit):
    return {index: faults.box_at(audit, fault.person, index) for index in range(fault.first, fault.last + 1)}


def share(part, whole):
    return f"{part} of {whole} ({100 * part / whole:.0f} %)" if whole else "n/a"


def curve(rows):
    """Faults that a person has seen who looks at the worst moments first, up to a share of each video."""
    every = [(fault, row["frames"]) for row in rows for fault in row["faults"]]
    lines = ["| share of each video, worst moments first | faults found |", "|---|---|"]
    for most in SHARES:
        found = sum(fault["rank"] is not None and fault["looked"] <= most * frames for fault, frames in every)
        lines.append(f"| {100 * most:.0f} % | {share(found, len(every))} |")
    return lines


def minutes(rows):
    """Minutes of a person for ten minutes of film."""
    film = sum(row["seconds"] for row in rows)
    total = lambda way, rows=rows: sum(row["clean"]["person_s"][way] for row in rows) * 10 / film  # noqa: E731
    with_faults = sum(sum(one["pictures"] for one in row["person_s"]) / max(1, len(row["person_s"])) for row in rows) * 10 / film
    lines = ["", "## Minutes of a person for ten minutes of film", "",
             f"A model, and no person's stopwatch: the keystroke-level model, {THINK} s for a mental act and {KEY} s for a key. The page shows frames of "
             f"several moments as pictures at once. A person reads their question ({THINK} s), looks at each picture ({GLANCE} s, the usual stay of an eye; "
             f"`slow`: {SLOW_GLANCE} s, the longest that the model knows), decides ({THINK} s), and presses one key for all. "
             f"`film`: the way without pictures, each moment alone: reads, plays it at a quarter of the speed with {AROUND} s around it, or steps through up to {STEPPED} frames, "
             "decides, presses. Corrections are not in it. Looking at all takes 10 minutes at full speed, and 40 at a quarter.", "",
             "| clip | seconds of film | moments | pictures | screens | seconds of a person | minutes for 10 | slow | film |", "|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        clean, ten = row["clean"], 10 / row["seconds"]
        lines.append(f"| {row['clip']} | {row['seconds']:.1f} | {clean['moments']} | {clean['pictures']} | {clean['sheets']} | {clean['person_s']['pictures']:.0f} | "
                     + " | ".join(f"{clean['person_s'][way] * ten:.1f}" for way in ("pictures", "slow", "film")) + " |")
    none = sum(row["clean"]["moments"] == 0 for row in rows)
    pictures = sum(row["clean"]["pictures"] for row in rows)
    one_film = pictures * GLANCE + math.ceil(pictures / TILES) * (2 * THINK + KEY)
    return lines + ["", f"All: {total('pictures'):.1f} minutes (slow {total('slow'):.1f}, film {total('film'):.1f}); {with_faults:.1f} with faults "
                    f"({sum(len(row['faults']) for row in rows)} in {film:.0f} s, far more than results have). "
                    f"Were the clips one film, its {pictures} pictures would fill {math.ceil(pictures / TILES)} screens: {one_film * 10 / film:.1f} minutes. {none} of {len(rows)} clips have no moment, clean. "
                    "The clips are short; those with moments have crowds, a dog, toys, and faces that come and go."]


def report(rows, options):
    every = [fault for row in rows for fault in row["faults"]]
    found = [fault for fault in every if fault["rank"]]
    total = sum(row["frames"] for row in rows)
    text = ["# Known faults in the moments of a review", "",
            f"Made by `bench/review/run` on {places.commit()}, method {options.method}. A fault is a cover that is taken away for 1 to 30 frames, "
            "from the pixels and from the audit. It is found when a moment shows some of its frames, and its place. "
            "`clean`: the same result without faults.", "",
            "| clip | frames | faults found | frames to look at | of them clean | moments, clean | CPU s of the second look |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        hits = sum(fault["rank"] is not None for fault in row["faults"])
        text.append(f"| {row['clip']} | {row['frames']} | {share(hits, len(row['faults']))} | {100 * row['looked'] / row['frames']:.1f} % | "
                    f"{100 * row['clean']['frames'] / row['frames']:.1f} % | {row['clean']['moments']} | {row['clean']['cpu'] or 'kept'} |")
    text += ["", f"All: {share(len(found), len(every))}; frames to look at: {100 * sum(row['looked'] for row in rows) / max(1, total):.1f} % with faults, "
             f"{100 * sum(row['clean']['frames'] for row in rows) / max(1, total):.1f} % without. On the pictures of the moments, with all of the face: "
             f"{share(sum(fault['picture'] for fault in every), len(every))}.", "",
             "| first moments | faults found |", "|---|---|"]
    text += [f"| {k} | {share(sum(fault['rank'] is not None and fault['rank'] <= k for fault in every), len(every))} |" for k in FIRST]
    text += ["", *curve(rows)]
    chance = sum(fault["random"] for fault in every) / max(1, len(every))
    text += ["", f"In random order, pieces of {CHUNK} frames, as many frames as all moments have: {100 * chance:.0f} % of the faults.", "",
             "| clip | person | frames | where in its track | rank | reason |", "|---|---|---|---|---|---|"]
    for row in rows:
        text += [f"| {row['clip']} | {f['person']} | {f['first']} to {f['last']} | {f['kind']} | {f['rank'] or 'not found'} | {f['reason'] or ''} |"
                 for f in row["faults"]]
    return "\n".join(text + minutes(rows)) + "\n"


def main():
    options = arguments()
    os.environ.setdefault("DEID_MODEL_DIR", str(places.DEPS / "models"))
    clips = [pathlib.Path(clip) for clip in options.clips] or default_clips()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(options.work or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        rows = [work_on(clip, options, folder) for clip in clips]
    out = pathlib.Path(options.out)
    (out / "review.json").write_text(json.dumps(rows, indent=1) + "\n")
    (out / "review.md").write_text(report(rows, options))
    return 0


def default_clips():
    data = places.SHARED / "data"
    clinic = data / "clinic"
    clips = [clinic / "egoblur" / "selfie_stand_glasses.mp4", clinic / "pexels" / "gaze3.mp4", clinic / "sam2" / "bend_and_rise.mp4",
             clinic / "pexels" / "gaze4.mp4", places.DEPS / "footage" / "WolfgangLanger_Pexels.mp4", data / "pyfeat" / "single_face.mp4",
             *(data / "intel_asl" / f"{name}.mkv" for name in ("learn", "help", "milk", "student", "book")),
             *(data / "grid" / f"{name}.mpg" for name in ("brbk7n", "lbax4n", "bbaf2n", "lrwp9a"))]
    return [clip for clip in clips if clip.exists()]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except places.BenchError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
