"""Descriptors by dlib's own detector, points and network, none of which the swap uses."""
import base64
import hashlib
import json
import os
import struct
import subprocess

import cv2
import numpy as np

import subjects
from benchlib import places, raw

PROGRAM = places.ROOT / "build" / "bench" / "dlib_describe"
SHAPE = places.ROOT / "build" / "bench" / "shape_predictor_68_face_landmarks.dat"
NETWORK = places.ROOT / "build" / "bench" / "dlib_face_recognition_resnet_model_v1.dat"
SIDE, FACE = 360, 150  # [px] of dlib's picture, and of the face in it
# The box of dlib's detector in that picture: its middle relative to the picture's middle, and its side, in FACE px. They are
# medians over the frames of all clips in which it finds the face. They stand in for faces that it does not find.
PLACE = (0.0, 0.04, 1.0)
VERSION, SWAPPED_VERSION = 2, 3


class Dlib:
    """dlib in a process of its own; close() ends it."""

    def __init__(self):
        words = [places.need(path, "run bench/setup-bench") for path in (PROGRAM, SHAPE, NETWORK)]
        env = dict(os.environ, OPENBLAS_NUM_THREADS="1")
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env)

    def __call__(self, rgb, place=None):
        """{"rect", "points" 68 x 2, "descriptor" 128} of the face at `place` (x1 y1 x2 y2), or of the one dlib finds; None."""
        self._process.stdin.write(struct.pack("<IIffff", rgb.shape[1], rgb.shape[0], *(place or (0, 0, 0, 0))))
        self._process.stdin.write(np.ascontiguousarray(rgb).tobytes())
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise places.BenchError(f"dlib_describe ended with status {self._process.wait()}")
        said = json.loads(line)
        if said is None:
            return None
        return {"rect": said["rect"], "points": np.reshape(said["points"], (68, 2)), "descriptor": np.array(said["descriptor"], np.float32)}

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def cut(rgb, row):
    """The face of a CenterFace row in the middle of a picture of SIDE px, FACE px wide, rotated so that its eyes are level:
    dlib's detector knows only upright faces."""
    x1, y1, x2, y2 = row[:4]
    scale = FACE / max(x2 - x1, (y2 - y1) * 0.8)
    middle = np.array([(x1 + x2) / 2, (y1 + y2) / 2])
    if scale < 0.5:  # warpAffine does not average, so large faces are reduced first
        rgb, middle, small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), middle * scale, 1.0
    else:
        small = scale
    angle = np.arctan2(row[8] - row[6], row[7] - row[5]) if len(row) >= 9 else 0.0
    turn = small * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    move = np.concatenate([turn, (SIDE / 2 - turn @ middle)[:, None]], axis=1)
    return cv2.warpAffine(rgb, move, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _guess():
    x, y, side = (v * FACE for v in PLACE)
    return [SIDE / 2 + x - side / 2, SIDE / 2 + y - side / 2, SIDE / 2 + x + side / 2, SIDE / 2 + y + side / 2]


def originals(clip, found, fresh=False):
    """Descriptors of a clip's original faces: {"frame", "track", "rect" n x 4 in the cut, "seen" by dlib itself,
    "descriptor"}."""
    file = places.WORK / "swap" / "original" / f"{clip.digest()}-{VERSION}.npz"
    if file.exists() and not fresh:
        with np.load(file) as kept:
            return dict(kept)
    dlib, rows = Dlib(), []
    for number, planes in enumerate(raw.frames(clip, "", "I420", places.stock_env())):
        here = [(n, track.rows[number]) for n, track in enumerate(found) if number in track.rows]
        rgb = raw.rgb_of(planes, "I420", clip.full_range) if here else None
        for n, row in here:
            face = cut(rgb, row)
            said = dlib(face)
            seen = said is not None
            said = said or dlib(face, _guess())
            rows.append((number, n, said["rect"], seen, said["descriptor"]))
    dlib.close()
    return _keep(file, {"frame": [r[0] for r in rows], "track": [r[1] for r in rows], "rect": np.reshape([r[2] for r in rows], (-1, 4)),
                        "seen": [r[3] for r in rows], "descriptor": np.reshape([r[4] for r in rows], (-1, 128))})


def swapped(settings, made, found, before, fresh=False):
    """The same faces in the swapped video, with dlib's points at the same places: {"descriptor", "rung"} in the order of
    `before`. Numbers are NaN where the face was not swapped."""
    file = places.WORK / "swap" / settings.key / f"{made.clip.digest()}-{SWAPPED_VERSION}.npz"
    if file.exists() and not fresh:
        with np.load(file) as kept:
            return dict(kept)
    dlib = Dlib()
    result, rungs = np.full((len(before["frame"]), 128), np.nan, np.float32), []
    where = {}
    for index, number in enumerate(before["frame"]):
        where.setdefault(int(number), []).append(index)
    for number, planes in enumerate(made.planes()):
        rgb = raw.rgb_of(planes, "I420", made.clip.full_range) if number in where else None
        for index in where.get(number, []):
            row = found[before["track"][index]].rows[number]
            rungs.append((index, subjects.rung_at(made.frames[number], row)))
            if rungs[-1][1] in ("swap", "kept", "fading"):
                result[index] = dlib(cut(rgb, row), [float(v) for v in before["rect"][index]])["descriptor"]
    dlib.close()
    rungs = [rung for _, rung in sorted(rungs)]
    return _keep(file, {"descriptor": result, "rung": np.array(rungs, "U8")})


def target(file, fresh=False):
    """(name, descriptor of the target's own picture, computed as for all faces)."""
    content = json.loads(places.need(file, "name another target").read_text())
    name = hashlib.sha256(content["rgb"].encode()).hexdigest()[:20]
    kept = places.WORK / "swap" / "targets" / f"{name}-{VERSION}.npz"
    if not kept.exists() or fresh:
        rgb = np.frombuffer(base64.b64decode(content["rgb"]), np.uint8).reshape(content["height"], content["width"], 3)
        marks = np.array(content["landmarks"])[:, :2]
        (x1, y1), (x2, y2) = marks.min(axis=0), marks.max(axis=0)
        dlib = Dlib()
        face = cut(rgb, [x1, y1, x2, y2])
        said = dlib(face) or dlib(face, _guess())
        dlib.close()
        _keep(kept, {"descriptor": said["descriptor"]})
    with np.load(kept) as found:
        return content["name"], found["descriptor"]


def _keep(file, arrays):
    arrays = {name: np.asarray(values) for name, values in arrays.items()}
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"part.{os.getpid()}.{file.name}")
    np.savez_compressed(part, **arrays)
    part.rename(file)
    return arrays
