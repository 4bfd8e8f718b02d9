"""Contact sheets: source beside output for each place that a person should check."""
import cv2
import numpy as np

CELL = 160     # [px] side of one picture
ACROSS = 6     # pairs in a row


def pair(source_rgb, output_rgb, box, text):
    """One cell: the place in the source, the same in the output, a line of text above; the box is drawn in both."""
    cells = [_crop(picture, box) for picture in (source_rgb, output_rgb)]
    row = np.concatenate(cells, axis=1)
    head = np.full((16, row.shape[1], 3), 255, np.uint8)
    cv2.putText(head, text, (2, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.36, (0, 0, 0), 1, cv2.LINE_AA)
    return np.concatenate([head, row], axis=0)


def _crop(picture, box):
    x1, y1, x2, y2 = box
    side = max(x2 - x1, y2 - y1, 16) * 1.1
    cx, cy = (x1 + x2) / 2, (y1 + y2) / 2
    move = np.array([[CELL / (2 * side), 0, CELL / 2 - cx * CELL / (2 * side)],
                     [0, CELL / (2 * side), CELL / 2 - cy * CELL / (2 * side)]], np.float32)
    cell = cv2.warpAffine(picture, move, (CELL, CELL), flags=cv2.INTER_LINEAR, borderValue=(60, 60, 60))
    corners = cv2.transform(np.array([[[x1, y1], [x2, y2]]], np.float32), move)[0]
    cv2.rectangle(cell, [int(v) for v in corners[0]], [int(v) for v in corners[1]], (0, 255, 0), 1)
    return cell


def write(path, cells):
    """Writes the cells as one PNG. Nothing is written when there are none."""
    if not cells:
        return
    blank = np.full_like(cells[0], 128)
    rows = []
    for start in range(0, len(cells), ACROSS):
        row = cells[start:start + ACROSS]
        rows.append(np.concatenate(row + [blank] * (ACROSS - len(row)), axis=1))
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), cv2.cvtColor(np.concatenate(rows, axis=0), cv2.COLOR_RGB2BGR))
