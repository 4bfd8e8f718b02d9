"""Table 2, Figs 7 and 8 by pycocotools, from posedetect's lines."""
import contextlib
import io
import json

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

import mt

FROM_BLAZEPOSE = [0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]
NAMES = ["nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist",
         "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"]
VARIANCES = (np.array([.26, .25, .25, .35, .35, .79, .79, .72, .72, .62, .62, 1.07, 1.07, .87, .87, .89, .89]) / 10 * 2) ** 2
FAR = 1e9
MARKS = (.85, .95, .99)


def read(path):
    """[(time since the first frame, [(id, score, 17 x 3 with NaN for absent ones)])]"""
    frames = []
    for line in path.read_text().splitlines():
        row = json.loads(line)
        if "people" not in row:
            continue
        people = []
        for person in row["people"]:
            points = np.full((33, 3), np.nan)
            for k, point in enumerate(person["points"]):
                if point is not None:
                    points[k] = np.array(point, np.float32)
            if person["set"] != "blazepose-33":
                raise SystemExit(f"{path.name}: points of {person['set']} are not known here")
            points = points[FROM_BLAZEPOSE]
            points[~(points[:, 2] > 0)] = np.nan
            people.append((person["id"], float(np.float32(person["score"])), points))
        frames.append((row["pts"], people))
    first = frames[0][0] if frames else 0
    return [(pts - first, people) for pts, people in frames]


def paired(original, after):
    """[(people before or None, people after or None)] by time, within half the shortest step."""
    steps = [b[0] - a[0] for rows in (original, after) for a, b in zip(rows, rows[1:])]
    tolerance = min((s for s in steps if s > 0), default=0) / 2
    i = j = 0
    couples = []
    while i < len(original) or j < len(after):
        a, b = original[i] if i < len(original) else None, after[j] if j < len(after) else None
        if a and b and abs(a[0] - b[0]) <= tolerance:
            couples.append((a[1], b[1]))
            i, j = i + 1, j + 1
        elif b is None or (a and a[0] < b[0]):
            couples.append((a[1], None))
            i += 1
        else:
            couples.append((None, b[1]))
            j += 1
    return couples


def box(points):
    there = points[~np.isnan(points[:, 0])]
    return (*there[:, :2].min(axis=0), *np.ptp(there[:, :2], axis=0)) if len(there) else None


def annotations(couples):
    images, truths, found, without = [], [], [], 0
    for number, (before, after) in enumerate(couples, 1):
        images.append({"id": number})
        for people, into in ((before, truths), (after, found)):
            for _, score, points in people or ():
                b = box(points)
                if b is None:
                    without += 1
                    continue
                there = ~np.isnan(points[:, 0])
                place = np.where(there[:, None], points[:, :2], 0 if into is truths else FAR)
                row = {"id": len(into) + 1, "image_id": number, "category_id": 1, "bbox": [float(v) for v in b], "area": float(b[2] * b[3]),
                       "keypoints": np.concatenate([place, np.where(there, 2, 0)[:, None]], axis=1).ravel().tolist(), "score": score, "iscrowd": 0,
                       "num_keypoints": int(there.sum())}
                into.append(row)
    return images, truths, found, without


def coco_of(images, rows):
    coco = COCO()
    coco.dataset = {"images": images, "annotations": rows, "categories": [{"id": 1, "name": "person"}]}
    with contextlib.redirect_stdout(io.StringIO()):
        coco.createIndex()
    return coco


def evaluation(images, truths, found):
    with contextlib.redirect_stdout(io.StringIO()):
        run = COCOeval(coco_of(images, truths), coco_of(images, found), "keypoints")
        run.evaluate()
        run.accumulate()
        run.summarize()
    return run


def similarity(truth, detection):
    t, d = (np.array(r["keypoints"]).reshape(17, 3) for r in (truth, detection))
    e = ((d[:, :2] - t[:, :2]) ** 2).sum(axis=1) / VARIANCES / (truth["area"] + np.spacing(1)) / 2
    return np.exp(-e), t[:, 2] > 0, d[:, 2] <= 0


def preservation(images, truths, found):
    """[(frame, oks, similarities, labelled, absent)] of the pairs, most alike first in each frame."""
    pairs, missing, extra = [], 0, 0
    by = {image["id"]: ([], []) for image in images}
    for k, rows in enumerate((truths, found)):
        for row in rows:
            by[row["image_id"]][k].append(row)
    for number, (a, b) in by.items():
        every = []
        for t, truth in enumerate(a):
            for d, detection in enumerate(b):
                each, labelled, absent = similarity(truth, detection)
                every.append((each[labelled].mean(), t, d, each, labelled, absent))
        used_t, used_d = set(), set()
        for value, t, d, each, labelled, absent in sorted(every, key=lambda row: -row[0]):
            if t not in used_t and d not in used_d:
                used_t.add(t)
                used_d.add(d)
                pairs.append((number - 1, value, each, labelled, absent))
        missing, extra = missing + len(a) - len(used_t), extra + len(b) - len(used_d)
    return pairs, missing, extra


def distribution(values, histogram=False):
    values = np.array(values, float)
    result = {"n": len(values)}
    if len(values):
        for name, q in (("min", 0), ("p1", 1), ("p5", 5), ("p25", 25), ("median", 50), ("p75", 75)):
            result[name] = np.percentile(values, q)
        for mark in MARKS:
            result[f"at_least_{round(100 * mark)}"] = int((values >= mark).sum())
    if histogram:
        edges = np.arange(101) / 100
        bins = np.clip(np.searchsorted(edges, values, "right") - 1, 0, 99)
        result["histogram"] = np.bincount(bins, minlength=100).tolist()
    return result


