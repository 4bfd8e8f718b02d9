"""Keypoints of the body before and after: bar 3. posedetect and `deid oks` of the product, MediaPipe Pose in Python beside them."""
import dataclasses
import json

import numpy as np

import keypoints
import meshes
import subjects
import under_test
from benchlib import places, raw

ONE, SEVERAL = "blazepose-1", "blazepose"  # for one person; with several in a clip, the detected one is not always the same
ELBOWS = {17: (7, 8), 33: (13, 14)}  # their places in the two sets of points
IN_VIEW = 0.5        # least share of frames with an elbow for a clip that shows a body
OFTEN = 0.1          # least share of people with a point for it to be named
FIGURES = ("AP", "AP50", "AP75", "AP95", "AR", "AR95")
BARS = {"AP": 0.993, "AP95": 0.990, "AR95": 0.998}
BODY, HEAD, MOSAIC = "body (elbows or more in view)", "head and shoulders", "faces already pixelated by the publisher"
SIGMAS = np.array([26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89]) / 1000
COCO = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)  # of BlazePose's 33 points


def measure(bench, clips_of):
    """{"clips": {name: {"group", variant: row}}, "groups": {group: {variant: row}}}"""
    swap = f"swap-{bench.settings.key}"
    maker = keypoints.Maker(bench.settings.build, bench.fresh, {**keypoints.COVERS, swap: bench.settings.element()})
    variants = {"re-encoded": "re-encoded", "swap": swap, "blur": "blur", "mask": "mask"}
    files, rows = {}, {}
    for clip in clips_of:
        if clip.width % 2 or clip.height % 2:
            continue
        net = ONE if subjects.alone(clip) else SEVERAL
        files[clip.name, "original"] = maker.keypoints(clip, "original", [net])[net]
        group = _group(clip, files[clip.name, "original"])
        if group is None:
            print(f"keypoints {clip.name}: nobody", flush=True)
            continue
        for variant in variants.values():
            files[clip.name, variant] = _timed(maker.keypoints(clip, variant, [net])[net], files[clip.name, "original"])
        rows[clip.name] = {"group": group, **{name: _row(maker, files[clip.name, "original"], files[clip.name, variant])
                                              for name, variant in variants.items()}}
        print(f"keypoints {clip.name}: {group}, mean OKS {rows[clip.name]['swap']['mean']}", flush=True)
    groups = {}
    for group in (BODY, HEAD, MOSAIC):
        mine = [name for name, row in rows.items() if row["group"] == group]
        if mine:
            groups[group] = {name: {"clips": len(mine), **_pooled(maker, [(files[c, "original"], files[c, variant]) for c in mine])}
                             for name, variant in variants.items()}
    return {"clips": rows, "groups": groups}


def _timed(file, like):
    """The same keypoints with the original's times: containers begin at different times, but frames agree by number."""
    (head, frames), (_, others) = keypoints.lines_of(file), keypoints.lines_of(like)
    if len(frames) != len(others):
        raise places.BenchError(f"{file.name} has {len(frames)} frames, {like.name} {len(others)}")
    timed = file.with_suffix(".timed.jsonl")
    lines = [head, *({**frame, "pts": other["pts"]} for frame, other in zip(frames, others))]
    timed.write_text("\n".join(json.dumps(line, separators=(",", ":")) for line in lines) + "\n")
    return timed


def _group(clip, file):
    """The table of a clip, by posedetect's result on the original; None without a person."""
    if clip.name.startswith("pose2sim/"):
        return MOSAIC
    _, frames = keypoints.lines_of(file)
    seen = [frame["people"][0]["points"] for frame in frames if frame["people"]]
    if not seen or len(seen) < 0.2 * len(frames):
        return None
    elbows = np.mean([any(points[n] is not None for n in ELBOWS[len(points)]) for points in seen])
    return BODY if elbows >= IN_VIEW else HEAD


def _row(maker, truth, found, block=30):
    said = maker.score(truth, found, block=block)
    labels = dict(zip(said["stats_labels"], said["stats"]))
    row = {name: said[name] if name in said else labels[name] for name in FIGURES}
    s = said["similarity"]
    row.update(frames=said["counts"]["frames"], people=said["counts"]["people"], missing=said["counts"]["missing_people"],
               extra=said["counts"]["extra_people"], mean=_mean(said), least=s.get("min"),
               over95=s["at_least_95"] / s["n"] if s["n"] else None, intervals=said["intervals"],
               points={name: p["median"] for name, p in said["keypoints"].items() if p["n"] >= OFTEN * said["counts"]["people"]})
    return row


def _mean(said):
    """Mean OKS of the original's people with the most similar person; 0 for a missing one. None without people."""
    best = [max(row, default=0) for image in said["oks"] for row in image["oks"]]
    return float(np.mean(best)) if best else None


def _pooled(maker, pairs):
    truth, found = maker.folder / "swap-pooled.gt.jsonl", maker.folder / "swap-pooled.dt.jsonl"
    keypoints.pool(pairs, truth, found)
    return _row(maker, truth, found)


def held(result):
    row = result["groups"].get(BODY, {}).get("swap")
    return {f"{name} >= {bar}": row is not None and row[name] >= bar for name, bar in BARS.items()}


def witness(bench, clips_of):
    """MediaPipe Pose on the same clips: {clip: {variant: {"frames", "mean", "over95", "least", "missing"}}}."""
    rows = {}
    for clip in clips_of:
        made = under_test.make(bench.settings, clip)
        sources = {"original": lambda c=clip: raw.frames(c, "", "I420", places.stock_env()), "swap": made.planes}
        for name, cover in under_test.COVERS.items():
            sources[name] = lambda c=clip, g=cover: raw.frames(c, f"{under_test.DETECT} ! {g}", "I420", bench.settings.env)
        if again := meshes.reencoded(clip):
            sources["re-encoded"] = lambda c=dataclasses.replace(clip, path=again): raw.frames(c, "", "I420", places.stock_env())
        points = {name: _poses(clip, frames()) for name, frames in sources.items()}
        rows[clip.name] = {name: _alike(points["original"], found) for name, found in points.items() if name != "original"}
        print(f"MediaPipe Pose {clip.name}: swap {rows[clip.name]['swap']}", flush=True)
    return rows


def _poses(clip, frames):
    net = meshes.Process("pose", clip.width, clip.height, (33, 3))
    points = [net(raw.rgb_of(planes, "I420", clip.full_range), n == 0)[list(COCO)] for n, planes in enumerate(frames)]
    net.close()
    return np.array(points)


def _alike(before, after):
    """OKS frame by frame over the original's visible points (visibility >= .5). size: the box around them."""
    values, missing = [], 0
    for a, b in zip(before, after):
        there = np.isfinite(a[:, 0]) & (a[:, 2] >= 0.5)
        if there.sum() < 4:
            continue
        if not np.isfinite(b).all():
            missing += 1
            continue
        area = np.prod(a[there, :2].max(axis=0) - a[there, :2].min(axis=0))
        away = ((a[there, :2] - b[there, :2]) ** 2).sum(axis=1)
        values.append(np.exp(-away / (2 * area * (2 * SIGMAS[there]) ** 2)).mean())
    values = np.array(values)
    return {"frames": len(values), "missing": missing, "mean": float(values.mean()) if len(values) else None,
            "least": float(values.min()) if len(values) else None, "over95": float((values >= 0.95).mean()) if len(values) else None}
