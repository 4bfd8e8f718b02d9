"""Annotated stills, ids, and agreement with MediaPipe's Python package: bars 3 and 2."""
import json
import os
import re
import subprocess

import keypoints
import peer
from benchlib import clips, places

SEVERAL = ("pose2sim/multi/cam01.mp4", "pose2sim/multi/cam03.mp4", "intel_asl/bird.mkv", "intel_asl/student.mkv")
ROW = re.compile(r"^(RGB|I420)\s+(\S+)\s+(.*)\s+one-sided (\d+)$", re.MULTILINE)


def coco(maker, _):
    """AP and every person's OKS on the annotated COCO images, MediaPipe beside it."""
    data = places.SHARED / "data" / "coco"
    truth = places.need(data / "person_keypoints.json", "put the footage beside the repository as ../shared")
    images = json.loads(truth.read_text())["images"]
    model = places.SHARED / "models" / "tfpose_mobilenet_v2_small.pb"
    names = {name: _found(maker, data, images, words) for name, words in (
        ("posedetect, max-people=16", "max-people=16"), ("the same, every point (point-threshold=0)", "max-people=16 point-threshold=0"),
        ("one person, every point", "max-people=1 point-threshold=0"), ("OpenPose-style network (model=)", f"max-people=16 model={model}"))}
    theirs = peer.stills([data / image["file_name"] for image in images])
    names["MediaPipe 0.10.9 (one person an image)"] = [
        {"image_id": image["id"], "category_id": 1, **theirs[image["file_name"]]} for image in images if theirs[image["file_name"]]]
    result = {"images": len(images), "rows": {}}
    for name, people in names.items():
        file = maker.folder / "coco.dt.json"
        file.write_text(json.dumps(people))
        said = maker.score(truth, file, block=1)
        labels = dict(zip(said["stats_labels"], said["stats"]))
        row = {f: labels.get(f, said.get(f)) for f in ("AP", "AP50", "AP75", "AP95", "AR", "AR50", "AR75", "AR95")}
        row.update(found=len(people), intervals=said["intervals"], people=_each(truth, said), counts=said["counts"])
        result["rows"][name] = row
    return result


def _found(maker, data, images, words):
    people = []
    for image in images:
        clip = clips.load(data / image["file_name"])
        file = maker.folder / "still.json"
        keypoints.said(["gst-launch-1.0", "-q", *f"filesrc location={clip.path} ! decodebin ! videoconvert ! deidposedetect {words} "
                        f"keypoints=coco-17 location={file} location-format=coco ! fakesink".split()], maker.env)
        people += [{**person, "image_id": image["id"]} for person in json.loads(file.read_text()) if person["image_id"] == 1]
    return people


def _each(truth, said):
    """[{image, person, points, oks}] of all people with points: the most similar detection of the image, assigned or not."""
    wanted = {a["id"]: a for a in json.loads(truth.read_text())["annotations"] if a["num_keypoints"] and not a["iscrowd"]}
    best = {}
    for image in said["oks"]:
        for row in image["oks"]:
            for person, value in zip(image["gt_ids"], row):
                best[person] = max(best.get(person, 0), value)
    return [{"image": a["image_id"], "person": n, "points": a["num_keypoints"], "area": a["area"], "oks": best.get(n, 0)}
            for n, a in sorted(wanted.items(), key=lambda item: (item[1]["image_id"], -item[1]["area"]))]


def coco_markdown(result):
    names = list(result["rows"])
    count = len(result["rows"][names[0]]["people"])
    lines = ["## Annotated COCO images", "", f"{result['images']} images, {count} people with annotated points: few, so the intervals "
             "(resampled images) are wide. OKS against people's own annotations, with their areas. "
             "MediaPipe gives all points, posedetect leaves out those it calls less than half visible; COCO counts a left-out point as far "
             "away. So compare MediaPipe with the rows of every point.", "",
             "| | people found | AP .5:.95 | AP .5 | AP .75 | AR .5:.95 | AR .5 | AR .75 |", "|---|---|---|---|---|---|---|---|"]
    for name, row in result["rows"].items():
        cells = []
        for figure in ("AP", "AP50", "AP75", "AR", "AR50", "AR75"):
            low_high = row["intervals"].get(figure)
            cells.append(f"{row[figure]:.3f}" + (f" ({low_high[0]:.3f} to {low_high[1]:.3f})" if low_high else ""))
        lines.append(f"| {name} | {row['found']} | " + " | ".join(cells) + " |")
    lines += ["", "OKS of the detection that is most like each person:", "", "| image | person's area, px | points | " + " | ".join(names) + " |",
              "|---|---|---|" + "---|" * len(names)]
    for n, person in enumerate(result["rows"][names[0]]["people"]):
        lines.append(f"| {person['image']} | {person['area']:.0f} | {person['points']} | " +
                     " | ".join(f"{result['rows'][name]['people'][n]['oks']:.3f}" for name in names) + " |")
    return lines


