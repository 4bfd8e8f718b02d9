"""Computes every number of a report of `deid evaluate` anew from its raw data, by numpy, scikit-learn, scipy and pycocotools, and says which
do not agree. bench/evaluate/recompute FOLDER. Exit status 0 when all agree, 1 when one does not, 2 when something is missing."""
import argparse
import json
import math
import pathlib
import sys

import numpy as np

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1]))

from benchlib import audits  # noqa: E402
import identity  # noqa: E402
import keypoints  # noqa: E402

TOLERANCE = 1e-6
NOT_COMPUTED = {"format", "version", "methods", "paper", "shows_originals", "trouble"}  # texts, and values measured elsewhere


class Units:
    """The units of a report and their raw data."""

    def __init__(self, folder, report):
        self.folder, self.report = folder, report
        self.units = {}
        for file in sorted((folder / "units").glob("*.json")):
            unit = json.loads(file.read_text())
            self.units[unit["video"]["name"], unit["key"]["method"]] = unit
        self.clips = [video["name"] for video in report["videos"]]

    def of(self, method):
        return [(clip, self.units[clip, method]) for clip in self.clips if (clip, method) in self.units]

    def path(self, unit, what):
        return self.folder / unit["files"][what]["path"]

    def faces(self, unit):
        if "identity.jsonl" not in unit["files"]:
            return None
        faces = []
        for line in self.path(unit, "identity.jsonl").read_text().splitlines()[1:]:
            face = json.loads(line)
            for key in ("original", "deidentified"):
                if face[key] is not None:
                    face[key] = np.array(face[key], np.float32)
            face["found"] = face.get("landmarks", "result") == "result"
            faces.append(face)
        return faces


def people_section(units, samples_of, given):
    theirs, tracks = units.report["people"], []
    for clip in units.clips:
        for method in units.report["methods"]:
            faces = samples_of.get((clip, method))
            if faces is not None:
                tracks += identity.tracks(clip, faces)
                break
    doubts = []
    if theirs["how"] == "cluster":
        names, doubts = identity.clustered(tracks)
    else:  # a list, which says who is who
        names = [track["person"] for track in theirs["tracks"]]
    for track, name in zip(tracks, names):
        track["person"] = name
    section = {"how": theirs["how"], "limit": identity.SAME, "count": len({n for n in names if n is not None}),
               "tracks": [{k: t[k] for k in ("clip", "face", "described", "person")} for t in tracks], "doubts": doubts,
               "clips_not_here": theirs["clips_not_here"]}
    return section, tracks


def audit_of(lines):
    a = {"frames": 0, "frames_with_faces": 0, "faces": 0, "swapped": 0, "fading": 0, "blurred": 0, "covered": 0, "whole_frames": 0,
         "dropped_frames": 0, "reasons": {}, "doubts": {}, "targets": {}}
    for row in audits.frames(lines):
        a["frames"] += 1
        a["frames_with_faces"] += bool(row["faces"])
        for face in row["faces"]:
            a["faces"] += 1
            if face["treatment"] != "none":
                a["fading" if "weight" in face else face["treatment"]] += 1
            for key, counts in (("target", "targets"), ("reason", "reasons")):
                if key in face:
                    count(a[counts], face[key])
        if "doubt" in row:
            count(a["doubts"], row["doubt"])
            a["dropped_frames" if row["done"] == "drop" else "whole_frames"] += 1
    return a


def count(into, key, n=1):
    into[key] = into.get(key, 0) + n


def added(rows):
    total = audit_of([])
    for row in rows:
        for key, value in row.items():
            if isinstance(value, dict):
                for name, n in value.items():
                    count(total[key], name, n)
            else:
                total[key] += value
    return total


def audit_section(units, method):
    videos, head = {}, {}
    for clip, unit in units.of(method):
        lines = units.path(unit, "audit.jsonl").read_text().splitlines()
        head = head or audits.headers(lines)[0]
        videos[clip] = audit_of(lines)
    return {"videos": videos, "all": added(videos.values()), "element": head["element"], "version": head["version"], "settings": head["settings"],
            "detector": head["detector"]}


def leaks_section(units, method):
    rows = [(clip, unit["leaks"]) for clip, unit in units.of(method) if "leaks" in unit]  # --no-leaks: not searched
    risks = [dict(risk, video=clip) for clip, leaks in rows for risk in leaks["risks"]]
    return {**{key: sum(leaks[key] for _, leaks in rows) for key in ("frames", "faces", "outside")}, "risky_faces": len(risks),
            "risky_frames": len({(risk["video"], risk["frame"]) for risk in risks}), "risks": risks}


