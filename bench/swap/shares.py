"""How many faces are swapped, and why the others are not: the second half of bar 1, by the audit."""
import collections

import sheets
import subjects
import under_test

SHARE = 0.97  # of the main person's frames, in clips whose people look into the camera


def measure(bench, clips_of):
    """{"clips": {name: {"view", "frames", "faces", "rungs", "why", "main", "main_swapped", "changes"}}}"""
    rows = {}
    for clip in clips_of:
        made = under_test.make(bench.settings, clip, bench.fresh)
        rows[clip.name] = row_of(clip, made)
        row = rows[clip.name]
        print(f"make {clip.name}: {row['swapped']} of {row['faces']} faces swapped {dict(row['why'])}", flush=True)
    return {"clips": rows}


def row_of(clip, made):
    faces = [face for frame in made.frames for face in frame["faces"]]
    named = [track for track in subjects.tracks(clip) if track.who is not None]
    rungs = [subjects.rung_at(made.frames[number], row) for track in named for number, row in track.rows.items()]
    return {"view": subjects.view(clip.name), "frames": len(made.frames), "doubts": sum(bool(frame["doubt"]) for frame in made.frames),
            "faces": len(faces), "swapped": sum(face["rung"] in under_test.SWAPPED for face in faces),
            "rungs": dict(collections.Counter(face["rung"] for face in faces)),
            "why": dict(collections.Counter(face["why"] for face in faces if face["why"]).most_common()),
            "people": len({track.who for track in named}), "main": len(rungs), "main_rungs": dict(collections.Counter(rungs)),
            "main_swapped": sum(rung in under_test.SWAPPED for rung in rungs), "changes": len(sheets.changes(made.frames)),
            "targets": sorted({face["target"] for face in faces if face["target"]})}


def held(result):
    frontal = {name: row for name, row in result["clips"].items() if row["view"] == "frontal" and row["main"]}
    if not frontal:
        return {}
    lost = [name for name, row in frontal.items() if row["main_swapped"] < SHARE * row["main"]]
    return {f"{SHARE:.0%} of the faces swapped in each of {len(frontal)} frontal clips" + (f" (not in {', '.join(lost)})" if lost else ""): not lost}
