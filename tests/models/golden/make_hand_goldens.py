#!/usr/bin/env python3
"""Asks MediaPipe's own hands (model_complexity=1) what they see, and stores the answers in hands.json.

Run in the environment that make_goldens.py describes. Two frames in a row of each place: the first is found by the palm
detector, the second by the landmarks of the first, so that both rules of where to look are tried.
"""
import json

import mediapipe as mp
from make_goldens import HERE, SHARED, frames_of, rounded

CLIPS = [("intel_asl/again.mkv", 30), ("intel_asl/book.mkv", 40), ("intel_asl/help.mkv", 45), ("intel_asl/milk.mkv", 30),
         ("intel_asl/walk.mkv", 40), ("intel_asl/yes.mkv", 35), ("intel_asl/thanks.mkv", 40)]


def hands(result, width, height):
    found = []
    for points, label in zip(result.multi_hand_landmarks or [], result.multi_handedness or []):
        found.append({"points": [v for p in points.landmark for v in rounded([p.x * width, p.y * height])],
                      "label": label.classification[0].label, "score": round(label.classification[0].score, 4)})
    return found


def main():
    entries = []
    for clip, first in CLIPS:
        tracker = mp.solutions.hands.Hands(static_image_mode=False, max_num_hands=2, model_complexity=1)
        for index, rgb in frames_of(SHARED / "data" / clip, (640, 480), [first, first + 1]):
            entries.append({"clip": clip, "frame": index, "palm": index == first, "mean_rgb": rounded(rgb.reshape(-1, 3).mean(0)),
                            "hands": hands(tracker.process(rgb), 640, 480)})
            print(clip, index, [h["label"] for h in entries[-1]["hands"]])
    about = f"mediapipe {mp.__version__}, made by make_hand_goldens.py; px of the frame; points: x, y of 21 in a row"
    text = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
    (HERE / "hands.json").write_text('{"about": ' + json.dumps(about) + ',\n"frames": [\n' + text + "\n]}\n")


if __name__ == "__main__":
    main()
