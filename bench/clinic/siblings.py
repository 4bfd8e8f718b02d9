"""Variants of pictures as others might have taken them: rotated, dark, small, cropped to a face, with veils and masks."""
import cv2
import numpy as np

CHANGES = ("lying", "lying, dark", "small", "veiled", "close, lying, dark")
COLOURS = [(30, 30, 35), (220, 225, 225), (160, 130, 90)]  # of veils and masks, BGR


def load(path, frame):
    """The picture, or this frame of a clip; BGR."""
    if path.suffix in (".jpg", ".png"):
        return cv2.imread(str(path))
    clip = cv2.VideoCapture(str(path))
    for _ in range(frame + 1):
        _, image = clip.read()
    return image


def darkened(image):
    """A dim room: a tenth to a third of the light, with the sensor's noise."""
    light = .3 * (image.astype(np.float32) / 255) ** 1.6
    noise = np.random.default_rng(1).normal(0, .012, light.shape)
    return (np.clip(light + noise, 0, 1) * 255).astype(np.uint8)


def turned(image, entry):
    """Rotated by a quarter, clockwise, as for a lying person."""
    height = image.shape[0]
    boxes = {key: [[height - y - h, x, h, w] for x, y, w, h in entry.get(key, [])] for key in ("faces", "heads", "unjudged")}
    return cv2.rotate(image, cv2.ROTATE_90_CLOCKWISE), boxes


def scaled(image, entry, by):
    boxes = {key: [[v * by for v in box] for box in entry.get(key, [])] for key in ("faces", "heads", "unjudged")}
    return cv2.resize(image, None, fx=by, fy=by, interpolation=cv2.INTER_AREA), boxes


def veiled(image, entry):
    """The lower half of each face behind one colour."""
    image = image.copy()
    for index, (x, y, w, h) in enumerate(entry["faces"]):
        cv2.ellipse(image, (int(x + w / 2), int(y + .78 * h)), (int(.52 * w), int(.33 * h)), 0, 0, 360, COLOURS[index % 3], -1)
    return image


def close(image, entry):
    """Only the first face with as much margin around it, without the body; None when it would be tiny."""
    x, y, w, h = entry["faces"][0]
    margin = max(w, h)
    left, top = max(0, x - margin), max(0, y - margin)
    part = image[top:y + h + margin, left:x + w + margin]
    shift = lambda boxes: [[bx - left, by - top, bw, bh] for bx, by, bw, bh in boxes]
    others = shift(entry["faces"][1:] + entry.get("heads", []) + entry.get("unjudged", []))
    return (part, {"faces": shift(entry["faces"][:1]), "unjudged": others}) if min(part.shape[:2]) >= 96 else None


def of(image, entry):
    """(change, image, truth) of the picture's variants."""
    lying, boxes = turned(image, entry)
    yield "lying", lying, boxes
    yield "lying, dark", darkened(lying), boxes
    yield ("small", *scaled(image, entry, .5))
    if entry["faces"]:
        yield "veiled", veiled(image, entry), entry
        if part := close(image, entry):
            lying, boxes = turned(*part)
            yield "close, lying, dark", darkened(lying), boxes
