"""Do recognisers that neither the swap nor its check uses find the person? Three networks of an npm package."""
import dataclasses
import os

import cv2
import numpy as np

import subjects
import tfjs
import under_test
from benchlib import clips, places, raw

FOLDER = places.ROOT / "build" / "bench" / "human-models"
STEP, MOST = 4, 120  # every fourth frame of a track, and at most so many
CLEAR = 40           # [px] least width of a face of a video
VERSION = 1
# [px of 112] where the five points (eyes, nose, corners of the mouth) lie in the pictures that MobileFace was trained on
PLACES = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32)
MEAN = np.array([103.939, 116.779, 123.68], np.float32)  # blue, green, red
SHARE = 0.25         # of one person's frames that may be found


def aligned(rgb, row):
    """The face turned, scaled and moved so that its five points lie where MobileFace wants them."""
    matrix, _ = cv2.estimateAffinePartial2D(np.array(row[5:15], np.float32).reshape(5, 2), PLACES, method=cv2.LMEDS)
    return cv2.warpAffine(rgb, matrix, (112, 112), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)


def level(rgb, row):
    """A square of 1.2 times the box with level eyes: blue, green, red minus the mean, as FaceRes wants it."""
    turn, side = np.arctan2(row[8] - row[6], row[7] - row[5]), 1.2 * max(row[2] - row[0], row[3] - row[1])
    matrix = 224 / side * np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    middle = np.array([(row[0] + row[2]) / 2, (row[1] + row[3]) / 2])
    place = np.c_[matrix, 112 - matrix @ middle]
    square = cv2.warpAffine(rgb, place, (224, 224), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return square[:, :, ::-1].astype(np.float32) - MEAN


@dataclasses.dataclass(frozen=True)
class Network:
    """file: of the package; output: its features; side [px], and how a face is cut for it."""
    file: str
    output: str
    side: int
    cut: object

    def load(self):
        return tfjs.compiled(places.need(FOLDER / self.file, "run bench/setup-bench"), self.output, self.side)


NETWORKS = {"MobileFace": Network("mobileface.json", "batchnorm0/add_1", 112, aligned),
            "FaceRes-deep": Network("faceres-deep.json", "global_pooling/Mean", 224, level),
            "FaceRes": Network("faceres.json", "global_pooling/Mean", 224, level)}


def picks(found):
    """[(frame, index of the track, row)] of the faces that are looked at."""
    chosen = []
    for index, track in enumerate(found):
        if track.who is None:
            continue
        clear = [f for f in sorted(track.rows) if len(track.rows) < 3 or track.rows[f][2] - track.rows[f][0] >= CLEAR]
        chosen += [(f, index, track.rows[f]) for f in clear[::STEP][:MOST]]
    return chosen


def described(networks, frames, clip, chosen):
    """{network: one unit vector for each chosen face} of a video."""
    where, cuts = {}, {name: [None] * len(chosen) for name in networks}
    for index, (number, _, _) in enumerate(chosen):
        where.setdefault(number, []).append(index)
    for number, planes in enumerate(frames):
        rgb = raw.rgb_of(planes, "I420", clip.full_range) if number in where else None
        for index in where.get(number, []):
            for name in networks:
                cuts[name][index] = NETWORKS[name].cut(rgb, chosen[index][2])
    unit = lambda rows: rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return {name: unit(networks[name](np.stack(cuts[name]))) for name in networks}


def _kept(file, fresh, make):
    if not file.exists() or fresh:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"part.{os.getpid()}.{file.name}")
        np.savez_compressed(part, **make())
        part.rename(file)
    with np.load(file) as kept:
        return dict(kept)


def faces_of(bench, networks, clip):
    """[{"clip", "who", "whole" (swapped whole), "original" and "swapped" {network: vectors}}], one a named track."""
    found = subjects.tracks(clip)
    chosen = picks(found)
    if not chosen:
        return []
    stem = f"{clip.digest()}-others-{VERSION}.npz"
    before = _kept(places.WORK / "swap" / "original" / stem, bench.fresh,
                   lambda: described(networks, raw.frames(clip, "", "I420", places.stock_env()), clip, chosen))
    made = under_test.make(bench.settings, clip)
    after = _kept(places.WORK / "swap" / bench.settings.key / stem, bench.fresh, lambda: described(networks, made.planes(), clip, chosen))
    whole = np.array([subjects.rung_at(made.frames[number], row) in under_test.SWAPPED for number, _, row in chosen])
    entries = []
    for index in sorted({track for _, track, _ in chosen}):
        mine = np.array([track == index for _, track, _ in chosen])
        entries.append({"clip": clip.name, "who": found[index].who, "whole": whole[mine],
                        "original": {name: before[name][mine] for name in networks}, "swapped": {name: after[name][mine] for name in networks}})
    return entries


def measure(bench, clips_of):
    """{"networks": {name: {"all" | "other": row}}, "people": number}"""
    listed = subjects.table()["clips"]
    networks = {name: network.load() for name, network in NETWORKS.items()}
    faces = []
    for clip in [clip for clip in clips.real() if clip.name in listed and clip in clips_of]:
        faces += faces_of(bench, networks, clip)
        print(f"others {clip.name}: {sum(len(face['whole']) for face in faces if face['clip'] == clip.name)} faces", flush=True)
    rows = {name: {gallery: figures(faces, name, gallery) for gallery in ("all", "other")} for name in NETWORKS}
    return {"networks": rows, "people": len({face["who"] for face in faces}), "faces": int(sum(face["whole"].sum() for face in faces))}


def figures(faces, network, gallery):
    """How often the person is found first. gallery "other": the clip that is looked at is not in the person's mean."""
    people = sorted({face["who"] for face in faces})
    hits, own = {}, {}
    for face in faces:
        means = _means(faces, people, network, face["clip"] if gallery == "other" else None, face["who"])
        if means is None:
            continue
        at = people.index(face["who"])
        first = lambda rows, at=at, means=means: (rows @ means.T).argmax(axis=1) == at
        hits.setdefault(face["who"], []).append(first(face["swapped"][network][face["whole"]]))
        own.setdefault(face["who"], []).append(first(face["original"][network]))
    hits = {who: np.concatenate(parts) for who, parts in hits.items() if sum(map(len, parts))}
    pooled = np.concatenate(list(hits.values())) if hits else np.empty(0)
    return {"faces": len(pooled), "rank1": float(pooled.mean()) if len(pooled) else None, "chance": 1 / len(people),
            "of_people": float(np.mean([part.mean() for part in hits.values()])) if hits else None,
            "people": {who: float(part.mean()) for who, part in hits.items()},
            "original": float(np.concatenate([hit for parts in own.values() for hit in parts]).mean()) if own else None}


def _means(faces, people, network, left_out, who):
    """One mean of unit length for each person. None: nothing of this person is left without the clip."""
    rows = []
    for person in people:
        parts = [face["original"][network] for face in faces
                 if face["who"] == person and not (person == who and face["clip"] == left_out)]
        if not parts:
            return None
        rows.append(np.concatenate(parts).mean(axis=0))
    rows = np.stack(rows)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def held(result):
    bars = {}
    for name, galleries in result["networks"].items():
        for gallery, row in galleries.items():
            if row["faces"]:
                bars[f"{name}, gallery of {gallery} clips: rank 1 at most twice chance"] = row["rank1"] <= 2 * row["chance"]
                bars[f"{name}, gallery of {gallery} clips: no person found in more than {SHARE:.0%} of the frames"] = max(row["people"].values()) <= SHARE
    return bars
