"""MediaPipe's Python package on a clip or on stills; runs in build/mediapipe-venv, prints JSON.

clip FILE WIDTH HEIGHT [--read-only]   every frame, as a user calls it (model_complexity=1, no smoothing): {"frames", "found"}
stills FILE...                         one person each, as the package finds no more: {name: {"score", "keypoints"} or null}
"""
import json
import pathlib
import subprocess
import sys

import numpy as np

COCO = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)  # COCO's points among BlazePose's 33


def frames_of(path, width, height):
    command = ["ffmpeg", "-v", "error", "-threads", "1", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as ffmpeg:
        while len(data := ffmpeg.stdout.read(width * height * 3)) == width * height * 3:
            yield np.frombuffer(data, np.uint8).reshape(height, width, 3)


def pose(still):
    import mediapipe
    return mediapipe.solutions.pose.Pose(static_image_mode=still, model_complexity=1, smooth_landmarks=False)


def clip(path, width, height, read_only):
    count, found, net = 0, 0, None if read_only else pose(False)
    for rgb in frames_of(path, int(width), int(height)):
        count += 1
        found += net is not None and net.process(rgb).pose_landmarks is not None
    return {"frames": count, "found": found}


def still(path):
    import cv2
    rgb = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
    marks = pose(True).process(rgb).pose_landmarks
    if marks is None:
        return None
    points = [marks.landmark[n] for n in COCO]
    height, width = rgb.shape[:2]
    flat = [number for p in points for number in (p.x * width, p.y * height, p.visibility)]
    return {"score": sum(p.visibility for p in points) / len(points), "keypoints": flat}


def main():
    kind, *words = sys.argv[1:]
    if kind == "clip":
        said = clip(words[0], words[1], words[2], "--read-only" in words)
    else:
        said = {pathlib.Path(path).name: still(path) for path in words}
    print(json.dumps(said))


if __name__ == "__main__":
    main()
