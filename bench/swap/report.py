"""The readable tables of bench/swap: one function a part."""
import timing
import face
import identity
import movement
import others


def number(value, digits=3):
    return "n/a" if value is None else f"{value:.{digits}f}"


def percent(value, digits=1):
    return "n/a" if value is None else f"{100 * value:.{digits}f} %"


def span(low_high, digits=1):
    return "n/a" if low_high is None else f"{100 * low_high[0]:.{digits}f} to {100 * low_high[1]:.{digits}f} %"


def table(head, rows):
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(map(str, row)) + " |" for row in rows)]


def made(result):
    lines = ["## Faces swapped", "", "*Faces* are those of the audit, *people's faces* those that CenterFace (full size, >= .5) sees of the "
             "people in `subjects.json`. Swapped means whole: a face that fades is not counted. `missing`: no face of the audit lies there.", ""]
    rows = []
    for name, r in result["clips"].items():
        why = ", ".join(f"{reason} {count}" for reason, count in r["why"].items()) or "-"
        rows.append([name, r["view"], r["frames"], r["doubts"], f"{r['swapped']} of {r['faces']}", f"{r['main_swapped']} of {r['main']} "
                     f"({percent(r['main_swapped'] / r['main'] if r['main'] else None)})", why,
                     ", ".join(f"{k} {v}" for k, v in r["main_rungs"].items() if k not in ("swap", "kept")) or "-", r["changes"], ", ".join(r["targets"]) or "-"])
    return lines + table(["clip", "view", "frames", "in doubt", "faces swapped", "people's faces swapped", "why not", "people's other faces",
                          "changes of rung", "targets"], rows)


def who(result):
    a, check = result["all"], result["check"]
    lines = ["## Identity", "", "dlib's descriptor, its own frontal detector on the original (where that finds nothing, the place CenterFace "
             "gives) and its own 68 points on both videos, looked for at the same place. *Own*: to the same frame of the original; *average*: to "
             f"the mean of the person's originals in all clips. dlib calls two faces one person up to {identity.SAME}.", "",
             f"subjects.json against the descriptors: the nearest two people are {check['nearest_people']}, the clip farthest from its "
             f"person's average is {check['farthest_clip']}; {result['unnamed_tracks']} tracks have no name and are left out.", ""]
    if not a.get("swapped"):
        return lines + ["No face was swapped."]
    lines += table(["", "figure", "bar"], [
        ["swapped faces, people in the gallery", f"{a['swapped']}, {a['gallery']}", ""],
        ["to the own original: mean, least, share > .6", f"{number(a['own']['mean'])}, {number(a['own']['min'])}, {percent(a['own_over'])}", "100 %"],
        ["to the person's average: mean, least, share > .6", f"{number(a['average']['mean'])}, {number(a['average']['min'])}, "
         f"{percent(a['average_over'])}", f">= {identity.BARS['mean']}, 100 %"],
        ["to the target: mean", number(a["target"]["mean"]) if a["target"] else "n/a", f"<= {identity.BARS['target']}"],
        ["ROC AUC (original pairs of one person against original and swapped)", number(a["auc"], 5), f"> {identity.BARS['auc']}"],
        ["the same pairs: originals, p95; with a swapped one, p5", f"{number(a['genuine']['p95']) if a['genuine'] else 'n/a'}; "
         f"{number(a['against']['p5']) if a['against'] else 'n/a'}", ""],
        ["rank 1: share of frames", f"{percent(a['rank1'])} (Wilson {span(a['wilson'])}; blocks of 30 frames {span(a['blocks'])})",
         f"<= {percent(identity.BARS['chances'] * a['chance'])}"],
        ["rank 1: mean of people, interval over people", f"{percent(a['rank1_of_people'])} ({span(a['people_interval'])})", f"chance {percent(a['chance'])}"],
        ["median rank of the own original", f"{a['median_rank']:.0f} of {a['gallery']}", ""],
        ["originals found at rank 1 (their own average is in the gallery)", percent(a["original_rank1"]), ""]])
    lines += ["", "Wilson takes every frame for a draw of its own and the blocks every clip for a sample of nothing else: for other people only the "
              "interval over people says something."]
    for title, key in (("person", "people"), ("clip", "clips")):
        rows = [[name, r["faces"], r["swapped"], *(["n/a"] * 9 if not r["swapped"] else [
            f"{r['width']:.0f}", f"{number(r['own']['mean'])} / {number(r['own']['min'])}", percent(r["own_over"], 0), f"{number(r['average']['mean'])} / "
            f"{number(r['average']['min'])}", percent(r["average_over"], 0), number(r["target"]["mean"]) if r["target"] else "n/a", percent(r["rank1"], 0),
            f"{r['median_rank']:.0f}", ", ".join(f"{who} {count}" for who, count in r["named"].items())]), ", ".join(r.get("targets", []))] for name, r in result[key].items()]
        lines += ["", *table([title, "faces", "swapped", "width, px", "own: mean / least", "> .6", "average: mean / least", "> .6", "to target",
                              "rank 1", "median rank", "taken for, frames", "target"], rows)]
    return lines


