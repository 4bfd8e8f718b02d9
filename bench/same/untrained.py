"""An untrained network in deid train's format (models/autoencoder/file.hpp), with numpy alone."""
import hashlib
import json
import os
import struct

import numpy as np

VERSION = 1  # of these files: models of another version are made again
NETWORK, SIZE = "light96", 96
ENCODER = ((32, 5), (64, 3), (128, 3), (192, 3))  # (channels, kernel): each halves the side
WAIST, BOTTOM = 256, 128
DECODER = (96, 64, 32, 16)  # channels: each doubles the side
DESCRIPTOR = 128


def shapes():
    """[(name, shape)] of the tensors, in the order of the file."""
    found, channels, side = [], 3, SIZE

    def add(name, *shape):
        found.extend([(name + ".weight", shape), (name + ".bias", shape[:1])])

    for number, (outputs, kernel) in enumerate(ENCODER):
        add(f"encoder.conv{number}", outputs, channels, kernel, kernel)
        channels, side = outputs, side // 2
    add("encoder.dense0", WAIST, channels * side * side)
    add("encoder.dense1", BOTTOM * side * side, WAIST)
    channels = BOTTOM
    for number, outputs in enumerate(DECODER):
        add(f"decoder_target.up{number}", 4 * outputs, channels, 3, 3)
        channels = outputs
    add("decoder_target.out", 3, channels, 3, 3)
    return found


def write(path, subject):
    """The file, for the person with this descriptor (128 numbers); always the same for one descriptor."""
    draw = np.random.Generator(np.random.PCG64(1))
    values = []
    for name, shape in shapes():
        most = 0.1 if name.endswith(".bias") else (6 / np.prod(shape[1:])) ** 0.5  # He et al. 2015
        values.append(draw.uniform(-most, most, shape).astype("<f4").tobytes())
    target = [0.0] * DESCRIPTOR
    target[1] = 2.0  # far from everybody
    header = json.dumps({
        "format": "deid-autoencoder-1", "network": NETWORK, "size": SIZE,
        "alignment": {"kind": "mesh-51", "coverage": 1.0, "padding": 0.375}, "color": "rgb", "input": "0..1",
        "direction": "subject-to-target", "subject": {"descriptor": subject},
        "target": {"descriptor": target, "name": "untrained", "status": "made by bench/same"}, "training": {},
        "tensors": [{"name": name, "shape": list(shape)} for name, shape in shapes()]}).encode()
    body = b"DEIDAE01" + struct.pack("<I", len(header)) + header + b"".join(values)
    part = path.with_name(f"part.{os.getpid()}.{path.name}")
    part.write_bytes(body + hashlib.sha256(body).digest())
    part.rename(path)
