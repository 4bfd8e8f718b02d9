"""Finds in each frame the faces that left the pipeline unchanged, and the covers without a face."""
import cv2
import numpy as np

from . import faces

SAME = 2            # largest difference of a sample that counts as unchanged
INNER = 0.6         # size of the inner ellipse, which is surely face, relative to the box
INNER_SHOWN = 0.10  # largest share of it that may be unchanged
MARK_RADIUS = 0.1   # of the box width: neighbourhood of an eye, the nose, a corner of the mouth
MARK_SHOWN = 0.5    # a neighbourhood counts as shown from this unchanged share on
FOOLED = 0.5        # a detection whose inner ellipse changed by more than this is the cover itself
CLOSE = 0.25        # of the box: largest distance of a cover from a possible face that it may belong to
SMALLEST = 30       # [px] smaller changed areas are not called covers


def changed(source, output, form, closing=0):
    """Mask, uint8 0/1, of the changed pixels. closing [px] fills places that a blur left unchanged."""
    if form == "RGB":
        mask = (_apart(source[0], output[0]).max(axis=2) > SAME).astype(np.uint8)
    else:
        mask = (_apart(source[0], output[0]) > SAME).astype(np.uint8)
        chroma = ((_apart(source[1], output[1]) > SAME) | (_apart(source[2], output[2]) > SAME)).astype(np.uint8)
        if chroma.any():
            height, width = mask.shape
            mask |= np.repeat(np.repeat(chroma, 2, axis=0), 2, axis=1)[:height, :width]
    if closing and mask.any():
        # Fills the flat parts of a blur, which stay unchanged.
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((closing, closing), np.uint8))
    return mask


def _apart(a, b):
    return cv2.absdiff(a, b)


def shown(mask, face):
    """How much of a face is unchanged: (share of the inner ellipse, largest share around a landmark).

    None when less than a fifth of the inner ellipse lies in the frame (and outside what the edit itself hid).
    """
    box = face["box"]
    cx, cy = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    ax, ay = max(1.0, (box[2] - box[0]) / 2 * INNER), max(1.0, (box[3] - box[1]) / 2 * INNER)
    inner = _ellipse_share(mask, cx, cy, ax, ay, face.get("hidden"))
    if inner is None:
        return None
    marks, worst = face["marks"] or [], 0.0
    radius = max(1.5, MARK_RADIUS * (box[2] - box[0]))
    for x, y in zip(marks[0::2], marks[1::2]):
        if abs(x - cx) > (box[2] - box[0]) / 2 or abs(y - cy) > (box[3] - box[1]) / 2:
            continue  # a landmark outside of its own face's box is no evidence
        worst = max(worst, _ellipse_share(mask, x, y, radius, radius, face.get("hidden")) or 0.0)
    return inner, worst


def _ellipse_share(mask, cx, cy, ax, ay, hidden):
    """Share of unchanged pixels in an ellipse; None when less than a fifth of it is in the frame and visible."""
    height, width = mask.shape
    x1, x2 = max(0, int(np.floor(cx - ax))), min(width, int(np.ceil(cx + ax)) + 1)
    y1, y2 = max(0, int(np.floor(cy - ay))), min(height, int(np.ceil(cy + ay)) + 1)
    if x1 >= x2 or y1 >= y2:
        return None
    rows, columns = np.ogrid[y1:y2, x1:x2]
    inside = ((columns - cx) / ax) ** 2 + ((rows - cy) / ay) ** 2 <= 1.0
    if hidden:
        inside &= ~((columns >= hidden[0]) & (columns < hidden[2]) & (rows >= hidden[1]) & (rows < hidden[3]))
    count = int(inside.sum())
    if count < 1 or count < 0.2 * np.pi * ax * ay:
        return None
    return float((mask[y1:y2, x1:x2][inside] == 0).mean())


def source_leaks(mask, known):
    """Faces of the source that are unchanged in the output: list of dicts (box, by, score, inner, mark)."""
    out = []
    for face in known:
        seen = shown(mask, face)
        if seen is None:
            continue
        if seen[0] > INNER_SHOWN or seen[1] > MARK_SHOWN:
            out.append({"box": face["box"], "by": face["by"], "score": face["score"], "inner": round(seen[0], 3),
                        "mark": round(seen[1], 3)})
    return out


def output_leaks(mask, found, by):
    """A detector's faces in the output: (leaks, fooled), each a list of dicts. fooled: covers that look like faces."""
    leaks, fooled = [], []
    for row in found:
        face = {"box": [float(v) for v in row[:4]], "marks": None}
        seen = shown(mask, face)
        if seen is None:
            continue
        entry = {"box": face["box"], "by": by, "score": round(float(row[4]), 3), "inner": round(seen[0], 3), "mark": None}
        (leaks if seen[0] > 1 - FOOLED else fooled).append(entry)
    return leaks, fooled


def needless(mask, possible):
    """Boxes of covered areas that touch no possible face."""
    if not mask.any():
        return []
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    out = []
    for x, y, width, height, area in stats[1:count]:
        if area < SMALLEST:
            continue
        cover = [x, y, x + width, y + height]
        if not any(faces.iou(cover, _grown(box)) > 0 for box in possible):
            out.append([int(v) for v in cover])
    return out


def _grown(box):
    dx, dy = (box[2] - box[0]) * CLOSE, (box[3] - box[1]) * CLOSE
    return [box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy]


def dismissed(notes, clip, frame, box):
    """True when a person looked at this place of this clip and found no face."""
    cx, cy = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for note in notes:
        if note["clip"] == clip and note["first"] <= frame <= note["last"]:
            x1, y1, x2, y2 = note["box"]
            if x1 <= cx <= x2 and y1 <= cy <= y2:
                return True
    return False

