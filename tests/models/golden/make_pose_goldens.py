#!/usr/bin/env python3
"""Asks MediaPipe's own Python package where a person's points are in whole clips, and stores some frames' answers.

Run as make_goldens.py says (same virtual environment): python make_pose_goldens.py
  --every-frame FILE   all frames of all clips into FILE instead (some MB, for measuring; not for git)

The graph runs over every frame of a clip as a video (static_image_mode off, smoothing off), so a stored frame also
depends on all frames before it. region: centre x, y, side [px], rotation [rad]. Positions: tenths of a px of the frame, 33 x (x, y, visibility in percent).
"""
import argparse
import json
import pathlib

import mediapipe as mp
from make_goldens import FOOTAGE, HERE, SHARED, frames_of, size_of
from mediapipe.python.solution_base import SolutionBase

# (folder, clip, size or None to ask the file, frames to store)
CLIPS = [
    (FOOTAGE, "WolfgangLanger_Pexels.mp4", (640, 360), range(0, 200, 25)),
    (FOOTAGE, "single_face.mp4", (640, 360), range(0, 72, 10)),
    (SHARED / "data", "pose2sim/cam01.mp4", None, range(0, 100, 9)),
    (SHARED / "data", "pose2sim/cam03.mp4", None, range(0, 100, 9)),
    (SHARED / "data", "pose2sim/multi/cam01.mp4", None, range(0, 100, 14)),
    (SHARED / "data", "pose2sim/multi/cam03.mp4", None, range(0, 100, 14)),
    (SHARED / "data", "intel_asl/again.mkv", (640, 480), range(0, 70, 9)),
    (SHARED / "data", "intel_asl/walk.mkv", (640, 480), range(0, 80, 9)),
    (SHARED / "data", "intel_asl/student.mkv", (640, 480), range(0, 40, 6)),
    (SHARED / "data", "intel_samples/one-by-one-person-detection.mp4", (768, 432), range(100, 400, 15)),
]


def graph():
    """mp.solutions.pose.Pose(static_image_mode=False, model_complexity=1, smooth_landmarks=False), with the regions too."""
    return SolutionBase(
        binary_graph_path="mediapipe/modules/pose_landmark/pose_landmark_cpu.binarypb",
        side_inputs={
            "model_complexity": 1,
            "smooth_landmarks": False,
            "enable_segmentation": False,
            "smooth_segmentation": False,
            "use_prev_landmarks": True,
        },
        calculator_params={"posedetectioncpu__TensorsToDetectionsCalculator.min_score_thresh": 0.5},
        outputs=["pose_landmarks", "pose_rect_from_detection", "pose_rect_from_landmarks"],
    )


def rect(roi, width, height):
    return [
        round(v, 4) for v in (roi.x_center * width, roi.y_center * height, roi.width * width, roi.rotation)
    ]


def answer(results, index, rgb, region):
    """region: where the landmark network looked in this frame."""
    height, width = rgb.shape[:2]
    entry = {"frame": index, "mean_rgb": [round(float(v), 2) for v in rgb.reshape(-1, 3).mean(0)], "points": []}
    if region:
        entry["region"] = rect(region, width, height)
    if results.pose_landmarks:
        for p in results.pose_landmarks.landmark:
            entry["points"] += [round(p.x * width * 10), round(p.y * height * 10), round(100 * p.visibility)]
    return entry


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--every-frame", type=pathlib.Path)
    every = parser.parse_args().every_frame
    files = {}
    for folder, clip, size, wanted in CLIPS:
        pose = graph()
        entries = []
        size = size or size_of(folder / clip)
        following = None
        for index, rgb in frames_of(folder / clip, size, range(0, max(wanted) + 1)):
            results = pose.process({"image": rgb})
            region = results.pose_rect_from_detection or following
            following = results.pose_rect_from_landmarks
            if every or index in wanted:
                entries.append(answer(results, index, rgb, region))
        target = every or HERE / ("pose_footage.json" if folder == FOOTAGE else "pose_shared.json")
        files.setdefault(target, []).append({"clip": clip, "frames": entries})
        print(clip, len(entries), sum(1 for e in entries if e["points"]))
    for target, clips in files.items():
        about = f"mediapipe {mp.__version__}, made by make_pose_goldens.py"
        text = ",\n".join(json.dumps(clip, separators=(",", ":")) for clip in clips)
        target.write_text('{"about": ' + json.dumps(about) + ',\n"clips": [\n' + text + "\n]}\n")


if __name__ == "__main__":
    main()
