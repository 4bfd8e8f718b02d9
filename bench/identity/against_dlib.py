#!/usr/bin/env python3
"""Works out with dlib's own Python package what identitymeter wrote, from the frames themselves.

Run in a virtual environment of its own, outside the repository's sources:
  python3 -m venv build/dlib-venv
  build/dlib-venv/bin/pip install dlib-bin==20.0.1 numpy
  . build/env
  build/dlib-venv/bin/python bench/identity/against_dlib.py build/deps/footage/single_face.mp4 [--cover deidfaceswap]
The clip goes through decodebin ! videoconvert ! RGB ! deidfacedetect ! identitymeter ! COVER ! identitymeter raw=. From the
raw data come the five points alone; dlib cuts the chips out of the frames and describes them. Exit status 1 when a
descriptor or a distance differs by more than 1e-3. RGB, because every converter of YUV rounds its own way, which moves a
descriptor by about .01.
"""
import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import dlib
import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOST = 1e-3


def launch(*words):
    subprocess.run(["gst-launch-1.0", "-q", *" ! ".join(words).split()], check=True)


def frames(path, width, height):
    return numpy.fromfile(path, numpy.uint8).reshape(-1, height, width, 3)


def size_of(clip):
    said = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0",
                           str(clip)], capture_output=True, text=True, check=True).stdout
    return [int(word) for word in said.strip().strip(",").split(",")[:2]]


def compare(network, clip, cover, interval, folder):
    """(faces, worst differences: original, de-identified, distance between the two)"""
    width, height = size_of(clip)
    head = [f"filesrc location={clip}", "decodebin", "videoconvert", "video/x-raw,format=RGB"]
    before, after, raw = folder / "before", folder / "after", folder / "raw.jsonl"
    launch(*head, f"filesink location={before}")
    launch(*head, "deidfacedetect", f"deididentitymeter stage=original interval={interval}", cover,
           f"deididentitymeter interval={interval} raw={raw}", f"filesink location={after}")
    originals, results = frames(before, width, height), frames(after, width, height)

    def describe(picture, points):
        whole = [dlib.point(math.floor(x), math.floor(y)) for x, y in points]
        return numpy.array(network.compute_face_descriptor(picture, dlib.full_object_detection(dlib.rectangle(0, 0, 1, 1), whole), 0, .25))

    worst, count = numpy.zeros(3), 0
    for line in raw.read_text().splitlines()[1:]:
        face = json.loads(line)
        if face["original"] is None or face["deidentified"] is None:
            continue
        was, now = describe(originals[face["frame"]], face["chip_original"]), describe(results[face["frame"]], face["chip_deidentified"])
        worst = numpy.maximum(worst, [numpy.linalg.norm(was - face["original"]), numpy.linalg.norm(now - face["deidentified"]),
                                      abs(numpy.linalg.norm(was - now) - face["d_original"])])
        count += 1
    return count, worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("clip", type=pathlib.Path)
    parser.add_argument("--cover", default="deidfaceswap", help="the element between (default deidfaceswap)")
    parser.add_argument("--interval", type=int, default=6)
    parser.add_argument("--model", default=str(ROOT / "build/deps/models/dlib_face_recognition_resnet_model_v1.dat"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        count, worst = compare(dlib.face_recognition_model_v1(options.model), options.clip, options.cover, options.interval, pathlib.Path(folder))
    print(f"{count} faces; farthest from dlib's: original {worst[0]:.2e}, de-identified {worst[1]:.2e}, distance between the two {worst[2]:.2e}")
    return 0 if count > 0 and worst.max() <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
