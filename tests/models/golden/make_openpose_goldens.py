#!/usr/bin/env python3
"""Decodes heat maps and limb fields in plain Python, and stores people for models_openpose_test to compare with.

  python3 -m venv build/golden-venv
  build/golden-venv/bin/pip install numpy opencv-python-headless openvino==2026.4.1
  build/golden-venv/bin/python tests/models/golden/make_openpose_goldens.py

Writes openpose.json: scenes of drawn people (the test draws the same maps from the same formula) and one frame of real
maps, kept as bytes in openpose_maps.bin. The decoder here shares nothing with ours: it enlarges whole maps eight times
with OpenCV's bicubic kernel, looks for peaks there, reads the fields from maps enlarged the same size, and keeps people as
rows of a table, as Cao et al.'s first demonstration did.
"""
import json
import os
import pathlib

import cv2
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SHARED = pathlib.Path(os.environ.get("DEID_SHARED", ROOT.parent / "shared"))
STRIDE = 8

# OpenPose's pairs of parts, and the channel of the field's x for each.
COCO = [(1, 2, 12), (1, 5, 20), (2, 3, 14), (3, 4, 16), (5, 6, 22), (6, 7, 24), (1, 8, 0), (8, 9, 2), (9, 10, 4), (1, 11, 6),
        (11, 12, 8), (12, 13, 10), (1, 0, 28), (0, 14, 30), (14, 16, 34), (0, 15, 32), (15, 17, 36), (2, 16, 18), (5, 17, 26)]
BODY25 = [(1, 8, 0), (1, 2, 14), (1, 5, 22), (2, 3, 16), (3, 4, 18), (5, 6, 24), (6, 7, 26), (8, 9, 6), (9, 10, 2), (10, 11, 4),
          (8, 12, 8), (12, 13, 10), (13, 14, 12), (1, 0, 30), (0, 15, 32), (15, 17, 36), (0, 16, 34), (16, 18, 38), (2, 17, 20),
          (5, 18, 28), (14, 19, 40), (19, 20, 42), (14, 21, 44), (11, 22, 46), (22, 23, 48), (11, 24, 50)]
SETS = {"coco18": (18, COCO, (17, 18)), "body25": (25, BODY25, (18, 19))}

# A standing person, px, nose at (0, 0); "right" on the left of the picture.
BODY = {"coco18": [(0, 0), (0, 32), (-26, 34), (-38, 70), (-44, 104), (26, 33), (40, 68), (47, 101), (-16, 110), (-18, 158),
                   (-20, 204), (16, 110), (19, 157), (21, 203), (-7, -7), (7, -8), (-15, -2), (15, -3)]}
BODY["body25"] = BODY["coco18"][:8] + [(0, 109)] + BODY["coco18"][8:] + [(34, 214), (40, 209), (14, 214), (-33, 215), (-40, 210), (-13, 214)]


def person(kind, x, y, scale=1.0, lean=0.0, missing=()):
    """Points in px of the input, moved off every grid by a little that differs from point to point."""
    points = []
    for i, (dx, dy) in enumerate(BODY[kind]):
        px = x + scale * dx + lean * dy + 1.7 * np.sin(3.1 * i + x)
        py = y + scale * dy + 1.7 * np.cos(2.3 * i + y)
        points.append(None if i in missing else [round(float(px), 3), round(float(py), 3)])
    return points


def scenes():
    c, b = "coco18", "body25"
    yield "one person", c, (46, 46), 7, 0, [person(c, 181.3, 80.6)]
    yield "two people", c, (60, 46), 7, 0, [person(c, 120.2, 90.1), person(c, 342.8, 70.9, 1.1)]
    yield "two people crossing", c, (50, 46), 7, 0, [person(c, 160.4, 82.3, 1, .3), person(c, 240.7, 70.2, 1.15, -.25)]
    yield "at the edges", c, (30, 30), 7, 0, [person(c, 46.5, 14.2), person(c, 193.4, 22.3)]
    yield "missing parts", c, (50, 46), 7, 0, [person(c, 100.1, 80.2, 1, 0, (4, 7, 10, 13)),
                                               person(c, 270.6, 84.7, 1, 0, (0, 14, 15, 16, 17, 9))]
    yield "three parts are nobody", c, (46, 46), 7, 0, [person(c, 181.3, 80.6, 1, 0, range(3, 18))]
    yield "nobody", c, (46, 46), 7, 0, []
    yield "noise", c, (60, 46), 8, .03, [person(c, 120.2, 90.1), person(c, 342.8, 70.9, 1.1, .05)]
    yield "six people", c, (110, 60), 7, .02, [person(c, 80 + 140.3 * i, 40.2 + 7.7 * i, .9, .02 * i) for i in range(6)]
    yield "one person with feet", b, (46, 46), 7, 0, [person(b, 180.2, 70.6)]
    yield "two with feet, crossing", b, (60, 46), 7, .02, [person(b, 190.4, 66.3, 1, .12), person(b, 290.9, 54.2, 1.15, -.12)]


