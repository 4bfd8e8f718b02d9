"""Actors and the stage of edited clips: frames transformed by known matrices, and their faces with them."""
import json
import subprocess

import cv2
import numpy as np

from benchlib import clips, detect, faces, places, raw

LEAST_WIDTH = 20    # [px] narrower faces are not in the truth
LEAST_INSIDE = 0.5  # least share of a face's box in the frame for the truth
LEAST_CONTRAST = 4  # [luma levels] least standard deviation in the face's box: less is a black or white frame


class Actor:
    """A real clip in memory: frames[n] RGB, faces[n] list of {box, marks} that CenterFace found with certainty (or that lie
    between such)."""

    def __init__(self, name, first=0, last=None):
        clip = next((c for c in clips.real() if c.name.endswith(name)), None)
        if clip is None:
            raise places.BenchError(f"{name} is needed to make an edited clip and is not in the shared data")
        found = detect.source_faces(clip, use_mmod=False)
        known = faces.of_clip(dict(found, mmod=None), None)
        self.frames = [raw.rgb_of(p, "I420", clip.full_range) for p in raw.frames(clip, "", "I420", places.stock_env())]
        self.frames, self.faces = self.frames[first:last], known[first:last]
        self.height, self.width = self.frames[0].shape[:2]

    def __len__(self):
        return len(self.frames)

    def main_face(self, n):
        """Box of the largest face at frame n, or of the nearest frame that has one."""
        for away in range(len(self)):
            for at in (n - away, n + away):
                if 0 <= at < len(self) and self.faces[at]:
                    return max((f["box"] for f in self.faces[at]), key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))
        raise places.BenchError("an actor without a face")


def move(scale=1.0, angle=0.0, about=(0, 0), to=(0, 0), stretch=1.0, mirror=False):
    """2x3 matrix: rotates by angle [degrees] and scales around `about`, which moves to `to`."""
    turn = np.deg2rad(angle)
    matrix = np.array([[np.cos(turn) * scale, -np.sin(turn) * scale], [np.sin(turn) * scale, np.cos(turn) * scale]])
    matrix = np.diag([stretch * (-1 if mirror else 1), 1.0]) @ matrix
    return np.concatenate([matrix, (np.array(to, float) - matrix @ np.array(about, float))[:, None]], axis=1)


def show(actor, n, matrix, size, ground=None):
    """(frame, faces): actor's frame n moved by the matrix onto a stage of size (width, height) over `ground`."""
    n %= len(actor)
    picture = cv2.warpAffine(actor.frames[n], matrix, size, flags=_quality(matrix), borderMode=cv2.BORDER_CONSTANT)
    if ground is not None:
        inside = cv2.warpAffine(np.full(actor.frames[n].shape[:2], 255, np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
        picture = np.where(inside[..., None] > 0, picture, ground)
    return picture, [moved(face, matrix) for face in actor.faces[n]]


def _quality(matrix):
    return cv2.INTER_AREA if abs(np.linalg.det(matrix[:, :2])) < 0.3 else cv2.INTER_LINEAR


def moved(face, matrix):
    """The face after the transform. The box of a rotated face is the square that lies within its rotated box."""
    box, linear = face["box"], matrix[:, :2]
    cx, cy = matrix @ np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 1.0])
    wide, high = box[2] - box[0], box[3] - box[1]
    width, height = np.abs(linear) @ np.array([wide, high])
    if np.abs(linear).min() > 0.02 * np.abs(linear).max():  # not rotated by quarter turns
        width = height = np.sqrt(abs(np.linalg.det(linear)) * wide * high)
    marks = face["marks"]
    if marks is not None:
        marks = np.ravel((linear @ np.reshape(marks, (-1, 2)).T).T + matrix[:, 2]).tolist()
    return {"box": [cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2], "marks": marks}


def claimed(picture, face):
    """True for a visible face: wide enough, mostly in the frame, not lost in black or white."""
    height, width = picture.shape[:2]
    x1, y1, x2, y2 = face["box"]
    if x2 - x1 < LEAST_WIDTH:
        return False
    ix1, iy1, ix2, iy2 = max(0, int(x1)), max(0, int(y1)), min(width, int(x2)), min(height, int(y2))
    if ix1 >= ix2 or iy1 >= iy2 or (ix2 - ix1) * (iy2 - iy1) < LEAST_INSIDE * (x2 - x1) * (y2 - y1):
        return False
    return cv2.cvtColor(picture[iy1:iy2, ix1:ix2], cv2.COLOR_RGB2GRAY).std() >= LEAST_CONTRAST


def record(name, fps, scene, crf=12):
    """Plays the scene (frames with their faces) into bench/cache/nasty/NAME.mkv with its truth beside it."""
    folder = places.WORK / "nasty"
    folder.mkdir(parents=True, exist_ok=True)
    video, part = folder / f"{name}.mkv", folder / f"{name}.part"
    encoder, truth = None, []
    for picture, cast in scene:
        if encoder is None:
            height, width = picture.shape[:2]
            encoder = subprocess.Popen(
                ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r",
                 str(fps), "-i", "-", "-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf), "-pix_fmt", "yuv420p",
                 "-threads", "1", "-f", "matroska", str(part)], stdin=subprocess.PIPE)
        encoder.stdin.write(np.ascontiguousarray(picture).tobytes())
        truth.append([_rounded(face) for face in cast if claimed(picture, face)])
    encoder.stdin.close()
    if encoder.wait() != 0:
        raise places.BenchError(f"ffmpeg could not write {name}")
    (folder / f"{name}.truth.json").write_text(json.dumps({"frames": truth}))
    part.rename(video)
    return len(truth), sum(1 for cast in truth if cast)


def _rounded(face):
    return {key: [round(float(v), 1) for v in face[key]] for key in ("box", "marks", "hidden") if face.get(key) is not None}
