"""478 points of every face of a video by MediaPipe's attention mesh, which the swap does not use; they include iris points."""
import dataclasses
import hashlib
import os
import pathlib
import subprocess

import cv2
import numpy as np

import peer
from benchlib import places, raw

SCRIPT = pathlib.Path(__file__).with_name("mediapipe_net.py")
SIDE = 384     # [px] of MediaPipe's picture
AROUND = 2.2   # its width in widths of the face
INNER, GROWTH = 0.22, 1.3  # a window stays while the face's middle is within INNER of the window's middle, and its size within GROWTH
VERSION = 1


class Process:
    """mediapipe_net.py; close() ends it."""

    def __init__(self, kind, width, height, shape):
        self._shape = shape
        self._process = subprocess.Popen([peer.python(), SCRIPT, kind, str(width), str(height)], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def __call__(self, rgb, anew):
        self._process.stdin.write(bytes([anew]) + np.ascontiguousarray(rgb).tobytes())
        self._process.stdin.flush()
        size = 4 * self._shape[0] * self._shape[1]
        data = self._process.stdout.read(size)
        if len(data) != size:
            raise places.BenchError(f"mediapipe_net.py ended with status {self._process.wait()}")
        return np.frombuffer(data, np.float32).reshape(self._shape)

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def windows(track):
    """{frame: (x, y, side, anew)}: the square that is cut out. It changes as seldom as possible, so that its motion is in no
    figure. It is the same for the original and its variants. anew: it differs from the previous frame's."""
    out, now, before = {}, None, None
    for number, row in sorted(track.rows.items()):
        cx, cy, size = (row[0] + row[2]) / 2, (row[1] + row[3]) / 2, max(row[2] - row[0], row[3] - row[1])
        fits = now is not None and before == number - 1 and max(abs(cx - now[0]), abs(cy - now[1])) < INNER * now[2] and (
            1 / GROWTH < size * AROUND / now[2] < GROWTH)
        if not fits:
            now = (cx, cy, size * AROUND)
        out[number] = (now[0] - now[2] / 2, now[1] - now[2] / 2, now[2], not fits)
        before = number
    return out


def of_video(clip, found, frames, file, fresh=False):
    """[points per track: {frame: 478 x 2 in px of the frame}] of the video whose planes `frames()` yields; kept in `file`."""
    if not file.exists() or fresh:
        nets = [Process("mesh", SIDE, SIDE, (478, 2)) for _ in found]
        places_of = [windows(track) for track in found]
        rows = []
        for number, planes in enumerate(frames()):
            here = [n for n, where in enumerate(places_of) if number in where]
            rgb = raw.rgb_of(planes, "I420", clip.full_range) if here else None
            for n in here:
                x, y, side, anew = places_of[n][number]
                points = nets[n](cut(rgb, x, y, side), anew)
                rows.append((n, number, points * (side / SIDE) + np.array([x, y], np.float32)))
        for net in nets:
            net.close()
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"part.{os.getpid()}.{file.name}")
        np.savez_compressed(part, track=[r[0] for r in rows], frame=[r[1] for r in rows],
                            points=np.reshape([r[2] for r in rows], (-1, 478, 2)).astype(np.float32))
        part.rename(file)
    with np.load(file) as kept:
        out = [{} for _ in found]
        for n, number, points in zip(kept["track"], kept["frame"], kept["points"]):
            out[n][int(number)] = points
    return out


def cut(rgb, x, y, side):
    """The square as SIDE x SIDE RGB."""
    if side > 2 * SIDE:
        rgb, x, y, side = cv2.resize(rgb, None, fx=SIDE / side, fy=SIDE / side, interpolation=cv2.INTER_AREA), x * SIDE / side, y * SIDE / side, SIDE
    scale = SIDE / side
    move = np.array([[scale, 0, -x * scale], [0, scale, -y * scale]])
    return cv2.warpAffine(rgb, move, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def three(bench, clip, found, made):
    """{"original", "swapped", "re-encoded": points as of_video gives them}; the last is absent for odd sizes, which x264 refuses."""
    which = hashlib.sha256(repr([sorted(track.rows) for track in found]).encode()).hexdigest()[:8]
    folder, name = places.WORK / "swap", f"{clip.digest()}-{which}-mesh-{VERSION}.npz"
    same = places.stock_env()
    out = {"original": of_video(clip, found, lambda: raw.frames(clip, "", "I420", same), folder / "original" / name, bench.fresh),
           "swapped": of_video(clip, found, made.planes, folder / bench.settings.key / name, bench.fresh)}
    again = reencoded(clip)
    if again:
        other = dataclasses.replace(clip, path=again)
        out["re-encoded"] = of_video(clip, found, lambda: raw.frames(other, "", "I420", same), folder / "re-encoded" / name, bench.fresh)
    return out


def reencoded(clip):
    """The clip after x264 at crf 23, the encoder of `deid run`: the noise floor. None for odd sizes."""
    if clip.width % 2 or clip.height % 2:
        return None
    path = places.WORK / "swap" / "re-encoded" / f"{clip.digest()}.mkv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name("part." + path.name)
        done = subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(clip.path), "-an", "-vsync", "passthrough", "-c:v", "libx264", "-preset",
                               "veryfast", "-crf", "23", "-pix_fmt", "yuv420p", str(part)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise places.BenchError(f"{clip.name}: ffmpeg cannot encode it anew: {done.stderr.strip()[-200:]}")
        part.rename(path)
    return path
