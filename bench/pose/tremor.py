"""A tremor of known frequency and amplitude, before and after a cover: bar 6."""
import json
import pathlib
import sys

import keypoints
from benchlib import places

HZ, LIMB = 5.0, "left wrist"  # make_tremor's values for its default clip


def measure(maker, options):
    rows = []
    for amplitude in (0, 6):
        clip = maker.folder / f"tremor.{amplitude}.mp4"
        if options.fresh or not clip.exists():
            make = pathlib.Path(__file__).with_name("make_tremor.py")
            part = clip.with_name("part." + clip.name)
            keypoints.said([sys.executable, make, "--hz", HZ, "--amplitude", amplitude, part])
            part.rename(clip)
        for cover in keypoints.COVERS:
            report = maker.folder / f"tremor.{amplitude}.{cover}.json"
            if options.fresh or not report.exists():
                keypoints.said([maker.deid, "run", clip, "-o", report.with_suffix(".mp4"), "--method", cover, "--measure", report,
                                "--overwrite", "--quiet"], maker.env)
            rows.append({"amplitude_px": amplitude, "cover": cover, **_limb(json.loads(report.read_text()))})
    return {"hz": HZ, "limb": LIMB, "clip": places.shown(places.SHARED / "data/intel_asl/sorry.mkv"), "rows": rows}


def _limb(report):
    said = report["movement"]["tremor"][LIMB]
    def pair(name):
        value = said.get(name) or {}
        return {"original": value.get("original"), "deidentified": value.get("deidentified"), "why": value.get("why", "")}
    return {"frequency_hz": pair("peak_frequency"), "amplitude_measured_px": pair("amplitude"), "prominence": pair("prominence"),
            "coherence": (said.get("coherence") or {}).get("value"), "verdict": said.get("verdict (proposal)", {})}


def held(result):
    bars = {}
    for row in (row for row in result["rows"] if row["amplitude_px"]):
        hz, px = row["frequency_hz"], row["amplitude_measured_px"]
        known = None not in (hz["original"], hz["deidentified"], px["original"])
        bars[f"{row['cover']}: original within .1 Hz of {HZ:g} Hz"] = known and abs(hz["original"] - HZ) <= .1
        bars[f"{row['cover']}: original within 10 % of {row['amplitude_px']} px"] = (
            known and abs(px["original"] / row["amplitude_px"] - 1) <= .1)
        bars[f"{row['cover']}: the cover moves the frequency by no more than .1 Hz"] = (
            known and abs(hz["deidentified"] - hz["original"]) <= .1)
    return bars


def _text(value, digits=2):
    return "n/a" if value is None else f"{value:.{digits}f}"


def markdown(result):
    lines = ["## Tremor", "", f"`{result['clip']}` with a tremor of {result['hz']:g} Hz in the {result['limb']} (`bench/pose/make_tremor`), "
             "10 s at 30 frames a second, through `deid run --measure`. Without a tremor (0 px) no line stands out in the original; what is "
             "measured there is the hand's own movement. How much of an amplitude a cover leaves has no bar; it is printed all the same.", "",
             "| put in | cover | Hz, original | Hz, covered | px, original | px, covered | line over the median of the band, original, covered | "
             "coherence | verdict |", "|---|---|---|---|---|---|---|---|---|"]
    for row in result["rows"]:
        hz, px, line = row["frequency_hz"], row["amplitude_measured_px"], row["prominence"]
        verdict = row["verdict"]
        lines.append(f"| {row['amplitude_px']} px | {row['cover']} | {_text(hz['original'], 3)} | {_text(hz['deidentified'], 3)} | "
                     f"{_text(px['original'])} | {_text(px['deidentified'])} | {_text(line['original'], 1)}, {_text(line['deidentified'], 1)} | "
                     f"{_text(row['coherence'])} | {verdict.get('verdict', 'n/a')}{': ' + verdict['why'] if verdict.get('why') else ''} |")
    return lines
