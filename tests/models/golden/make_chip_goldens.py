#!/usr/bin/env python3
"""Asks dlib's own Python package for chips of a picture that is a formula; stores some of their pixels in chips.json.

Run as make_descriptor_goldens.py says, without FOLDER. points: whole px, as dlib counts them (centres at whole
numbers). pixels: RGB of every 10th pixel of every 10th row of the chip, from the 5th on.
"""
import json
import math

import dlib
import numpy
from frames import HERE

WIDTH, HEIGHT = 1200, 900
FIVE = [(.86, .21), (.65, .23), (.12, .21), (.33, .23), (.49, .63)]


def picture():
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    return numpy.stack([(x * x // 97 + y * y // 53 + x * y // 71 + 40 * c) % 256 for c in range(3)], 2).astype("uint8")


def ring(count, x, y, width, height):
    turns = [2 * math.pi * i / count + math.pi for i in range(count)]
    return [(x + width * math.cos(turn), y + height * math.sin(turn)) for turn in turns]


def sixty_eight():
    """Roughly a face: jaw, brows, nose, eyes, mouth in the order of dlib's predictor."""
    jaw = [(x, y) for x, y in ring(32, .5, .2, .5, .9)[:17]]
    brows = [(.05 + .09 * i, .04) for i in range(10)]
    nose = [(.49, .2 + .1 * i) for i in range(4)] + [(.37 + .06 * i, .6) for i in range(5)]
    return jaw + brows + nose + ring(6, .22, .21, .1, .03) + ring(6, .76, .21, .1, .03) + \
        ring(12, .49, .82, .24, .08) + ring(8, .49, .79, .2, .01)


def placed(shape, size, degrees, x, y):
    c, s = size * math.cos(math.radians(degrees)), size * math.sin(math.radians(degrees))
    return [[round(x + c * (u - .5) - s * (v - .4)), round(y + s * (u - .5) + c * (v - .4))] for u, v in shape]


# (name, points): box of the face [px], turn, place; from enlarged to halved three times, and over the edge
CASES = [
    ("small", placed(FIVE, 40, 0, 300, 200)),
    ("turned", placed(FIVE, 110, -35, 600, 400)),
    ("halved", placed(FIVE, 260, 20, 500, 500)),
    ("huge", placed(FIVE, 1300, 170, 640, 470)),
    ("edge", placed(FIVE, 320, 8, 1150, 40)),
    ("sixtyeight", placed(sixty_eight(), 120, 10, 500, 300)),
    ("sixtyeight_halved", placed(sixty_eight(), 420, -15, 450, 500)),
]


def main():
    image = picture()
    rows = []
    for name, points in CASES:
        shape = dlib.full_object_detection(dlib.rectangle(0, 0, 1, 1), [dlib.point(x, y) for x, y in points])
        chip = dlib.get_face_chip(image, shape, size=150, padding=.25)
        pixels = chip[5::10, 5::10].reshape(-1).tolist()
        rows.append(json.dumps({"name": name, "points": points, "pixels": pixels}))
    (HERE / "chips.json").write_text('{"chips": [\n' + ",\n".join(rows) + "\n]}\n")


if __name__ == "__main__":
    main()