def found_by_others(result):
    lines = ["## Found by other recognisers", "", f"{result['people']} people, {result['faces']} faces that were swapped whole. The gallery holds the mean of each "
             "person's originals: of all clips, or without the clip that is looked at. FaceRes is the swap's second judge, which is off by default. A bar holds "
             "for each person alone: found in 25 % of the frames at most.", ""]
    rows = []
    for name, galleries in result["networks"].items():
        for gallery, r in galleries.items():
            often = [f"{who} {percent(share, 0)}" for who, share in r["people"].items() if share > others.SHARE]
            rows.append([name, gallery, r["faces"], percent(r["original"]), percent(r["rank1"]), percent(r["of_people"]), percent(r["chance"]),
                         f"{len(often)} of {len(r['people'])}", ", ".join(often) or "-"])
    return lines + table(["network", "gallery", "faces", "originals found first", "swapped found first", "mean of people", "chance", "people found too often", "who"], rows)


def curved(result):
    lines = ["## What `geometry` buys and costs", ""]
    if result.get("missing"):
        return lines + [f"Not measured: {result['missing']}."]
    rows = [[value, f"{percent(r['rank1'])} ({span(r['people_interval'])})", percent(r["chance"]), f"{number(r['own']['mean'])} / {number(r['own']['min'])}"
             if r["own"] else "n/a", percent(r["own_over"]), number(r["target"]["mean"]) if r["target"] else "n/a", number(r["nme_large"], 2),
             number(r["nme_small"], 2), number(r["oks"], 4), number(r["AP"])] for value, r in result["rows"].items()]
    return lines + table(["geometry", "rank 1 (interval over people)", "chance", "own: mean / least", "> .6", "to target", "NME %, faces >= 100 px",
                          "NME %, smaller", "mean OKS, body clips", "AP .5:.95"], rows)


def moved(result):
    lines = ["## Keypoints of the body", "", "posedetect (`max-people=1`) of the original is the truth; the swap, blur and mask are looked at before any "
             "encoder, as `deid run --measure` does; re-encoded is x264 at crf 23. `deid oks`, scale keypoint-box. A clip shows a body when an elbow "
             f"is seen in {movement.IN_VIEW:.0%} of the original's frames.", ""]
    head = ["original against", "AP .5:.95", "AP .75", "AP .95", "AR .5:.95", "AR .95", "mean OKS", "least", "OKS >= .95", "frames", "missing"]
    for group, rows in result["groups"].items():
        clips = next(iter(rows.values()))["clips"]
        lines += [f"**{group}**, {clips} clips:", "", *table(head, [[name, *_scores(r)] for name, r in rows.items()]), ""]
        worst = sorted(rows["swap"]["points"].items(), key=lambda item: item[1])[:6]
        lines += ["Lowest medians of single points, swap (re-encoded): " + ", ".join(
            f"{name.replace('_', ' ')} {value:.3f} ({number(rows['re-encoded']['points'].get(name))})" for name, value in worst) + ".", ""]
        if group == movement.BODY:
            lines += ["Paper, swapped: AP .993, AP .95 .990, AR .95 .998; bars the same.", ""]
    names = ["swap", "re-encoded", "blur", "mask"]
    rows = [[clip, r["group"], *(f"{number(r[n]['mean'], 4)} / {number(r[n]['least'])} / {percent(r[n]['over95'], 0)}" for n in names)]
            for clip, r in result["clips"].items()]
    return lines + table(["clip", "group", *(f"{n}: mean OKS / least / >= .95" for n in names)], rows)


def _scores(r):
    def bounded(name):
        low_high = r["intervals"].get(name)
        return number(r[name]) + (f" ({number(low_high[0])} to {number(low_high[1])})" if low_high else "")
    return [bounded("AP"), number(r["AP75"]), bounded("AP95"), number(r["AR"]), bounded("AR95"), number(r["mean"], 4), number(r["least"]),
            percent(r["over95"]), r["frames"], r["missing"]]


def witnessed(result):
    lines = ["## The same by MediaPipe Pose", "", "MediaPipe 0.10.9 in Python, no smoothing; mean OKS / least / share >= .95 (missing).", ""]
    names = ["swap", "re-encoded", "blur", "mask"]
    rows = [[clip, *(f"{number(r[n]['mean'], 4)} / {number(r[n]['least'])} / {percent(r[n]['over95'], 0)} ({r[n]['missing']})" if n in r else "n/a" for n in names)]
            for clip, r in result.items()]
    return lines + table(["clip", *names], rows)


