"""MediaPipe's Python package on pictures from standard input; runs in build/mediapipe-venv.

mesh SIDE     faces: one byte (1: forget what came before), SIDE x SIDE x 3 bytes RGB; answers 478 x 2 float32 [px], NaN without a face
pose W H      frames: one byte, W x H x 3 bytes RGB; answers 33 x 3 float32 (x, y [px], visibility), NaN without a person
"""
import os
import sys

os.environ.setdefault("GLOG_minloglevel", "3")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import mediapipe  # noqa: E402
import numpy as np  # noqa: E402


def net_of(kind):
    if kind == "mesh":
        return mediapipe.solutions.face_mesh.FaceMesh(max_num_faces=1, refine_landmarks=True, min_detection_confidence=0.3,
                                                      min_tracking_confidence=0.3)
    return mediapipe.solutions.pose.Pose(model_complexity=1, smooth_landmarks=False)


def points_of(kind, said, width, height):
    if kind == "mesh":
        found = said.multi_face_landmarks
        if not found:
            return np.full((478, 2), np.nan, np.float32)
        return np.array([[p.x * width, p.y * height] for p in found[0].landmark], np.float32)
    if said.pose_landmarks is None:
        return np.full((33, 3), np.nan, np.float32)
    return np.array([[p.x * width, p.y * height, p.visibility] for p in said.pose_landmarks.landmark], np.float32)


def main():
    kind, *size = sys.argv[1:]
    width, height = (int(size[0]), int(size[-1]))
    net, out = net_of(kind), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # keeps the package's own output out of the answers
    while head := sys.stdin.buffer.read(1):
        data = sys.stdin.buffer.read(width * height * 3)
        if len(data) != width * height * 3:
            sys.exit("mediapipe_net: input ends inside a picture")
        if head[0]:
            net.reset()
        out.write(points_of(kind, net.process(np.frombuffer(data, np.uint8).reshape(height, width, 3)), width, height).tobytes())
        out.flush()


if __name__ == "__main__":
    main()
