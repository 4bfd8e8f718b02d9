"""Is the person still found? dlib's descriptor of every swapped face against the originals: bar 2."""
import collections

import numpy as np

import describe
import subjects
import under_test
from benchlib import clips, places
from statistics_of import auc, by_blocks, by_groups, spread, wilson

SAME = 0.6          # dlib's own threshold of "the same person"
CLEAR = 40          # [px] least width of a face for its owner's average
PAIRS = 60          # descriptors of a person and half in the pairs of the ROC
BARS = {"mean": 0.65, "target": 0.50, "auc": 0.9999, "chances": 2}


def measure(bench, clips_of):
    """{"clips": {name: row}, "people": {who: row}, "all": figures}"""
    faces = []
    for clip in clips_of:
        faces += faces_of(bench, clip)
        print(f"identity {clip.name}: {sum(len(f['frame']) for f in faces if f['clip'] == clip.name)} faces", flush=True)
    return figures(bench, faces, gallery(everybody(bench, faces)))


def everybody(bench, faces):
    """The given faces and those of all other clips in subjects.json: the gallery does not depend on the chosen clips."""
    here = {face["clip"] for face in faces}
    others = [clip for clip in clips.real() if clip.name in subjects.table()["clips"] and clip.name not in here]
    return faces + [face for clip in others for face in originals_of(bench, clip)]


def originals_of(bench, clip):
    """As faces_of, without the swap."""
    found = subjects.tracks(clip)
    before = describe.originals(clip, found, bench.fresh)
    return [_original(clip, track, before, np.flatnonzero(before["track"] == n)) for n, track in enumerate(found)]


def _original(clip, track, before, mine):
    return {"clip": clip.name, "who": track.who, "width": np.array([_width(track, f) for f in before["frame"][mine]]), "frame": before["frame"][mine],
            "original": before["descriptor"][mine], "seen": before["seen"][mine]}


def faces_of(bench, clip):
    """One entry per track with a name: {"clip", "who", "width", "frame", "original" n x 128, "seen", "swapped" n x 128, "rung"}."""
    found = subjects.tracks(clip)
    before = describe.originals(clip, found, bench.fresh)
    made = under_test.make(bench.settings, clip)
    after = describe.swapped(bench.settings, made, found, before, bench.fresh)
    entries = []
    for n, track in enumerate(found):
        mine = np.flatnonzero(before["track"] == n)
        names = [subjects.done_to(made.frames[f], track.rows[int(f)]) for f in before["frame"][mine]]
        entries.append({**_original(clip, track, before, mine), "swapped": after["descriptor"][mine], "rung": after["rung"][mine],
                        "target": [face["target"] if face else None for face in names]})
    return entries


def _width(track, frame):
    row = track.rows[int(frame)]
    return row[2] - row[0]


def gallery(faces):
    """{who: mean descriptor of the original faces that dlib itself finds}: what an attacker has who knows these people."""
    rows = {}
    for face in faces:
        if face["who"] is not None:
            good = face["seen"] & (face["width"] >= CLEAR)
            rows.setdefault(face["who"], []).append(face["original"][good if good.any() else slice(None)])
    return {who: np.concatenate(parts).mean(axis=0) for who, parts in sorted(rows.items())}


def figures(bench, faces, known):
    names, means = list(known), np.array(list(known.values()))
    targets = _targets(bench.settings)
    entries = [dict(face, **_distances(face, known, means, targets)) for face in faces if face["who"] is not None]
    result = {"clips": {}, "people": {}, "check": _check(entries, known), "unnamed_tracks": sum(face["who"] is None for face in faces)}
    for key in ("clips", "people"):
        groups = {}
        for entry in entries:
            groups.setdefault(entry["clip"] if key == "clips" else entry["who"], []).append(entry)
        result[key] = {name: _row(group) for name, group in groups.items()}
    result["all"] = _pooled(entries, names)
    return result


def _targets(settings):
    """{name: descriptor} of the possible targets: the given ones, or the bank."""
    return dict(describe.target(file) for file in under_test.targets(settings))


def _distances(face, known, means, targets):
    """Distances of every swapped face of a track, and the owner's rank in the gallery (1: the person is found)."""
    there = np.isfinite(face["swapped"][:, 0])
    result = face["swapped"][there]
    to_gallery = np.linalg.norm(result[:, None] - means[None], axis=2) if len(result) else np.empty((0, len(means)))
    own = list(known).index(face["who"])
    to_target = [np.linalg.norm(row - targets[name]) if name in targets else np.nan
                 for row, name in zip(result, np.array(face["target"], object)[there])]
    originals = np.linalg.norm(face["original"][:, None] - means[None], axis=2)
    return {"own": np.linalg.norm(result - face["original"][there], axis=1), "average": to_gallery[:, own],
            "rank": 1 + (to_gallery < to_gallery[:, own:own + 1]).sum(axis=1), "to_target": np.array(to_target, float),
            "named": [list(known)[n] for n in to_gallery.argmin(axis=1)],
            "original_rank": 1 + (originals < originals[:, own:own + 1]).sum(axis=1),
            "own_width": face["width"][there]}