def draw(kind, size, sigma, noise, people):
    """The formula of the scenes; models_openpose_test has the same."""
    parts, limbs, _ = SETS[kind]
    width, height = size
    gx, gy = np.meshgrid((np.arange(width) + .5) * STRIDE, (np.arange(height) + .5) * STRIDE)
    maps = np.zeros((parts + 2 * len(limbs), height, width))
    for k in range(parts):
        for points in people:
            if points[k]:
                away = (gx - points[k][0]) ** 2 + (gy - points[k][1]) ** 2
                maps[k] = np.maximum(maps[k], np.exp(-away / (2 * sigma**2)))
    for first, second, channel in limbs:
        weight = np.zeros((height, width))
        for points in people:
            if not points[first] or not points[second]:
                continue
            a, b = np.array(points[first]), np.array(points[second])
            length = np.hypot(*(b - a))
            ux, uy = (b - a) / length
            along = np.clip((gx - a[0]) * ux + (gy - a[1]) * uy, 0, length)
            away = np.hypot(gx - a[0] - along * ux, gy - a[1] - along * uy)
            here = np.clip(2 - away / STRIDE, 0, 1)
            weight += here
            maps[parts + channel] += here * ux
            maps[parts + channel + 1] += here * uy
        maps[parts + channel : parts + channel + 2] /= np.maximum(weight, 1)
    for k in range(len(maps)):
        y, x = np.mgrid[0:height, 0:width]
        maps[k] += noise * np.sin(12.9898 * k + 78.233 * x + 37.719 * y)
    return maps.astype(np.float32)


def peaks_of(big, threshold):
    """Peaks of an enlarged map: (x, y, height), x and y in px, centres at + .5."""
    ring = np.pad(big, 1, constant_values=-np.inf)
    height, width = big.shape
    high = big >= threshold
    for dy in range(3):
        for dx in range(3):
            other = ring[dy : dy + height, dx : dx + width]
            high &= big > other if (dy, dx) < (1, 1) else big >= other
    found = []
    for y, x in zip(*np.nonzero(high)):
        at = [x + .5, y + .5]
        for axis, (before, after) in enumerate([((y, x - 1), (y, x + 1)), ((y - 1, x), (y + 1, x))]):
            if min(before) >= 0 and after[0] < height and after[1] < width:
                curve = big[before] + big[after] - 2 * big[y, x]
                if curve < 0:
                    at[axis] += (big[before] - big[after]) / (2 * curve)
        found.append((at[0], at[1], float(big[y, x])))
    return found


def connections(from_peaks, to_peaks, field_x, field_y):
    possible = []
    for i, a in enumerate(from_peaks):
        for j, b in enumerate(to_peaks):
            way = np.array([b[0] - a[0], b[1] - a[1]])
            length = np.hypot(*way)
            if length == 0:
                continue
            values = []
            for step in np.linspace(0, 1, 10):
                x = int(np.clip(a[0] + way[0] * step, 0, field_x.shape[1] - 1))
                y = int(np.clip(a[1] + way[1] * step, 0, field_x.shape[0] - 1))
                values.append((field_x[y, x] * way[0] + field_y[y, x] * way[1]) / length)
            score = np.mean(values) + min(.5 * field_x.shape[0] / length - 1, 0)
            if np.sum(np.array(values) > .05) > 8 and score > 0:
                possible.append((score, i, j))
    chosen = []
    for score, i, j in sorted(possible, reverse=True):
        if all(i != other[1] and j != other[2] for other in chosen):
            chosen.append((score, i, j))
    return chosen


