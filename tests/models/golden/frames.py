"""Decodes frames of clips for the scripts beside it, exactly as tests/support/frames.cpp does."""
import os
import pathlib
import subprocess
import tempfile

import cv2
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
FOOTAGE = ROOT / "build/deps/footage"
SHARED = pathlib.Path(os.environ.get("DEID_SHARED", ROOT.parent / "shared"))


def size_of(clip):
    capture = cv2.VideoCapture(str(clip))
    return int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)), int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))


def frames_of(clip, size, wanted):
    """Yields (index, RGB array) for the wanted frames."""
    width, height = size or size_of(clip)
    picture = clip.suffix == ".png"
    layout = "RGB" if picture else "I420"
    with tempfile.TemporaryDirectory() as scratch:
        raw = pathlib.Path(scratch) / "frames"
        subprocess.run(
            ["gst-launch-1.0", "-q", "filesrc", f"location={clip}", "!", "decodebin", "!"]
            + (["videoconvert", "!"] if picture else [])
            + [f"video/x-raw,format={layout}", "!", "filesink", f"location={raw}"],
            check=True,
        )
        data = np.fromfile(raw, np.uint8)
    length = width * height * 3 if picture else width * height * 3 // 2
    assert data.size % length == 0, (clip, data.size, length)
    for index in wanted:
        frame = data[index * length : (index + 1) * length]
        if picture:
            yield index, np.ascontiguousarray(frame.reshape(height, width, 3))
        else:
            yield index, cv2.cvtColor(frame.reshape(height * 3 // 2, width), cv2.COLOR_YUV2RGB_I420)
