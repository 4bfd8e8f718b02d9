"""Benefit and cost of moving features towards the target's places: rank 1 and distances beside NME and OKS, by `geometry`."""
import dataclasses

import face
import identity
import movement

VALUES = (0, 0.25, 0.5, 0.75, 1)
WORD = "geometry"


def measure(bench, clips_of):
    """{"rows": {value: figures}} or {"missing": sentence} while the element has no such property."""
    if WORD not in bench.settings.properties:
        return {"missing": f"the element has no property {WORD}", "rows": {}}
    rows = {}
    for value in bench.values or VALUES:
        there = dataclasses.replace(bench, settings=bench.settings.with_word(WORD, value))
        print(f"curve: {WORD}={value}", flush=True)
        rows[str(value)] = _row(there, clips_of)
    return {"rows": rows}


def _row(bench, clips_of):
    who = identity.measure(bench, clips_of)["all"]
    faces = face.measure(bench, clips_of)["clips"].values()
    body = movement.measure(bench, clips_of)["groups"].get(movement.BODY, {}).get("swap")
    kept = {key: who.get(key) for key in ("rank1", "wilson", "blocks", "people_interval", "chance", "own", "average", "own_over", "target")}
    return {**kept, "nme_large": _mean(faces, lambda row: row["width"] >= face.LARGE), "nme_small": _mean(faces, lambda row: row["width"] < face.LARGE),
            "oks": body["mean"] if body else None, "AP": body["AP"] if body else None}


def _mean(rows, wanted):
    values = [row["swapped"]["nme"]["mean"] for row in rows if wanted(row) and row["swapped"]["nme"]]
    return sum(values) / len(values) if values else None