def cost_section(units, method):
    result, stages = {"seconds": 0, "cpu_seconds": 0, "video_seconds": 0}, {}
    for _, unit in units.of(method):
        for key in ("seconds", "cpu_seconds"):
            result[key] += unit["run"][key] / unit["run"]["methods_at_once"]
        result["video_seconds"] += unit["video"]["seconds"]
        for name, time in unit["stages"].items():
            for key, value in time.items():
                count(stages.setdefault(name, {}), key, value)
    result["stages"] = {name: {"frames": t["frames"], "cpu_ms": 1e3 * t["cpu_seconds"] / t["frames"], "wall_ms": 1e3 * t["wall_seconds"] / t["frames"]}
                        for name, t in stages.items()}
    return result


def figures_in(movement):
    """((group, part, measure), figure) of oksmeter's report of one video."""
    is_figure = lambda v: isinstance(v, dict) and bool({"unit", "value", "original"} & v.keys())
    for group, parts in movement.items():
        if not isinstance(parts, dict) or group in ("settings", "excluded"):
            continue
        for part, measures in parts.items():
            if is_figure(measures):
                yield (group, "", part), measures
            elif isinstance(measures, dict):
                for measure, figure in measures.items():
                    if is_figure(figure):
                        yield (group, part, measure), figure


def movement_section(units, method):
    series = {}
    for _, unit in units.of(method):
        for name, figure in figures_in(json.loads(units.path(unit, "movement.json").read_text()).get("movement", {})):
            s = series.setdefault(name, {"unit": "", "pairs": [], "values": [], "missing": 0, "why": set()})
            s["unit"] = figure.get("unit", s["unit"])
            number = lambda key, f=figure: isinstance(f.get(key), (int, float))
            if number("original") and number("deidentified"):
                s["pairs"].append((figure["original"], figure["deidentified"]))
            elif number("value"):
                s["values"].append(figure["value"])
            else:
                s["missing"] += 1
                s["why"].add(figure.get("why", ""))
    rows = []
    for (group, part, measure), s in series.items():
        row = {"group": group, "part": part, "measure": measure, "unit": s["unit"], "missing": s["missing"]}
        if s["pairs"]:
            a, b = np.array(s["pairs"], float).T
            row.update(original=identity.spread(a), deidentified=identity.spread(b), agreement=agreement(a, b))
        elif s["values"]:
            row["value"] = identity.spread(s["values"])
        else:
            row["why"] = min(s["why"]) if s["why"] else ""
        rows.append(row)
    return rows


def agreement(a, b):
    """Bland and Altman 1986, ICC(2,1) of Shrout and Fleiss 1979 with McGraw and Wong's interval, Lin's CCC."""
    from scipy import stats
    n, d = len(a), b - a
    result = {"n": n, "bias": None, "bias_interval": None, "limits": None, "icc": None, "icc_interval": None, "ccc": None}
    if n < 2:
        return result
    bias, sd = d.mean(), d.std(ddof=1)
    half = stats.t.ppf(.975, n - 1) * sd / math.sqrt(n)
    result.update(bias=bias, bias_interval=[bias - half, bias + half], limits=[bias - 1.96 * sd, bias + 1.96 * sd])
    x = np.stack([a, b], axis=1)
    rows, columns, grand = x.mean(axis=1), x.mean(axis=0), x.mean()
    msr, msc = 2 * ((rows - grand) ** 2).sum() / (n - 1), n * ((columns - grand) ** 2).sum()
    mse = ((x - rows[:, None] - columns[None] + grand) ** 2).sum() / (n - 1)
    below = msr + mse + 2 * (msc - mse) / n
    if below > 0:
        icc = result["icc"] = (msr - mse) / below
        result["icc_interval"] = icc_interval(icc, n, msr, msc, mse)
    cross = 2 * ((a - a.mean()) * (b - b.mean())).mean()
    below = a.var() + b.var() + (a.mean() - b.mean()) ** 2
    result["ccc"] = cross / below if below > 0 else None
    return result