def ids(maker, options):
    """How long each id lasts in clips with two or more people."""
    rows = []
    for name in SEVERAL:
        path = places.SHARED / "data" / name
        if options.clips and not any(word in name for word in options.clips.split(",")):
            continue
        clip = clips.load(places.need(path, "put the footage beside the repository as ../shared"), "several", name)
        _, frames = keypoints.lines_of(maker.keypoints(clip, "original", ["blazepose"])["blazepose"])
        seen = {}
        for number, frame in enumerate(frames):
            for person in frame["people"]:
                seen.setdefault(person["id"], []).append(number)
        rows.append({"clip": name, "frames": len(frames), "most_at_once": max(len(f["people"]) for f in frames), "ids": {
            str(who): {"frames": len(at), "first": at[0], "last": at[-1], "gaps": at[-1] - at[0] + 1 - len(at)} for who, at in seen.items()}})
    return rows


def ids_markdown(rows):
    lines = ["## Ids", "", "posedetect with its defaults. In `bird` and `student` a bystander stands at the edge of the picture.", "",
             "| clip | frames | ids | most people at once | each id: frames (first to last, frames missing between) |", "|---|---|---|---|---|"]
    for row in rows:
        each = "; ".join(f"{who}: {i['frames']} ({i['first']} to {i['last']}, {i['gaps']})" for who, i in row["ids"].items())
        lines.append(f"| {row['clip']} | {row['frames']} | {len(row['ids'])} | {row['most_at_once']} | {each} |")
    return lines


def agreement(maker, options):
    """The project's own test on whole clips, against goldens of every frame made by the current MediaPipe."""
    test = places.need(options.tests or next(maker.build.rglob("posedetect_clips_test"), maker.build / "posedetect_clips_test"),
                       "build the target posedetect_clips_test")
    goldens = keypoints.FOLDER / "mediapipe-every-frame.json"
    script = places.ROOT / "tests" / "models" / "golden" / "make_pose_goldens.py"
    if options.fresh or not goldens.exists():
        part = goldens.with_suffix(".part")
        keypoints.said([peer.python(), script, "--every-frame", part.resolve()])
        part.rename(goldens)
    # A failing test prints its rows, too; only these are needed here, and its failure is reported beside them.
    done = subprocess.run([str(test), "--gtest_filter=Clips.*MediaPipeSeesThem"], capture_output=True, text=True, check=False,
                          env=dict(os.environ, **maker.env, DEID_POSE_GOLDENS=str(goldens)))
    rows = {}
    for form, clip, text, one_sided in ROW.findall(done.stdout):
        rows[clip, form] = {"clip": clip, "format": form, "says": text.strip(), "one_sided": int(one_sided)}
    if not rows:
        raise places.BenchError(f"posedetect_clips_test says nothing: {(done.stdout + done.stderr).strip()[-300:]}")
    return {"passed": done.returncode == 0, "rows": list(rows.values())}


def agreement_markdown(result):
    return ["## Agreement with MediaPipe's Python package", "", "posedetect's own tracker with `max-people=1`, every frame, MediaPipe "
            "0.10.9 with the same weights, no smoothing (`tests/elements/posedetect/clips_test.cpp`). Its limits (mean OKS of single people) "
            f"{'hold' if result['passed'] else '**do not hold**'}. Why whole persons and close-ups part: docs/posedetect.md.", "",
            "| clip | format | agreement | frames only one saw somebody |", "|---|---|---|---|",
            *(f"| {r['clip']} | {r['format']} | {r['says']} | {r['one_sided']} |" for r in result["rows"])]
