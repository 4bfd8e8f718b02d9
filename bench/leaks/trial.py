"""One contestant on one clip, judged frame by frame."""
import json
import pathlib
import statistics

from benchlib import contestants, detect, faces, judge, places, sheet

NOT_FACES = pathlib.Path(__file__).with_name("not-faces.json")
ALSO_FACES = pathlib.Path(__file__).with_name("also-faces.json")
MOST_CELLS = 48  # pictures per clip and sheet, for a person to check


def notes(path):
    """Notes of a person after checking: list of {clip, first, last, box, reason}."""
    try:
        return json.loads(path.read_text())["places"]
    except (OSError, ValueError, KeyError) as problem:
        raise places.BenchError(f"{places.shown(path)} cannot be read: {problem}") from problem


class Trial:
    """Runs a contestant on a clip. look: also run the detectors on the output (the slow half)."""

    def __init__(self, contestant, clip, look=True):
        self.contestant, self.clip, self.look = contestant, clip, look
        self.found = detect.source_faces(clip)
        self.known = faces.of_clip(self.found, clip.truth)
        self.possible = faces.possible(self.found, clip.truth)
        self.not_faces = notes(NOT_FACES)
        for note in notes(ALSO_FACES):
            for index, boxes in enumerate(self.possible):
                name, frame = clip.place(index)
                if note["clip"] == name and note["first"] <= frame <= note["last"]:
                    boxes.append(note["box"])
        self.leaks, self.fooled, self.extra, self.beside, self.dismissed = [], [], [], [], []
        self.whole, self.sizes = [], []
        self.cells = {"leaks": [], "extra": []}

    def run(self):
        """The result as plain data, ready for JSON."""
        center = detect.CenterFace() if self.look else None
        mmod = detect.Mmod() if self.look else None
        frames = 0
        try:
            for index, (source, output) in enumerate(self.contestant.run(self.clip, self.found)):
                self._frame(index, source, output, center, mmod)
                frames = index + 1
        finally:
            if mmod:
                mmod.close()
        if frames != len(self.found["frames"]):
            raise places.BenchError(f"{self.clip.name}: {frames} frames judged, {len(self.found['frames'])} known")
        self._sheets()
        return self._result(frames)

    def _frame(self, index, source, output, center, mmod):
        contestant = self.contestant
        form = "RGB" if len(source) == 1 else "I420"
        mask = judge.changed(source, output, form, contestant.closing)
        leaks = judge.source_leaks(mask, self.known[index])
        pictures = Pictures(source, output, contestant, self.clip)
        if self.look:
            found = [("centerface in the output", [r for r in center(pictures.output) if r[4] >= detect.FACE])]
            found.append(("mmod in the output", self._mmod(index, mmod, pictures.output)))
            for by, rows in found:
                seen, fooled = judge.output_leaks(mask, rows, by)
                leaks += seen
                self.fooled += [dict(entry, frame=index) for entry in fooled]
        for leak in leaks:
            self._leak(index, leak, pictures)
        for box in judge.needless(mask, self._possible(index)):
            self.extra.append({"frame": index, "box": box})
            self._cell("extra", pictures, box, f"{index} extra")
        self._size(index, mask)
        # The published reference's count: any cover but the one on the largest face, also that on a bystander's face.
        largest = max((face["box"] for face in self.known[index]), key=_area, default=None)
        if largest and judge.needless(mask, [largest]):
            self.beside.append(index)

    def _size(self, index, mask):
        """Records wholly covered frames, and the area of the covers relative to the faces'."""
        covered, faces_area = float(mask.mean()), sum(_area(box) for box in self.possible[index])
        if covered > 0.95:
            self.whole.append(index)
        elif faces_area > 0:
            self.sizes.append(covered * mask.size / faces_area)

    def _possible(self, index):
        return [box for box in self.possible[index]
                if not judge.dismissed(self.not_faces, *self.clip.place(index), box)]

    def _mmod(self, index, mmod, rgb):
        rows = mmod.whole(rgb) if index % detect.MMOD_EVERY == 0 else []
        if index % detect.MMOD_CROP_EVERY == 0:
            for box in self.possible[index]:
                rows += mmod.near(rgb, box)
        return rows

    def _leak(self, index, leak, pictures):
        leak = dict(leak, frame=index, box=[round(v, 1) for v in leak["box"]])
        if judge.dismissed(self.not_faces, *self.clip.place(index), leak["box"]):
            self.dismissed.append(leak)
            return
        self.leaks.append(leak)
        score = "" if leak["score"] is None else f" {leak['score']:.2f}"
        self._cell("leaks", pictures, leak["box"], f"{index} {leak['by']}{score} shown {leak['inner']:.2f}")

    def _cell(self, kind, pictures, box, text):
        # Neighbouring frames look alike: after the first dozen, every fifth frame is enough for a person to check.
        cells = self.cells[kind]
        if len(cells) < 12 or (len(cells) < MOST_CELLS and int(text.split()[0]) % 5 == 0):
            cells.append(sheet.pair(pictures.source, pictures.output, box, text))

    def _sheets(self):
        stem = self.clip.name.replace("/", "_")
        for kind, cells in self.cells.items():
            path = places.WORK / "sheets" / self.contestant.name / f"{stem}.{kind}.png"
            path.unlink(missing_ok=True)
            sheet.write(path, cells)

    def _result(self, frames):
        with_face = sum(1 for row in self.known if row)
        return {"clip": self.clip.name, "group": self.clip.group, "size": f"{self.clip.width}x{self.clip.height}",
                "frames": frames, "frames_with_face": with_face,
                "leak_frames": sorted({leak["frame"] for leak in self.leaks}),
                "extra_frames": sorted({cover["frame"] for cover in self.extra}),
                "beside_frames": self.beside,
                "whole_frames": self.whole,
                "cover_to_face": round(statistics.median(self.sizes), 2) if self.sizes else None,
                "fooled_frames": sorted({entry["frame"] for entry in self.fooled}),
                "dismissed_frames": sorted({leak["frame"] for leak in self.dismissed}),
                "leaks": self.leaks, "extra": self.extra}


def _area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


class Pictures:
    """Source and output of one frame as RGB, converted on first use."""

    def __init__(self, source, output, contestant, clip):
        self._planes = {"source": source, "output": output}
        self._contestant, self._clip, self._made = contestant, clip, {}

    def __getattr__(self, name):
        if name not in ("source", "output"):
            raise AttributeError(name)
        if name not in self._made:
            self._made[name] = contestants.judged_rgb(self._planes[name], self._contestant, self._clip)
        return self._made[name]