def decode(kind, maps):
    parts, limbs, loose = SETS[kind]
    def enlarge(m):
        return cv2.resize(m, None, fx=STRIDE, fy=STRIDE, interpolation=cv2.INTER_CUBIC)
    big = [enlarge(m) for m in maps]
    peaks = [peaks_of(m, .1) for m in big[:parts]]
    rows = []  # index of the peak of each part, or -1; then the limbs' scores
    for number, (first, second, channel) in enumerate(limbs):
        for score, i, j in connections(peaks[first], peaks[second], big[parts + channel], big[parts + channel + 1]):
            has_a = [r for r in rows if r[first] == i]
            has_b = [r for r in rows if r[second] == j]
            if not has_a and not has_b:
                if number not in loose:
                    row = [-1] * parts + [score]
                    row[first], row[second] = i, j
                    rows.append(row)
            elif has_a and not has_b:
                if has_a[0][second] < 0:
                    has_a[0][second] = j
                    has_a[0][-1] += score
            elif has_b and not has_a:
                if has_b[0][first] < 0:
                    has_b[0][first] = i
                    has_b[0][-1] += score
            elif has_a[0] is has_b[0]:
                has_a[0][-1] += score
            elif number not in loose and all(p < 0 or q < 0 for p, q in zip(has_a[0][:parts], has_b[0][:parts])):
                for k in range(parts):
                    has_a[0][k] = max(has_a[0][k], has_b[0][k])
                has_a[0][-1] += has_b[0][-1] + score
                rows = [r for r in rows if r is not has_b[0]]
    people = []
    for row in rows:
        found = [peaks[k][row[k]] if row[k] >= 0 else None for k in range(parts)]
        present = [p for p in found if p]
        if len(present) >= 4 and (sum(p[2] for p in present) + row[-1]) / len(present) >= .4:
            people.append([[round(float(v), 3) for v in p] if p else None for p in found])
    return people


def real_maps():
    """Maps of one frame with two people, as bytes: heat 0..1 and fields -1..1 over 0..255."""
    import openvino

    capture = cv2.VideoCapture(str(SHARED / "data/pose2sim/multi/cam03.mp4"))
    frame = capture.read()[1]
    network = openvino.Core().read_model(str(SHARED / "models/tfpose_mobilenet_v2_small.pb"))
    network.reshape([1, 368, 208, 3])
    run = openvino.compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    picture = cv2.resize(frame, (208, 368), interpolation=cv2.INTER_AREA).astype(np.float32)
    maps = run(picture[None])[0][0].transpose(2, 0, 1)
    heat = np.clip(np.round(maps[:18] * 255), 0, 255)
    fields = np.clip(np.round((maps[19:] + 1) * 127.5), 0, 255)
    return np.concatenate([heat, fields]).astype(np.uint8)


def main():
    entries = []
    for name, kind, size, sigma, noise, people in scenes():
        expected = decode(kind, draw(kind, size, sigma, noise, people))
        entries.append({"name": name, "set": kind, "cells": size, "sigma": sigma, "noise": noise, "people": people, "expected": expected})
        print(f"{name}: {len(people)} drawn, {len(expected)} decoded")
    stored = HERE / "openpose_maps.bin"
    if not stored.exists():
        stored.write_bytes(real_maps().tobytes())
    shape = (56, 46, 26)
    kept = np.frombuffer(stored.read_bytes(), np.uint8).reshape(shape).astype(np.float32)
    real = np.concatenate([kept[:18] / np.float32(255), kept[18:] / np.float32(127.5) - 1])
    expected = decode("coco18", real)
    print(f"real maps: {len(expected)} decoded")
    about = "made by make_openpose_goldens.py; px of the network's input, centres at + .5; expected: x, y, height of the peak"
    with open(HERE / "openpose.json", "w") as out:
        out.write('{"about": ' + json.dumps(about) + ',\n"real": ' + json.dumps({"cells": [26, 46], "expected": expected}, separators=(",", ":")))
        out.write(',\n"scenes": [\n' + ",\n".join(json.dumps(e, separators=(",", ":")) for e in entries) + "\n]}\n")


if __name__ == "__main__":
    main()
