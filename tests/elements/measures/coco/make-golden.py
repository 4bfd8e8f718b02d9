#!/usr/bin/env python3
"""Makes golden/cases.json: small random cases with what pycocotools 2.0.11 says of them.
usage: make-golden.py [CASES [SEED]] > golden/cases.json     needs numpy and pycocotools==2.0.11"""
import contextlib
import copy
import io
import json
import random
import sys

import numpy
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def person(r, size):
    left, top = r.uniform(0, 600), r.uniform(0, 400)
    return [(left + r.uniform(0, .6) * size, top + r.uniform(0, 1.5) * size) for _ in range(17)]


def truth_of(r, points, ident, image, category):
    seen = [r.choice((0, 1, 2, 2)) for _ in points] if r.random() > .15 else [0] * 17
    xs, ys = [x for x, _ in points], [y for _, y in points]
    box = [round(v, 1) for v in (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))]
    numbers = [n for (x, y), v in zip(points, seen) for n in ((round(x, 1), round(y, 1), v) if v else (0, 0, 0))]
    return {"id": ident, "image_id": image, "category_id": category, "iscrowd": int(r.random() < .15),
            "keypoints": numbers, "num_keypoints": sum(v > 0 for v in seen) if r.random() > .05 else 0, "bbox": box,
            "area": r.choice((box[2] * box[3], 1024, 9216, 5000.5, 0 if r.random() < .2 else 20000))}


def detection_of(r, points, image, category, noise):
    numbers = []
    for x, y in points:
        numbers += (round(r.gauss(x, noise), 1), round(r.gauss(y, noise), 1), 1) if r.random() > .05 else (-1, -1, 0)
    return {"image_id": image, "category_id": category, "keypoints": numbers, "score": r.choice((.1, .5, .5, .9, 1))}


def case(r, crowded):
    """Ground truth and results. crowded: more than 20 detections in an image."""
    categories = r.choice(([1], [1], [1, 7], [5, 2**40]))
    first = r.choice((0, 1, 2**33, 2**50))
    images = [first + 3 * i for i in range(r.randint(1, 3))]
    r.shuffle(images)
    truths, found, ident = [], [], r.choice((0, 1, 1, 2**35))
    for image in images:
        for _ in range(r.choice((0, 1, 2, 3))):
            size, noise = r.choice((30, 60, 100, 300)), r.choice((0, 1, 3, 10))
            points, category = person(r, size), r.choice(categories)
            truths.append(truth_of(r, points, ident, image, category))
            ident += 1
            for _ in range(22 if crowded else r.choice((0, 1, 1, 2))):
                found.append(detection_of(r, points, image, category if r.random() > .1 else 99, noise))
            crowded = False
    if truths and r.random() < .3:  # one id for two: the last stands for both
        truths.append(dict(copy.deepcopy(r.choice(truths)), image_id=r.choice(images), area=3000))
    r.shuffle(found)
    if r.random() < .3:
        found = [dict(one, bbox=[0, 0, r.choice((10, 50, 200)), 100]) for one in found]
    return ({"images": [{"id": i} for i in images], "annotations": truths, "categories": [{"id": c} for c in categories]}, found)


def mean(values):
    values = values[values > -1]
    return float(values.mean()) if values.size else -1.0


def expected(truth, results):
    with contextlib.redirect_stdout(io.StringIO()):
        gt = COCO()
        gt.dataset = copy.deepcopy(truth)
        gt.createIndex()
        if results:
            dt = gt.loadRes(copy.deepcopy(results))
        else:  # loadRes refuses an empty list
            dt = COCO()
            dt.dataset = dict(copy.deepcopy(truth), annotations=[])
            dt.createIndex()
        run = COCOeval(gt, dt, "keypoints")
        run.evaluate()
        run.accumulate()
        run.summarize()
    precision, recall, ranges = run.eval["precision"], run.eval["recall"], ("all", "medium", "large")
    pairs, matches = [], []
    for (image, category), values in run.ious.items():
        if len(values):
            everybody = run._dts[image, category]
            order = numpy.argsort([-one["score"] for one in everybody], kind="mergesort")[:20]
            pairs.append({"image_id": int(image), "category_id": int(category), "dt_ids": [everybody[i]["id"] for i in order],
                          "gt_ids": [one["id"] for one in run._gts[image, category]], "oks": values.tolist()})
    for one in run.evalImgs:
        if one is not None and one["aRng"] == run.params.areaRng[0]:
            matches.append({"image_id": int(one["image_id"]), "category_id": int(one["category_id"]),
                            "dt_ids": [int(i) for i in one["dtIds"]], "gt_ids": one["gtIds"],
                            "gt_ignore": [int(i) for i in one["gtIgnore"]],
                            "dt_match_gt_id": [[int(i) for i in row] for row in one["dtMatches"]],
                            "dt_ignore": [[int(i) for i in row] for row in one["dtIgnore"]]})
    return {"stats": [float(s) for s in run.stats], "AP95": mean(precision[9, :, :, 0, 0]), "AR95": mean(recall[9, :, 0, 0]),
            "AP_per_thr": {n: [mean(precision[t, :, :, a, 0]) for t in range(10)] for a, n in enumerate(ranges)},
            "AR_per_thr": {n: [mean(recall[t, :, a, 0]) for t in range(10)] for a, n in enumerate(ranges)},
            "oks": pairs, "matches": matches}


def main():
    count, seed = (int(word) for word in (sys.argv[1:] + ["12", "1"][len(sys.argv) - 1:]))
    cases = []
    for number in range(count):
        truth, results = case(random.Random(1000 * seed + number), number == 3)
        cases.append({"gt": truth, "dt": results, "expected": expected(truth, results)})
    print("[" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases) + "]")


if __name__ == "__main__":
    main()
