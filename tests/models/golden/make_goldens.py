#!/usr/bin/env python3
"""Asks MediaPipe's own Python package what it sees in some frames and stores the answers as small JSON files.

Run in a virtual environment of its own (build/golden-venv does, it is not in git):
  python3 -m venv build/golden-venv
  build/golden-venv/bin/pip install mediapipe==0.10.9 'numpy<2'
  build/golden-venv/bin/pip uninstall -y opencv-contrib-python
  build/golden-venv/bin/pip install 'opencv-python-headless<4.11'
  build/golden-venv/bin/python tests/models/golden/make_goldens.py

Frames are decoded by GStreamer (gst-launch-1.0, decodebin) into I420 or, for pictures, RGB, and I420 becomes RGB by
OpenCV's cvtColor: the test does the same, so both look at the same pixels.

MediaPipe 0.10.9 ignores min_detection_confidence of face_detection: its graphs use .5 (short range) and .6 (full range).
"""
import json

import mediapipe as mp
from frames import FOOTAGE, HERE, SHARED, frames_of, size_of  # noqa: F401 (others import them from here)

# (golden file, folder, clip, size, frames)
CLIPS = [
    ("footage.json", FOOTAGE, "WolfgangLanger_Pexels.mp4", (640, 360), [0, 100, 200, 300, 400]),
    ("footage.json", FOOTAGE, "single_face.mp4", (640, 360), [0, 30, 60]),
    ("footage.json", FOOTAGE, "no_face.mp4", None, [0, 20]),
    ("shared.json", SHARED / "data", "grid/bbaf2n.mpg", (360, 288), [0, 30]),
    ("shared.json", SHARED / "data", "grid/lbax4n.mpg", (360, 288), [10]),
    ("shared.json", SHARED / "data", "intel_asl/again.mkv", (640, 480), [10, 50]),
    ("shared.json", SHARED / "data", "intel_asl/bird.mkv", (640, 480), [20]),
    ("shared.json", SHARED / "data", "stills/astronaut.png", (512, 512), [0]),
]


def rounded(values, digits=2):
    return [round(float(v), digits) for v in values]


def faces(detector, rgb):
    height, width = rgb.shape[:2]
    found = []
    for detection in detector.process(rgb).detections or []:
        box = detection.location_data.relative_bounding_box
        points = detection.location_data.relative_keypoints
        found.append(
            {
                "box": rounded([box.xmin * width, box.ymin * height, box.width * width, box.height * height]),
                "score": round(detection.score[0], 4),
                "keypoints": [rounded([p.x * width, p.y * height]) for p in points],
            }
        )
    return found


def meshes(mesh, rgb):
    height, width = rgb.shape[:2]
    return [
        [v for p in face.landmark for v in rounded([p.x * width, p.y * height, p.z * width])]
        for face in mesh.process(rgb).multi_face_landmarks or []
    ]


def main():
    short = mp.solutions.face_detection.FaceDetection(model_selection=0)
    full = mp.solutions.face_detection.FaceDetection(model_selection=1)
    mesh = mp.solutions.face_mesh.FaceMesh(static_image_mode=True, max_num_faces=4, refine_landmarks=False)
    files = {}
    for golden, folder, clip, size, wanted in CLIPS:
        for index, rgb in frames_of(folder / clip, size, wanted):
            files.setdefault(golden, []).append(
                {
                    "clip": clip,
                    "frame": index,
                    "mean_rgb": rounded(rgb.reshape(-1, 3).mean(0)),
                    "short": faces(short, rgb),
                    "full": faces(full, rgb),
                    "mesh": meshes(mesh, rgb),
                }
            )
    for golden, entries in files.items():
        about = f"mediapipe {mp.__version__}, made by make_goldens.py; px of the frame; mesh: x, y, z of 468 points in a row"
        text = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
        (HERE / golden).write_text('{"about": ' + json.dumps(about) + ',\n"frames": [\n' + text + "\n]}\n")


if __name__ == "__main__":
    main()
