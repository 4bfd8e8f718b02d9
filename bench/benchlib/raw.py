"""Frames from a GStreamer pipeline without loss: I420 or RGB as in the pipeline."""
import os
import select
import shlex
import subprocess
import tempfile

import cv2
import numpy as np

from . import places

STALL = 300  # [s] a pipeline without output for so long counts as hung


def _up(value, step):
    return (value + step - 1) // step * step


class Layout:
    """Byte layout of one frame as GStreamer packs it (rows padded to 4 bytes); format is "I420" or "RGB"."""

    def __init__(self, form, width, height):
        self.form, self.width, self.height = form, width, height
        if form == "RGB":
            self.strides = [_up(3 * width, 4)]
            self.rows = [height]
        elif form == "I420":
            half = _up(_up(width, 2) // 2, 4)
            self.strides = [_up(width, 4), half, half]
            self.rows = [_up(height, 2), _up(height, 2) // 2, _up(height, 2) // 2]
        else:
            raise places.BenchError(f"format {form} is not measured here: I420 or RGB")
        self.size = sum(s * r for s, r in zip(self.strides, self.rows))

    def planes(self, data):
        """Views on one frame's bytes: [Y, U, V] with the odd row or column of chroma kept, or [RGB]."""
        out, at = [], 0
        for index, (stride, rows) in enumerate(zip(self.strides, self.rows)):
            plane = np.frombuffer(data, np.uint8, stride * rows, at).reshape(rows, stride)
            at += stride * rows
            if self.form == "RGB":
                out.append(plane[:, :3 * self.width].reshape(rows, self.width, 3))
            elif index == 0:
                out.append(plane[:self.height, :self.width])
            else:
                out.append(plane[:(self.height + 1) // 2, :(self.width + 1) // 2])
        return out

    def pack(self, planes):
        """Bytes of one frame in this layout from planes as planes() gives them."""
        data = np.zeros(self.size, np.uint8)
        for view, plane in zip(self.planes_of(data), planes):
            view[...] = plane
        return data.tobytes()

    def planes_of(self, data):
        """Writable views on a uint8 array of self.size."""
        out, at = [], 0
        for index, (stride, rows) in enumerate(zip(self.strides, self.rows)):
            plane = data[at:at + stride * rows].reshape(rows, stride)
            at += stride * rows
            if self.form == "RGB":
                out.append(plane[:, :3 * self.width].reshape(rows, self.width, 3))
            elif index == 0:
                out.append(plane[:self.height, :self.width])
            else:
                out.append(plane[:(self.height + 1) // 2, :(self.width + 1) // 2])
        return out


def rgb_of(planes, form, full_range):
    """The frame as height x width x 3 RGB, BT.601, as a viewer would see it."""
    if form == "RGB":
        return np.ascontiguousarray(planes[0])
    luma, cb, cr = planes
    height, width = luma.shape
    if full_range:
        luma = _LUMA_TO_VIDEO[luma]
        cb, cr = _CHROMA_TO_VIDEO[cb], _CHROMA_TO_VIDEO[cr]
    even_h, even_w = _up(height, 2), _up(width, 2)
    if (even_h, even_w) != (height, width):
        luma = cv2.copyMakeBorder(luma, 0, even_h - height, 0, even_w - width, cv2.BORDER_REPLICATE)
    packed = np.concatenate([np.ravel(luma), np.ravel(cb), np.ravel(cr)]).reshape(even_h * 3 // 2, even_w)
    return np.ascontiguousarray(cv2.cvtColor(packed, cv2.COLOR_YUV2RGB_I420)[:height, :width])


_LUMA_TO_VIDEO = np.clip(np.round(np.arange(256) * 219 / 255 + 16), 0, 255).astype(np.uint8)
_CHROMA_TO_VIDEO = np.clip(np.round((np.arange(256) - 128) * 224 / 255 + 128), 0, 255).astype(np.uint8)


def pipeline_text(clip, graph, form):
    """The launch line of one run over a clip, as printed in results (file name only)."""
    middle = f" ! {graph}" if graph else ""
    return (f"filesrc location=\"{clip.path}\" ! decodebin expose-all-streams=false caps=\"video/x-raw(ANY)\" ! videoconvert ! video/x-raw,format={form}{middle}"
            f" ! capsfilter caps=video/x-raw,format={form} ! fdsink fd=1 sync=false")


def frames(clip, graph, form, env, stall=STALL):
    """Yields the planes of every frame the pipeline puts out, in order.

    Raises BenchError when the pipeline fails, hangs, or ends inside a frame; the message ends with its own words.
    """
    layout = Layout(form, clip.width, clip.height)
    with tempfile.TemporaryFile() as words:
        command = ["gst-launch-1.0", "-q"] + shlex.split(pipeline_text(clip, graph, form))
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=words, env=env)
        try:
            yield from _read(process, layout, clip, words, stall)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()


def _read(process, layout, clip, words, stall):
    pipe = process.stdout.fileno()
    while True:
        data = bytearray()
        while len(data) < layout.size:
            if not select.select([pipe], [], [], stall)[0]:
                raise places.BenchError(f"{clip.name}: the pipeline gave nothing for {stall} s and was stopped")
            more = os.read(pipe, min(layout.size - len(data), 1 << 20))
            if not more:
                break
            data += more
        if not data:
            break
        if len(data) != layout.size:
            raise places.BenchError(f"{clip.name}: output ends inside a frame{_tail(words)}")
        yield layout.planes(bytes(data))
    if process.wait() != 0:
        raise places.BenchError(f"{clip.name}: the pipeline failed{_tail(words)}")


def _tail(words):
    words.seek(0)
    said = words.read().decode(errors="replace").strip().splitlines()
    return ": " + " | ".join(said[-4:])[-600:] if said else ""