def _row(group):
    own, average, rank = (np.concatenate([entry[key] for entry in group]) for key in ("own", "average", "rank"))
    targets = [entry["target"][n] for entry in group for n in np.flatnonzero(np.isfinite(entry["swapped"][:, 0]))]
    if not len(own):
        return {"faces": sum(len(entry["frame"]) for entry in group), "swapped": 0}
    return {"faces": sum(len(entry["frame"]) for entry in group), "swapped": len(own), "own": spread(own), "average": spread(average),
            "own_over": float((own > SAME).mean()), "average_over": float((average > SAME).mean()),
            "target": spread(np.concatenate([entry["to_target"] for entry in group])), "rank1": float((rank == 1).mean()),
            "median_rank": float(np.median(rank)), "width": float(np.median(np.concatenate([entry["own_width"] for entry in group]))),
            "named": dict(collections.Counter(name for entry in group for name in entry["named"]).most_common(2)),
            "targets": sorted({str(name) for name in targets})}


def _pooled(entries, names):
    swapped = [entry for entry in entries if len(entry["own"])]
    row = _row(swapped) if swapped else {"swapped": 0}
    if not swapped:
        return row
    hits = [(entry["rank"] == 1).astype(float) for entry in swapped]
    by_who = {}
    for entry, hit in zip(swapped, hits):
        by_who.setdefault(entry["who"], []).append(hit)
    by_who = {who: np.concatenate(parts) for who, parts in by_who.items()}
    genuine, against = pairs(entries)
    originals = np.concatenate([entry["original_rank"] for entry in entries])
    row.update(gallery=len(names), chance=1 / len(names), wilson=wilson(int(sum(map(sum, hits))), int(sum(map(len, hits)))),
               blocks=by_blocks(hits), rank1_of_people=float(np.mean([hit.mean() for hit in by_who.values()])),
               people_interval=by_groups(by_who.values()), auc=auc(genuine, against), genuine=spread(genuine), against=spread(against),
               original_rank1=float((originals == 1).mean()))
    return row


def pairs(entries):
    """Distances of the ROC: (two originals of one person from different halves of a clip or different clips, an original and a
    swapped face of one person under the same rule)."""
    genuine, against = [], []
    for who in sorted({entry["who"] for entry in entries}):
        halves = [half for entry in entries if entry["who"] == who for half in _halves(entry)]
        for n, (first, _) in enumerate(halves):
            for m, (second, changed) in enumerate(halves):
                if m > n and len(first) and len(second):
                    genuine.append(np.linalg.norm(first[:, None] - second[None], axis=2).ravel())
                if m != n and len(first) and len(changed):
                    against.append(np.linalg.norm(first[:, None] - changed[None], axis=2).ravel())
    return (np.concatenate(part) if part else np.empty(0) for part in (genuine, against))


def _halves(entry):
    """[(originals, swapped)] of the two halves of a track, thinned out evenly."""
    middle = len(entry["frame"]) // 2
    for part in (slice(0, middle), slice(middle, None)):
        original, swapped = entry["original"][part][entry["seen"][part]], entry["swapped"][part]
        swapped = swapped[np.isfinite(swapped[:, 0])]
        yield original[::max(1, len(original) // PAIRS)], swapped[::max(1, len(swapped) // PAIRS)]


def _check(entries, known):
    """Checks subjects.json by the descriptors: the nearest two people, and the clip farthest from its person's average."""
    names, means = list(known), np.array(list(known.values()))
    apart = np.linalg.norm(means[:, None] - means[None], axis=2) + 9 * np.eye(len(names))
    a, b = np.unravel_index(apart.argmin(), apart.shape)
    off = [(float(np.linalg.norm(entry["original"][entry["seen"]].mean(axis=0) - known[entry["who"]])), entry["clip"], entry["who"])
           for entry in entries if entry["seen"].any()]
    worst = max(off, default=None)
    return {"nearest_people": [names[a], names[b], float(apart[a, b])] if len(names) > 1 else None,
            "farthest_clip": list(worst[1:]) + [worst[0]] if worst else None}


def held(result):
    row = result["all"]
    if not row.get("swapped"):
        return {"some face is swapped": False}
    return {"every frame > .6 to its own original": row["own"]["min"] > SAME,
            "every frame > .6 to the person's average": row["average"]["min"] > SAME,
            f"mean to the average >= {BARS['mean']}": row["average"]["mean"] >= BARS["mean"],
            f"mean to the target <= {BARS['target']}": row["target"] is not None and row["target"]["mean"] <= BARS["target"],
            f"AUC > {BARS['auc']}": row["auc"] is not None and row["auc"] > BARS["auc"],
            "rank 1 at most twice chance": row["rank1"] <= BARS["chances"] * row["chance"]}
