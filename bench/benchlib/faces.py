"""The faces that the source is assumed to contain, frame by frame, from detectors, time and construction."""
import numpy as np

from . import detect

GAP = 5        # [frames] a face seen before and after so short a gap was there all the time
LONG_GAP = 30  # [frames] and after a gap of this length it may have been


def iou(a, b):
    """Intersection over union of two boxes x1 y1 x2 y2."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def of_clip(found, truth):
    """List per frame of faces: dicts with box, by ("centerface", "mmod", "between", "truth"), score, marks (or None)."""
    frames = [[] for _ in found["frames"]]
    for index, boxes in enumerate(found["frames"]):
        frames[index] += [_face(row[:4], "centerface", row[4], row[5:15]) for row in boxes if row[4] >= detect.FACE]
    for index, boxes in (found["mmod"] or {}).items():
        frames[int(index)] += [_face(row[:4], "mmod", row[4], None) for row in boxes]
    if truth is None:  # the truth of an edited clip is better: a fade to black has no face between two
        for index, box in between(found):
            frames[index].append(_face(box, "between", None, None))
    for index, faces in enumerate((truth or {}).get("frames", [])[:len(frames)]):
        frames[index] += [dict(_face(face["box"], "truth", None, face.get("marks")), hidden=face.get("hidden"))
                          for face in faces]
    return frames


def possible(found, truth):
    """List per frame of boxes where a face may be. A cover there is not called needless."""
    sure = of_clip(found, truth)
    frames = [[face["box"] for face in faces] for faces in sure]
    for index, boxes in enumerate(found["frames"]):
        frames[index] += [row[:4] for row in boxes if row[4] >= detect.MAYBE]
    for index, box in between(found, LONG_GAP, detect.MAYBE):
        frames[index].append(box)
    every = detect.MMOD_EVERY
    for index, boxes in (found["mmod"] or {}).items():
        for near in range(max(0, int(index) - every // 2), min(len(frames), int(index) + every // 2 + 1)):
            frames[near] += [row[:4] for row in boxes]
    return frames


def between(found, gap=GAP, lowest=detect.FACE):
    """(frame, box) of each face that CenterFace found at both ends of a gap of at most `gap` frames without a cut."""
    rows = [[r for r in boxes if r[4] >= lowest] for boxes in found["frames"]]
    cuts, out = set(found["cuts"]), []
    for start, boxes in enumerate(rows):
        for box in boxes:
            if start + 1 >= len(rows) or _seen(rows[start + 1], box):
                continue
            for end in range(start + 2, min(len(rows), start + gap + 2)):
                if cuts & set(range(start + 1, end + 1)):
                    break
                other = _seen(rows[end], box)
                if other is not None:
                    out += _fill(start, box, end, other)
                    break
    return out


def _seen(row, box):
    best = max(row, key=lambda r: iou(r, box), default=None)
    return best if best is not None and iou(best, box) > 0.3 else None


def _fill(start, a, end, b):
    steps = np.linspace(0, 1, end - start + 1)[1:-1]
    return [(start + 1 + k, [float((1 - t) * u + t * v) for u, v in zip(a[:4], b[:4])]) for k, t in enumerate(steps)]


def _face(box, by, score, marks):
    return {"box": [float(v) for v in box], "by": by, "score": score,
            "marks": [float(v) for v in marks] if marks is not None else None, "hidden": None}
