"""People in the clips: source faces joined to tracks, tracks to the people of subjects.json."""
import dataclasses
import json
import pathlib

import numpy as np

from benchlib import detect, faces, places

TABLE = pathlib.Path(__file__).with_name("subjects.json")
GAP = 8         # [frames] longest gap in a track
OVERLAP = 0.3   # least intersection over union of two boxes of one face
SMALLEST = 24   # [px] width; a recogniser cannot use smaller faces
SHORTEST = 3    # [frames] shorter tracks of a video are dropped: they are mostly no faces


@dataclasses.dataclass
class Track:
    """One face through a clip: {frame: 15 numbers (box x1 y1 x2 y2, score, five points)}; who: its name, or None."""
    rows: dict
    who: str | None = None

    @property
    def width(self):
        return float(np.median([row[2] - row[0] for row in self.rows.values()]))


def table():
    """{"clips": {name: {"people": [...], "view": ...}}} as subjects.json has it."""
    try:
        return json.loads(TABLE.read_text())
    except (OSError, ValueError) as problem:
        raise places.BenchError(f"subjects.json cannot be read: {problem}") from problem


def tracks(clip):
    """[Track] of a clip, the largest first, by CenterFace at full size, which the elements do not use in this form."""
    found = detect.source_faces(clip, use_mmod=False)
    open_, done = [], []
    for number, boxes in enumerate(found["frames"]):
        if number in found["cuts"]:
            done, open_ = done + open_, []
        rows = [row for row in boxes if row[4] >= detect.FACE and row[2] - row[0] >= SMALLEST]
        for track in list(open_):
            last = max(track.rows)
            if number - last > GAP:
                open_.remove(track)
                done.append(track)
                continue
            best = max(rows, key=lambda row, last=track.rows[last]: faces.iou(row, last), default=None)
            if best is not None and faces.iou(best, track.rows[last]) > OVERLAP:
                track.rows[number] = best
                rows.remove(best)
        open_ += [Track({number: row}) for row in rows]
    least = SHORTEST if len(found["frames"]) >= SHORTEST else 1
    kept = [track for track in done + open_ if len(track.rows) >= least]
    kept.sort(key=lambda track: -sum((row[2] - row[0]) ** 2 for row in track.rows.values()))
    _name(clip.name, kept)
    return kept


def _name(clip, found):
    """Names every track: after the only person, or after the person whose place in a frame it covers."""
    entry = table()["clips"].get(clip)
    for person in entry["people"] if entry else []:
        if "frame" not in person:
            # One person: a track as large as the largest one and never beside it is the same face after a gap or a cut.
            taken = set()
            for track in found:
                if track.who is None and track.width > 0.7 * found[0].width and not taken & track.rows.keys():
                    track.who = person["who"]
                    taken |= track.rows.keys()
            continue
        x, y = person["at"]
        for track in found:
            row = track.rows.get(person["frame"])
            if row is not None and row[0] <= x <= row[2] and row[1] <= y <= row[3]:
                track.who = person["who"]


def alone(clip):
    """Whether the table lists exactly one person for the clip; False for a clip that it does not list."""
    return len(table()["clips"].get(clip.name, {}).get("people", ())) == 1


def view(clip):
    """"frontal", "turning", "small" ... of a clip as subjects.json says; "unknown" for a clip that is not in it."""
    return table()["clips"].get(clip, {}).get("view", "unknown")


def done_to(frame, row):
    """The audit's entry for the face at this place in this frame, or None. While facedetect holds a face, its box can be
    much larger than the face; so the face must lie inside the box, not match it."""
    around = [face for face in frame["faces"] if _inside(row, face["box"]) > 0.5]
    return max(around, key=lambda face: faces.iou(face["box"], row[:4]), default=None)


def _inside(row, box):
    """Share of the face row's box that lies in the other."""
    width, height = (min(row[k + 2], box[k + 2]) - max(row[k], box[k]) for k in (0, 1))
    return max(0.0, width) * max(0.0, height) / ((row[2] - row[0]) * (row[3] - row[1]))


def rung_at(frame, row):
    """The rung of the face at this place: "frame" when the whole frame was covered, "missing" when the audit has no face there."""
    if frame["doubt"]:
        return "frame"
    entry = done_to(frame, row)
    return entry["rung"] if entry else "missing"
