#!/usr/bin/env python3
"""Asks dlib's own Python package for the points and the descriptors of some faces; stores its answers.

Run in a virtual environment of its own, outside the repository's sources:
  python3 -m venv build/dlib-venv
  build/dlib-venv/bin/pip install dlib-bin==20.0.1 numpy opencv-python-headless
  build/dlib-venv/bin/python tests/models/golden/make_descriptor_goldens.py FOLDER
FOLDER holds shape_predictor_5_face_landmarks.dat and dlib_face_recognition_resnet_model_v1.dat (from the package
face-recognition-models 0.3.0). dlib's frontal detector finds the face, its 5-point predictor the points, and the
descriptor is that of the 150-px chip with padding .25, without jitter. points: whole px, as dlib counts them (centres
at whole numbers). descriptor: 5 digits.
"""
import json
import pathlib
import sys

import dlib
from frames import FOOTAGE, HERE, SHARED, frames_of

# (golden file, folder, clip, size or None, frames)
CLIPS = [
    ("descriptors_footage.json", FOOTAGE, "WolfgangLanger_Pexels.mp4", (640, 360), [0, 40, 80]),
    ("descriptors_footage.json", FOOTAGE, "single_face.mp4", (640, 360), [0, 30, 60]),
    ("descriptors_shared.json", SHARED / "data", "grid/bbaf2n.mpg", (360, 288), [0, 30]),
    ("descriptors_shared.json", SHARED / "data", "grid/lbax4n.mpg", (360, 288), [10]),
    ("descriptors_shared.json", SHARED / "data", "grid/pwij3p.mpg", (360, 288), [10]),
    ("descriptors_shared.json", SHARED / "data", "intel_asl/again.mkv", (640, 480), [10]),
]


def main():
    models = pathlib.Path(sys.argv[1])
    detect = dlib.get_frontal_face_detector()
    predict = dlib.shape_predictor(str(models / "shape_predictor_5_face_landmarks.dat"))
    network = dlib.face_recognition_model_v1(str(models / "dlib_face_recognition_resnet_model_v1.dat"))
    found = {}
    for file, folder, clip, size, wanted in CLIPS:
        for index, rgb in frames_of(folder / clip, size, wanted):
            faces = detect(rgb, 1)
            if not faces:
                print(f"{clip} {index}: dlib finds no face, left out")
                continue
            shape = predict(rgb, max(faces, key=lambda face: face.area()))
            descriptor = network.compute_face_descriptor(rgb, shape, 0, 0.25)
            found.setdefault(file, []).append({
                "clip": clip,
                "frame": index,
                "mean_rgb": [round(float(v), 2) for v in rgb.reshape(-1, 3).mean(0)],
                "points": [[shape.part(i).x, shape.part(i).y] for i in range(5)],
                "descriptor": [round(v, 5) for v in descriptor],
            })
    for file, frames in found.items():
        text = ",\n".join(json.dumps(frame) for frame in frames)
        (HERE / file).write_text('{"frames": [\n' + text + "\n]}\n")


if __name__ == "__main__":
    main()
