"""Does the face still move as it did? Mesh, mouth, lids and gaze of the swapped against the original: bars 4 and 5."""
import numpy as np

import meshes
import subjects
import under_test
from statistics_of import correlation, spread

LARGE = 100           # [px] least width of a face for the stricter limit
NME_LARGE, NME_SMALL, MOUTH, EYE, GAZE, SHAKE = 1.5, 3.0, 0.97, 0.95, 5.0, 1.1
SIGNAL = 3.0          # least ratio of a curve's spread to the change by re-encoding alone; below it nothing can be correlated
IRIS = 8.0            # [px] smaller irises have no angle
OPEN = 0.15           # eye aspect ratio below which an iris is hidden
EYEBALL = 12.0 / 11.7  # radius of an eyeball in diameters of an iris (anatomical means, mm)
CORNERS = (33, 263)   # outer corners of the eyes: the inter-ocular distance
# Points of the mesh by region, for finding out where an error sits.
REGIONS = {"oval": (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58,
                    132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
           "brows": (46, 53, 52, 65, 55, 70, 63, 105, 66, 107, 276, 283, 282, 295, 285, 300, 293, 334, 296, 336),
           "eyes": (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246, 263, 249, 390, 373, 374, 380, 381, 382, 362, 398,
                    384, 385, 386, 387, 388, 466),
           "nose": (1, 2, 4, 5, 6, 98, 97, 326, 327, 168, 195, 197, 48, 278, 64, 294),
           "lips": (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409, 78, 95, 88, 178, 87, 14, 317, 402,
                    318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415)}
LIPS = (13, 14)       # inner edge of the lips, in the middle
EYES = ({"lids": (33, 160, 158, 133, 153, 144), "iris": (468, 469, 470, 471, 472)},
        {"lids": (263, 387, 385, 362, 380, 373), "iris": (473, 474, 475, 476, 477)})


def measure(bench, clips_of):
    """{"clips": {name: row of its main person}} with bars 4 and 5 side by side."""
    rows = {}
    for clip in clips_of:
        found = [track for track in subjects.tracks(clip) if track.who is not None]
        if not found:
            continue
        made = under_test.make(bench.settings, clip)
        variants = meshes.three(bench, clip, found, made)
        for n, track in enumerate(found):
            row = of_track(track, {name: points[n] for name, points in variants.items()}, made.frames)
            if row:
                rows[clip.name if clip.name not in rows else f"{clip.name}, {track.who}, track {n}"] = row
        print(f"face {clip.name}: {len(found)} faces", flush=True)
    return {"clips": rows}


def of_track(track, variants, audit):
    """Figures of one face, or None when it was never swapped in a frame where MediaPipe finds it."""
    swapped = [number for number, row in sorted(track.rows.items()) if subjects.rung_at(audit[number], row) in under_test.SWAPPED]
    usable = [number for number in swapped if all(np.isfinite(variants[name][number]).all() for name in variants)]
    if not usable:
        return None
    points = {name: np.array([found[number] for number in usable]) for name, found in variants.items()}
    row = {"who": track.who, "frames": len(usable), "of": len(track.rows), "width": track.width,
           "unseen": sum(not np.isfinite(variants["swapped"][n]).all() and np.isfinite(variants["original"][n]).all() for n in swapped)}
    row["iod"] = float(np.median(_iod(points["original"])))
    for name in ("swapped", "re-encoded"):
        if name in points:
            row[name] = _against(points["original"], points[name], points.get("re-encoded"), usable)
    return row


def _iod(points):
    return np.linalg.norm(points[:, CORNERS[0]] - points[:, CORNERS[1]], axis=1)


def _against(before, after, floor, numbers):
    """Figures of one variant. floor: the re-encoded one, or None."""
    iod = _iod(before)
    error = np.linalg.norm(before[:, :468] - after[:, :468], axis=2)
    apart = (after[:, :468] - before[:, :468]) / iod[:, None, None]
    moving = np.linalg.norm(apart - apart.mean(axis=0), axis=2)
    out = {"nme": spread(100 * error.mean(axis=1) / iod), "moving": 100 * float(moving.mean()), "shift": spread(100 * np.linalg.norm(
        (after[:, :468] - before[:, :468]).mean(axis=1), axis=1) / iod)}
    out["regions"] = {name: float((100 * error[:, points].mean(axis=1) / iod).mean()) for name, points in REGIONS.items()}
    for name, curve in (("mouth", _mouth), ("eye", _eye)):
        a, b = curve(before), curve(after)
        noise = np.std(curve(floor) - a) if floor is not None else None
        out[name] = {"r": correlation(a, b), "spread": float(np.std(a)), "noise": None if noise is None else float(noise),
                     "signal": bool(noise is not None and np.std(a) > SIGNAL * noise), "change": spread(b - a)}
    out["gaze"] = _gaze(before, after)
    out["shake"] = _shake(before, after, numbers)
    return out


def _mouth(points):
    """Opening between the lips in inter-ocular distances."""
    return np.linalg.norm(points[:, LIPS[0]] - points[:, LIPS[1]], axis=1) / _iod(points)


def _aspect(points, eye):
    """Eye aspect ratio: height between the lids by width between the corners."""
    p = [points[:, n] for n in eye["lids"]]
    return (np.linalg.norm(p[1] - p[5], axis=1) + np.linalg.norm(p[2] - p[4], axis=1)) / (2 * np.linalg.norm(p[0] - p[3], axis=1))


def _eye(points):
    return (_aspect(points, EYES[0]) + _aspect(points, EYES[1])) / 2


def _iris(points, eye):
    """Diameter [px] of the iris, n."""
    rim = [points[:, n] for n in eye["iris"][1:]]
    return (np.linalg.norm(rim[0] - rim[2], axis=1) + np.linalg.norm(rim[1] - rim[3], axis=1)) / 2


def _direction(points, eye):
    """Angle of the eye in the head [degrees], across and along the line of its corners, n x 2."""
    a, b = points[:, eye["lids"][0]], points[:, eye["lids"][3]]
    across = (b - a) / np.linalg.norm(b - a, axis=1, keepdims=True)
    along = np.stack([-across[:, 1], across[:, 0]], axis=1)
    offset = (points[:, eye["iris"][0]] - (a + b) / 2) / (_iris(points, eye)[:, None] * EYEBALL)
    parts = np.stack([(offset * across).sum(axis=1), (offset * along).sum(axis=1)], axis=1)
    return np.degrees(np.arcsin(np.clip(parts, -1, 1)))


def _gaze(before, after):
    """Difference of the mean direction of both eyes [degrees] where the irises of the original are large and open."""
    sure = np.all([(_iris(before, eye) >= IRIS) & (_aspect(before, eye) > OPEN) for eye in EYES], axis=0)
    if not sure.any():
        return None
    # The second eye's axis points inwards from its outer corner, so its component across changes sign before the mean.
    turn = np.array([-1, -1])
    first, second = ([_direction(p, eye) for p in (before, after)] for eye in EYES)
    change = ((first[1] - first[0]) + turn * (second[1] - second[0])) / 2
    return spread(np.linalg.norm(change, axis=1)[sure])


def _shake(before, after, numbers):
    """Second temporal difference of all points, root mean square [px], of both, and the ratio to the original's."""
    numbers = np.array(numbers)
    run = np.flatnonzero((numbers[1:-1] - numbers[:-2] == 1) & (numbers[2:] - numbers[1:-1] == 1)) if len(numbers) > 2 else []
    if len(run) < 10:
        return None
    values = [np.linalg.norm(p[run + 2, :468] - 2 * p[run + 1, :468] + p[run, :468], axis=2) for p in (before, after)]
    middle = [float(np.sqrt(np.median((v ** 2).mean(axis=1)))) for v in values]
    whole = [float(np.sqrt((v ** 2).mean())) for v in values]
    return {"original": whole[0], "result": whole[1], "ratio": whole[1] / whole[0], "median_ratio": middle[1] / middle[0],
            "frames": len(run)}


def held(result):
    rows = [row["swapped"] | {"width": row["width"]} for row in result["clips"].values()]

    def all_of(values, good):
        values = [value for value in values if value is not None]
        return bool(values) and all(good(value) for value in values)
    return {f"NME <= {NME_LARGE} % at {LARGE} px and more": all_of([r["nme"]["mean"] for r in rows if r["width"] >= LARGE], lambda v: v <= NME_LARGE),
            f"NME <= {NME_SMALL} % below": all_of([r["nme"]["mean"] for r in rows if r["width"] < LARGE], lambda v: v <= NME_SMALL),
            f"mouth r >= {MOUTH}": all_of([r["mouth"]["r"] for r in rows if r["mouth"]["signal"]], lambda v: v >= MOUTH),
            f"eyes r >= {EYE}": all_of([r["eye"]["r"] for r in rows if r["eye"]["signal"]], lambda v: v >= EYE),
            f"gaze within {GAZE:.0f} degrees (mean)": all_of([r["gaze"]["mean"] for r in rows if r["gaze"]], lambda v: v <= GAZE)}


def stability_held(result):
    ratios = [row["swapped"]["shake"]["ratio"] for row in result["clips"].values() if row["swapped"]["shake"]]
    return {f"second temporal difference <= {SHAKE} x the source's": bool(ratios) and max(ratios) <= SHAKE}