def icc_interval(icc, n, msr, msc, mse):
    from scipy import stats
    if mse <= 0 or icc >= 1:
        return None
    k = 2
    u, v = k * icc / (n * (1 - icc)), 1 + k * icc * (n - 1) / (n * (1 - icc))
    nu = (u * msc + v * mse) ** 2 / ((u * msc) ** 2 / (k - 1) + (v * mse) ** 2 / ((n - 1) * (k - 1)))
    low_f, high_f = stats.f.ppf(.975, n - 1, nu), stats.f.ppf(.975, nu, n - 1)
    low = n * (msr - low_f * mse) / (low_f * (k * msc + (k * n - k - n) * mse) + n * msr)
    high = n * (high_f * msr - mse) / (k * msc + (k * n - k - n) * mse + n * high_f * msr)
    return [low, high]


def recomputed(units, report):
    faces = {(clip, method): units.faces(unit) for (clip, method), unit in units.units.items()}
    people, tracks = people_section(units, faces, report)
    who = {(t["clip"], t["face"]): t["person"] for t in tracks}
    names = list(dict.fromkeys(t["person"] for t in tracks if t["person"] is not None))
    mine = {"people": people, "videos": report["videos"]}
    by_method = {}
    for method in report["methods"]:
        if not units.of(method):
            continue
        couples = [c for clip, unit in units.of(method)
                   for c in keypoints.paired(keypoints.read(units.path(unit, "original")), keypoints.read(units.path(unit, "keypoints.jsonl")))]
        put(mine, "table2", method, keypoints.section(couples, report["table2"][method]))
        put(mine, "movement", method, movement_section(units, method))
        put(mine, "cost", method, cost_section(units, method))
        samples = [dict(face, clip=clip, person=who.get((clip, face["id"]))) for clip, _ in units.of(method) for face in faces[clip, method] or ()]
        if all(faces[clip, method] is None for clip, _ in units.of(method)):
            continue
        by_method[method] = samples
        put(mine, "table1", method, {"everybody": identity.distances(samples, names),
                                     "people": {p: identity.distances(samples, names, p) for p in names}})
        put(mine, "roc", method, identity.roc(samples, units.clips, names))
        put(mine, "attacks", method, {kind: identity.attack(samples, units.clips, names, kind) for kind in ("naive", "parrot", "linking")})
        put(mine, "leaks", method, leaks_section(units, method))
        put(mine, "audit", method, audit_section(units, method))
    mine["tsne"] = identity.tsne(by_method, report["tsne"])
    return mine


def put(into, section, method, value):
    into.setdefault(section, {})[method] = value


class Comparison:
    def __init__(self):
        self.numbers, self.worst, self.wrong = 0, (0.0, ""), []

    def compare(self, theirs, mine, path):
        if isinstance(theirs, dict) and isinstance(mine, dict):
            for key in theirs.keys() | mine.keys():
                if key not in theirs or key not in mine:
                    self.wrong.append(f"{path}/{key}: only {'in the report' if key in theirs else 'here'}")
                else:
                    self.compare(theirs[key], mine[key], f"{path}/{key}")
        elif isinstance(theirs, list) and isinstance(mine, list):
            if len(theirs) != len(mine):
                self.wrong.append(f"{path}: {len(theirs)} and {len(mine)} entries")
            for k, (a, b) in enumerate(zip(theirs, mine)):
                self.compare(a, b, f"{path}/{k}")
        elif _number(theirs) and _number(mine):
            self.numbers += 1
            off = abs(float(theirs) - float(mine)) / max(1.0, abs(float(theirs)))
            self.worst = max(self.worst, (off, path))
            if not off <= TOLERANCE:
                self.wrong.append(f"{path}: {theirs} and {float(mine)}")
        elif theirs != mine:
            self.wrong.append(f"{path}: {theirs} and {mine}")


def _number(value):
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, (bool, np.bool_))


def main():
    parser = argparse.ArgumentParser(prog="bench/evaluate/recompute", description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, help="what --out of deid evaluate was")
    folder = parser.parse_args().folder
    report = json.loads((folder / "report.json").read_text())
    comparison = Comparison()
    theirs = {key: value for key, value in report.items() if key not in NOT_COMPUTED}
    comparison.compare(theirs, recomputed(Units(folder, report), report), "")
    print(f"{comparison.numbers} numbers compared, {len(comparison.wrong)} places do not agree; "
          f"the largest difference is {comparison.worst[0]:.2g} at {comparison.worst[1]}")
    for line in comparison.wrong[:200]:
        print("differs:", line)
    return 1 if comparison.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
