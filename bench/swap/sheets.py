"""Pictures for a person to check: original, mask, blur and swap side by side, and the frames around each change of rung."""
import cv2
import numpy as np

import subjects
import under_test
from benchlib import places, raw

FOLDER = places.WORK / "swap" / "sheets"
FRAMES = 6        # rows of a sheet
SEEN = 320        # [px] least width of a face's surroundings; smaller ones are enlarged by whole numbers
AROUND = 2.0      # width of a cell in widths of the face
CHANGES, BEFORE, AFTER, SMALL = 10, 3, 6, 160  # most changes of a clip, frames around each, [px] their cells


def measure(bench, clips_of):
    """{"clips": {name: {"sheets": [...], "changes": n}}}; files lie in bench/cache/swap/sheets."""
    rows = {}
    for clip in clips_of:
        made, found = under_test.make(bench.settings, clip), subjects.tracks(clip)
        if not found:
            continue
        written = _four(bench, clip, made, found) + _ladder(clip, made)
        rows[clip.name] = {"sheets": [places.shown(path) for path in written], "changes": len(changes(made.frames))}
        print(f"sheets {clip.name}: {', '.join(path.name for path in written)}", flush=True)
    return {"clips": rows}


def cell(rgb, box, text, size, width=None):
    """The place of `size` px around a box's middle, as far as it lies in the frame, with a line of text above. At full size,
    enlarged by a whole number, or fitted into `width` px."""
    left, top = (max(0, int((box[k] + box[k + 2]) / 2 - size / 2)) for k in (0, 1))
    right, bottom = (int(min(end, (box[k] + box[k + 2]) / 2 + size / 2)) for k, end in ((0, rgb.shape[1]), (1, rgb.shape[0])))
    part = rgb[top:max(bottom, top + 1), left:max(right, left + 1)]
    scale = width / size if width else max(1, int(np.ceil(SEEN / size)))
    out = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC if scale >= 1 else cv2.INTER_AREA)
    out = _fill(out, width or out.shape[0], width or out.shape[1])
    width = out.shape[1]
    head = np.full((16, width, 3), 255, np.uint8)
    cv2.putText(head, text, (2, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (0, 0, 0), 1, cv2.LINE_AA)
    return np.concatenate([head, out])


def size_of(boxes):
    """One size for all cells of a face [px], so that the face's size can be compared."""
    return AROUND * float(np.median([max(box[2] - box[0], box[3] - box[1]) for box in boxes]))


def write(path, rows):
    """Rows of cells as one PNG; shorter rows and smaller cells are filled up with grey."""
    height = [max(c.shape[0] for c in row) for row in rows]
    rows = [np.concatenate([_fill(c, h, c.shape[1]) for c in row], axis=1) for row, h in zip(rows, height)]
    width = max(row.shape[1] for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet = np.concatenate([_fill(row, row.shape[0], width) for row in rows])
    cv2.imwrite(str(path), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    return path


def _fill(picture, height, width):
    picture = picture[:height, :width]  # enlarging rounds up
    out = np.full((height, width, 3), 128, np.uint8)
    out[:picture.shape[0], :picture.shape[1]] = picture
    return out


def path_of(clip, kind, number=None):
    stem = clip.name.replace("/", "_")
    return FOLDER / f"{stem}.{kind}{'' if number is None else f'.{number}'}.png"


def _four(bench, clip, made, found):
    """One sheet for each of the two largest people: FRAMES frames, each as original, mask, blur, swap."""
    chosen = []
    for track in found[:2]:
        numbers = sorted(track.rows)
        chosen.append([numbers[int(n)] for n in np.linspace(0, len(numbers) - 1, min(FRAMES, len(numbers)))])
    wanted = set(sum(chosen, []))
    sources = [raw.frames(clip, "", "I420", places.stock_env()),
               *(raw.frames(clip, f"{under_test.DETECT} ! {cover}", "I420", bench.settings.env) for cover in under_test.COVERS.values()),
               made.planes()]
    names = ["original", *under_test.COVERS, "swap"]
    pictures = {}
    for number, planes in enumerate(zip(*sources)):
        if number in wanted:
            pictures[number] = [raw.rgb_of(p, "I420", clip.full_range) for p in planes]
    written = []
    for n, (track, numbers) in enumerate(zip(found, chosen)):
        rows, size = [], size_of(track.rows.values())
        for number in dict.fromkeys(numbers):
            said = subjects.done_to(made.frames[number], track.rows[number])
            texts = [f"{number} {name}" for name in names[:-1]] + [f"{number} {said['done'] if said else 'not in the audit'}"]
            rows.append([cell(rgb, track.rows[number], text, size) for rgb, text in zip(pictures[number], texts)])
        written.append(write(path_of(clip, "faces", n), rows))
    return written


def changes(audit):
    """[(frame, id, from, to)] where a face's rung differs from the previous frame's."""
    before, found = {}, []
    for number, frame in enumerate(audit):
        now = {face["id"]: (face["rung"], face["done"]) for face in frame["faces"]}
        for who, (rung, done) in now.items():
            if who in before and before[who][0] != rung and "fading" != before[who][0]:
                found.append((number, who, before[who][1], done))
        before = now
    return found


def _ladder(clip, made):
    """The frames around the first changes: source above, result below."""
    found = changes(made.frames)[:CHANGES]
    path_of(clip, "ladder").unlink(missing_ok=True)
    if not found:
        return []
    wanted = {number + step for number, *_ in found for step in range(-BEFORE, AFTER + 1)}
    pictures = {}
    for number, planes in enumerate(zip(raw.frames(clip, "", "I420", places.stock_env()), made.planes())):
        if number in wanted:
            pictures[number] = [raw.rgb_of(p, "I420", clip.full_range) for p in planes]
    rows = []
    for number, who, *_ in found:
        above, below = [], []
        size = size_of([face["box"] for frame in made.frames for face in frame["faces"] if face["id"] == who])
        for frame in (n for n in range(number - BEFORE, number + AFTER + 1) if n in pictures):
            face = next((f for f in made.frames[frame]["faces"] if f["id"] == who), None)
            if face is not None:
                above.append(cell(pictures[frame][0], face["box"], str(frame), size, SMALL))
                below.append(cell(pictures[frame][1], face["box"], face["done"][:26], size, SMALL))
        rows += [above, below]
    return [write(path_of(clip, "ladder"), rows)]
