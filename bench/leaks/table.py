"""The readable table of bench/leaks."""
import statistics

NONE = "0"  # the text of no frames


def summary(rows):
    """The figures of one contestant that the tables need, from {clip: result}. Git keeps these; the results hold every finding."""
    rows = rows.values()
    signers = [row for row in rows if row["group"] == "sign language"]
    return {"beside": [sum(len(row["beside_frames"]) for row in signers), sum(row["frames"] for row in signers)],
            "whole": sum(len(row["whole_frames"]) for row in rows),
            "cover_to_face": _median([row["cover_to_face"] for row in rows if row["cover_to_face"] is not None]),
            "fooled": sum(len(row["fooled_frames"]) for row in rows), "dismissed": sum(len(row["dismissed_frames"]) for row in rows),
            "groups": _groups(rows),
            "clips": {row["clip"]: {"frames": row["frames"], "leak": spans(row["leak_frames"]), "extra": len(row["extra_frames"])} for row in rows}}


def markdown(result):
    """Text of leaks.md from the content of leaks.json: a summary of each contestant."""
    names = list(result["contestants"])
    lines = ["# Faces that left, covers without a face", "", _made(result), "",
             "A clip is played, the pipeline's frames are taken without loss and compared with the source pixel by pixel. "
             "*Leak*: frames in which a face of the source (CenterFace at full size >= .5, dlib's MMOD, a face between two "
             "sightings, or known from how the clip was edited) is unchanged in more than 10 % of its inner 60 % or "
             "around a landmark, or in which a detector finds an unchanged face in the output. *Extra*: frames with a "
             "cover that touches no possible face (CenterFace >= .3, MMOD, between two sightings). docs/benchmarks.md "
             "says it in full.", "", "## All clips", "",
             "| group | clips | frames | with a face | " + " | ".join(f"{n}: leak | extra" for n in names) + " |",
             "|---|---|---|---|" + "---|---|" * len(names)]
    rows = _by_group(result, names)
    lines += [_line(name, rows[name], names) for name in rows]
    lines += ["", "Sign-language clips, frames with a cover beside the largest face (how the published 84 of 1332 for "
              "deface was counted; nearly all of those are a bystander's real face): "
              + ", ".join("{} {} of {}".format(n, *result["contestants"][n]["beside"]) for n in names) + "."]
    lines += ["", "## Each clip with a leak or an extra cover", "",
              "| clip | frames | " + " | ".join(f"{n}: leak | extra" for n in names) + " |",
              "|---|---|" + "---|---|" * len(names)]
    lines += _clips(result, names)
    lines += ["", "## Who was tested", "", "| name | what | seconds |", "|---|---|---|"]
    lines += [f"| {n} | {c['note']}: `{c['graph']}` at {c['commit']} | {c['seconds']:.0f} |"
              for n, c in result["contestants"].items()]
    lines += ["", "Frames covered from edge to edge: " + ", ".join(
        f"{n} {c['whole']}" for n, c in result["contestants"].items())
              + ". Covered area beside the area of the boxes of possible faces, median over clips: "
              + ", ".join(f"{n} {c['cover_to_face']}" for n, c in result["contestants"].items()) + "."]
    lines += ["", "Frames in which a detector takes the cover itself for a face (not a leak): "
              + ", ".join(f"{n} {c['fooled']}" for n, c in result["contestants"].items()) + ".",
              "Frames with a detection that a person judged to be no face (leaks/not-faces.json): "
              + ", ".join(f"{n} {c['dismissed']}" for n, c in result["contestants"].items()) + ".", ""]
    return "\n".join(lines)


def curve(result):
    """Text of live.md: frames with a leak, against frames of lookahead."""
    lines = ["# Faces that leave live, against the delay", "", _made(result), "",
             "A camera's frames wait for what is found after them. By default `facedetect` lets as many wait as .1 s holds: "
             "3 at 30 frames a second, 2 at 25. *Leak* and *extra* as in leaks.md, by the pixels.", "",
             "| frames that wait | as filmed: leak | extra | edited: leak | extra | clips with a leak |",
             "|---|---|---|---|---|---|"]
    for name, testee in result["contestants"].items():
        rows = _by_group(result, [name])
        cells = [f"{row[name][3]} | {row[name][4]}" if (row := rows.get(group)) else "- | -"
                 for group in ("all, as filmed", "all, edited")]
        named = [f"{clip} {row['leak']}" for clip, row in testee["clips"].items() if row["leak"] != NONE]
        lines.append(f"| {name.split('-')[-1]} | " + " | ".join(cells) + f" | {'; '.join(named) or 'none'} |")
    return "\n".join(lines + [""])


def leaking(figures):
    """A summary that names only the clips with a leak: all that the curve shows of single clips."""
    return {**figures, "clips": {clip: row for clip, row in figures["clips"].items() if row["leak"] != NONE}}


def _median(values):
    return round(statistics.median(values), 2) if values else "-"


def _made(result):
    m = result["machine"]
    return (f"Commit {result['commit']}, {result['date']}, {m['cpu']}, {m['cores']} cores, {m['system']}, "
            f"GStreamer {m['gstreamer']}. Made by `{result['command']}`.")


def _groups(rows):
    """{group: [clips, frames, with face, leaks, extras]} of one contestant."""
    groups = {}
    for clip in rows:
        for key in (clip["group"], _total(clip["group"])):
            row = groups.setdefault(key, [0, 0, 0, 0, 0])
            for at, value in enumerate((1, clip["frames"], clip["frames_with_face"], len(clip["leak_frames"]), len(clip["extra_frames"]))):
                row[at] += value
    return groups


def _by_group(result, names):
    """{group: {contestant: row of _groups}}, with the totals last."""
    rows = {}
    for name in names:
        for group, row in result["contestants"][name]["groups"].items():
            rows.setdefault(group, {})[name] = row
    return dict(sorted(rows.items(), key=lambda item: item[0].startswith("all")))


def _total(group):
    return "all, edited" if group == "edited" else "all, sparse" if group.startswith("sparse") else "all, as filmed"


def _line(group, row, names):
    first = next(iter(row.values()))
    cells = [f"{row[n][3]} | {row[n][4]}" if n in row else "- | -" for n in names]
    return f"| {group} | {first[0]} | {first[1]} | {first[2]} | " + " | ".join(cells) + " |"


def _clips(result, names):
    clips = {}
    for name in names:
        for clip, row in result["contestants"][name]["clips"].items():
            clips.setdefault(clip, {})[name] = row
    lines = []
    for clip, by in clips.items():
        if not any(r["leak"] != NONE or r["extra"] for r in by.values()):
            continue
        cells = [f"{by[n]['leak']} | {by[n]['extra']}" if n in by else "- | -" for n in names]
        lines.append(f"| {clip} | {next(iter(by.values()))['frames']} | " + " | ".join(cells) + " |")
    return lines


def spans(frames):
    """0 or "n (a-b, c)", the frames named as spans; long lists are cut."""
    if not frames:
        return NONE
    found, start = [], frames[0]
    for at, frame in enumerate(frames):
        if at + 1 == len(frames) or frames[at + 1] != frame + 1:
            found.append(str(start) if start == frame else f"{start}-{frame}")
            start = frames[at + 1] if at + 1 < len(frames) else None
    text = ", ".join(found[:8]) + (", …" if len(found) > 8 else "")
    return f"{len(frames)} ({text})"