def intervals(run, pairs, images, rule):
    """The moving-block bootstrap of AP, AR, the median and the shares, resample by resample."""
    frames, people = len(images), np.zeros(len(images), int)
    scores, frame_of, hits = [], [], []
    for entry in run.evalImgs[:frames]:  # all areas come first
        if entry is None:
            continue
        people[entry["image_id"] - 1] = int((np.array(entry["gtIgnore"]) == 0).sum())
        for k, score in enumerate(entry["dtScores"]):
            scores.append(score)
            frame_of.append(entry["image_id"] - 1)
            hits.append(entry["dtMatches"][:, k] > 0)
    order = np.argsort(-np.array(scores), kind="mergesort")
    frame_of, hits = np.array(frame_of, int)[order], np.array(hits, bool).reshape(len(scores), 10)[order]
    ranked = sorted(pairs, key=lambda row: row[1])
    pair_frame, pair_oks = np.array([r[0] for r in ranked], int), np.array([r[1] for r in ranked])
    samples = {name: [] for name in ("AP", "AP50", "AP75", "AP95", "AR", "AR50", "AR75", "AR95", "median", "at_least_85", "at_least_95", "at_least_99")}
    for weights in mt.block_weights(frames, rule["block_frames"], rule["resamples"], rule["seed"]):
        w = np.array(weights)
        everybody = float((w * people).sum())
        if everybody:
            ap, ar = zip(*(_scores(hits[:, t], w[frame_of], everybody) for t in range(10)))
            for name, values in (("AP", ap), ("AR", ar)):
                for suffix, value in (("", np.mean(values)), ("50", values[0]), ("75", values[5]), ("95", values[9])):
                    samples[name + suffix].append(value)
            for mark in MARKS:
                samples[f"at_least_{round(100 * mark)}"].append((w[pair_frame] * (pair_oks >= mark)).sum() / everybody)
        total = np.cumsum(w[pair_frame])
        if len(total) and total[-1]:
            samples["median"].append(pair_oks[np.argmax(2 * total >= total[-1])])
    result = {name: rule[name] for name in ("block_frames", "resamples", "seed")}
    for name, values in samples.items():
        values = np.sort(values)
        last = len(values) - 1
        result[name] = [values[int(.025 * last + .5)], values[int(.975 * last + .5)]] if len(values) else [-1, -1]
    return result


def _scores(hit, weight, everybody):
    keep = weight > 0
    hit, weight = hit[keep], weight[keep].astype(float)
    found, wrong = np.cumsum(np.where(hit, weight, 0)), np.cumsum(np.where(hit, 0, weight))
    recall, precision = (found / everybody)[hit], (found / (found + wrong + np.spacing(1)))[hit]
    if not len(recall):
        return 0.0, 0.0
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    points = np.arange(101) * .01
    points[100] = 1
    at = np.searchsorted(recall, points, "left")
    return float(np.where(at < len(precision), precision[np.minimum(at, len(precision) - 1)], 0).sum() / 101), float(recall[-1])


def section(couples, theirs):
    images, truths, found, without = annotations(couples)
    run = evaluation(images, truths, found)
    precision, recall = run.eval["precision"][:, :, 0, :, 0], run.eval["recall"][:, 0, :, 0]
    ap = lambda area, t: _mean(precision[t, :, area])
    result = {"stats": [float(v) for v in run.stats], "stats_labels": theirs["stats_labels"], "AP95": ap(0, 9), "AR95": _mean(recall[9, 0]),
              "AP_per_thr": {}, "AR_per_thr": {}, "scale": "keypoint-box"}
    for area, name in enumerate(("all", "medium", "large")):
        result["AP_per_thr"][name] = [ap(area, t) for t in range(10)]
        result["AR_per_thr"][name] = [_mean(recall[t, area]) for t in range(10)]
    pairs, missing, extra = preservation(images, truths, found)
    entries = [e for e in run.evalImgs[:len(images)] if e is not None]
    matched = [[int((e["dtMatches"][t] > 0).sum()) for e in entries] for t in range(10)]
    detections = sum(len(e["dtIds"]) for e in entries)
    busy = {row["image_id"] for row in truths + found}
    result["counts"] = {"frames": len(images), "frames_with_nobody": len(images) - len(busy), "people": len(truths), "ignored_people": 0,
                        "detections": detections, "missing_people": missing, "extra_people": extra, "without_points": without, "without_scale": 0,
                        "passed_over": 0, "frames_only_original": sum(b is None for _, b in couples),
                        "frames_only_deidentified": sum(a is None for a, _ in couples), "found": [sum(m) for m in matched],
                        "wrong": [detections - sum(m) for m in matched]}
    result["similarity"] = distribution([row[1] for row in pairs], histogram=True)
    result["keypoints"] = {}
    for k, name in enumerate(NAMES):
        mine = [row for row in pairs if row[3][k]]
        result["keypoints"][name] = {**distribution([row[2][k] for row in mine]), "missing": sum(bool(row[4][k]) for row in mine)}
    if "intervals" in theirs:
        result["intervals"] = intervals(run, pairs, images, theirs["intervals"])
    return result


def _mean(values):
    values = np.asarray(values)
    values = values[values > -1]
    return float(values.mean()) if values.size else -1.0
