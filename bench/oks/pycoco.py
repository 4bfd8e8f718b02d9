"""COCOeval on two files: pycoco.py GT DT [OUT]. Prints the CPU seconds from after the imports to the stats; OUT gets results."""
import contextlib
import io
import json
import sys
import time

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def evaluate(truth, results):
    with contextlib.redirect_stdout(io.StringIO()):
        gt = COCO(truth)
        run = COCOeval(gt, gt.loadRes(results), "keypoints")
        run.evaluate()
        run.accumulate()
        run.summarize()
    return run


def results_of(run):
    everything = run.params.areaRng[0]
    matches = {int(one["image_id"]): {"dt_match_gt_id": one["dtMatches"].astype(int).tolist(),
                                      "dt_ignore": one["dtIgnore"].astype(int).tolist()}
               for one in run.evalImgs if one is not None and one["aRng"] == everything}
    return {"stats": [float(value) for value in run.stats], "oks": {int(key[0]): v.tolist() for key, v in run.ious.items() if len(v)},
            "matches": matches}


if __name__ == "__main__":
    started = time.process_time()
    evaluation = evaluate(sys.argv[1], sys.argv[2])
    print(time.process_time() - started)
    if len(sys.argv) > 3:
        with open(sys.argv[3], "w", encoding="utf-8") as out:
            json.dump(results_of(evaluation), out)