def faced(result):
    lines = ["## Face", "", "MediaPipe's attention mesh (478 points), which the swap does not use, on original, swap and re-encoding (x264, crf 23: the "
             "noise floor), in the frames that are swapped whole. NME: mean distance of 468 points over the distance of the outer corners of the eyes; "
             f"bar {face.NME_LARGE} % at {face.LARGE} px face width and more, {face.NME_SMALL} % below; without its mean: after each point's mean shift in the clip, which "
             f"is the target's form and no movement, is taken out. r: correlation of the mouth's opening (bar {face.MOUTH}) and the eyes' "
             f"aspect ratio (bar {face.EYE}); in brackets where the original's spread is less than {face.SIGNAL:.0f} times what re-encoding does to it: nothing "
             f"moves there. Gaze: mean difference where irises are {face.IRIS:.0f} px and more.", ""]
    rows = []
    for name, r in result["clips"].items():
        s, floor = r["swapped"], r.get("re-encoded")
        rows.append([name, r["who"], f"{r['frames']} of {r['of']}", r["unseen"], f"{r['width']:.0f}", *_with_floor(s, floor, "nme", 2),
                     f"{number(s.get('moving'), 2)} ({number((floor or {}).get('moving'), 2)})", *_curve(s, floor, "mouth"),
                     *_curve(s, floor, "eye"), *_with_floor(s, floor, "gaze", 1),
                     ", ".join(f"{region} {value:.1f}" for region, value in s["regions"].items())])
    return lines + table(["clip", "who", "frames", "not seen in the swap", "width, px", "NME %: mean (p95)", "floor", "without its mean (floor)", "mouth r", "floor", "eyes r", "floor",
                          "gaze, degrees: mean (p95)", "floor", "NME by region"], rows)


def _with_floor(row, floor, name, digits):
    def text(r):
        return f"{number(r[name]['mean'], digits)} ({number(r[name]['p95'], digits)})" if r and r[name] else "n/a"
    return text(row), text(floor)


def _curve(row, floor, name):
    text = number(row[name]["r"])
    return text if row[name]["signal"] else f"({text})", number(floor[name]["r"]) if floor else "n/a"


def stable(result):
    lines = ["## Stability", "", "Second temporal difference of the 468 points, root mean square over points and frames, in the result by that in the "
             f"original (bar {face.SHAKE}); beside it the ratio of medians, which a few jumps do not move, and the floor of re-encoding.", ""]
    rows = []
    for name, r in result["clips"].items():
        s, floor = r["swapped"]["shake"], (r.get("re-encoded") or {}).get("shake")
        if s:
            rows.append([name, r["who"], s["frames"], number(s["original"], 2), number(s["result"], 2), number(s["ratio"], 2), number(s["median_ratio"], 2),
                         number(floor["ratio"], 2) if floor else "n/a"])
    return lines + table(["clip", "who", "frames", "original, px", "swap, px", "ratio", "ratio of medians", "re-encoded"], rows)


def drawn(result):
    return ["## Sheets", "", "To be looked at by a person, at full size: " + ", ".join(f"{name} ({r['changes']} changes of rung)" for name, r in
            result["clips"].items()) + ". They lie in `bench/cache/swap/sheets` and are not kept in git."]


def costs(result):
    lines = ["## Cost", "", f"{result['size']}, I420, CPU (user and system) of whole processes without their start, median of {result['repeat']} runs in turn; "
             "faceswap is what it adds to facedetect.", ""]
    rows = [[name, f"{r['faces_a_frame']:.2f}", f"{r['width']:.0f}", *(number(v, 2) for v in (r["facedetect"] - r["decode"], r["facedetect, blur"] - r["facedetect"],
            r["faceswap"])), f"{timing.PAPER:.0f}"] for name, r in result["rows"].items()]
    lines += table(["clip", "faces swapped a frame", "width, px", "facedetect, ms", "faceblur, ms", "faceswap, ms", "paper, a Titan X, ms"], rows)
    two, one = result["rows"]["two"]["faceswap"], result["rows"]["one"]["faceswap"]
    lines += ["", f"The second face adds {two - one:.2f} ms (bar {timing.FURTHER:.0f}).", "", "Live: frames pushed at 30 a second from memory, timed from source to "
              "sink, pinned to these cores; the first second, in which networks are loaded, apart.", ""]
    rows = [[name, r["cores"], f"{r['out']} of {r['pushed']}", number(r["fps"], 2), *(number(r[k], 1) for k in ("p50", "p99", "worst", "first_second_worst"))]
            for name, r in result["live"].items()]
    return lines + table(["what", "cores", "frames out", "a second", "p50, ms", "p99", "worst", "worst of the first second"], rows)
