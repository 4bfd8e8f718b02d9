"""Our Table 2 and Figs 7 and 8: keypoints after each change of the picture against those of the original."""
import keypoints
from keypoints import BODY, COVERS, HEAD, NETWORKS, VARIANTS

# The known part of the paper's Table 2: its swapped faces. Other cells are not known here.
PAPER = {"swapped": {"AP": .993, "AP95": .990, "AR95": .998, "frames": 11730}}
# A point seen in less than this share of the people is a guess at the picture's edge (knees of people seen from the hips
# up). Encoding alone moves it. It is in the tables, but not in the bar.
OFTEN = .1
FIGURES = ("AP", "AP50", "AP75", "AP95", "AR", "AR50", "AR75", "AR95")


def measure(maker, options):
    """{"clips": …, "networks": {name: {"groups": {name: {variant: row}}, "clips": {clip: {variant: row}}}}}"""
    found = keypoints.body_clips(options.clips)
    nets = [name for name in NETWORKS if name in options.networks]
    files = {}
    for clip in found:
        for variant in ("original", *VARIANTS):
            files[clip.name, variant] = maker.keypoints(clip, variant, nets)
        print(f"{clip.name}: keypoints of {len(VARIANTS) + 1} videos", flush=True)
    result = {"clips": {clip.name: clip.group for clip in found}, "networks": {}}
    for net in nets:
        mine = {clip.name: {variant: _short(_row(maker, files[clip.name, "original"][net], files[clip.name, variant][net]))
                            for variant in VARIANTS} for clip in found}
        groups = {name: {variant: _pooled(maker, [clip for clip in found if clip.name.startswith(folders)], files, variant, net)
                         for variant in VARIANTS}
                  for name, folders in keypoints.GROUPS.items() if any(clip.name.startswith(folders) for clip in found)}
        result["networks"][net] = {"groups": groups, "clips": mine}
    return result


def _pooled(maker, found, files, variant, net):
    pairs = [(files[clip.name, "original"][net], files[clip.name, variant][net]) for clip in found]
    truth, dt = maker.folder / f"pooled.{net}.gt.jsonl", maker.folder / f"pooled.{net}.dt.jsonl"
    keypoints.pool(pairs, truth, dt)
    largest = _row(maker, truth, dt, "--primary", "largest")
    return {**_row(maker, truth, dt), "largest": {key: largest[key] for key in (*FIGURES, "counts", "intervals")}}


def _row(maker, truth, found, *words):
    """The table's values of one evaluation, without the full lists of OKS and matches."""
    said = maker.score(truth, found, *words)
    labels = dict(zip(said["stats_labels"], said["stats"]))
    row = {name: said[name] if name in said else labels[name] for name in FIGURES}
    row.update(counts=said["counts"], similarity=said["similarity"], keypoints=said["keypoints"], intervals=said["intervals"])
    return row


def _short(row):
    """The values for the table of clips, so that the file of results stays small."""
    points = {name: {key: p[key] for key in ("n", "median", "at_least_95") if key in p} for name, p in row["keypoints"].items()}
    similarity = {key: value for key, value in row["similarity"].items() if key != "histogram"}
    counts = {key: row["counts"][key] for key in ("frames", "people", "missing_people", "extra_people")}
    return {"AP": row["AP"], "AR": row["AR"], "counts": counts, "similarity": similarity, "keypoints": points}


def held(result):
    """{bar: whether it holds}; the table has the figures beside it."""
    bars = {}
    for net, got in result["networks"].items():
        for group, rows in got["groups"].items():
            alike, counts = rows["itself"]["similarity"], rows["itself"]["counts"]
            bars[f"{net}, {group}: original against itself, OKS exactly 1"] = (
                alike["n"] == counts["people"] > 0 and alike["min"] == 1 and not counts["extra_people"])
            for cover in COVERS if group != keypoints.NO_BODY else ():
                body = [p for p in (rows[cover]["keypoints"][name] for name in BODY) if p["n"] >= OFTEN * counts["people"]]
                bars[f"{net}, {group}: {cover}, the median of every body point above .95"] = bool(body) and all(
                    p["median"] > .95 for p in body)
    return bars


def _number(value):
    return "n/a" if value is None or value == -1 else f"{value:.3f}"


def _with_interval(row, name):
    low_high = row["intervals"].get(name)
    return _number(row[name]) + (f" ({_number(low_high[0])} to {_number(low_high[1])})" if low_high else "")


def _people(counts):
    return f"{counts['frames']} | {counts['people']} | {counts['missing_people']} | {counts['extra_people']}"


def _share(point):
    return f"{100 * point['at_least_95'] / point['n']:.0f} %" if point["n"] else "n/a"


def _group(points, names):
    """Share of all values of a group that reach .95, and the lowest median in it."""
    there = {name: points[name] for name in names if points[name]["n"]}
    if not there:
        return "n/a"
    share = sum(p["at_least_95"] for p in there.values()) / sum(p["n"] for p in there.values())
    worst = min(there, key=lambda name: there[name]["median"])
    return f"{100 * share:.1f} %, lowest median {there[worst]['median']:.3f} ({worst})"


def markdown(result):
    lines = ["## Table 2: what stays of the keypoints", "",
             "Ground truth: the same network's keypoints of the original. Size of a person: the box around its points, as the paper's "
             "tools have no other. All clips' frames of a group in one evaluation; 95 % intervals from blocks of 30 frames. `itself` is a second run "
             "on the same file, `re-encoded` is x264 at crf 23: the noise floor. Covers are measured before any encoder, as "
             "`deid run --measure` does. The paper's own row is of *swapped* faces, by OpenPose, one patient a video; of its other rows "
             "(masked, blurred) and cells no figures are known here. Points are compared between people who are paired; who is missing is counted "
             "beside AP and AR, and counts as lost in them. The bar is on points that a tenth of the people or more have: knees of people seen "
             "from the hips up are guesses that encoding alone moves.", ""]
    lines += [f"- `{name}`: {why}" for name, why in keypoints.BODY_CLIPS] + [f"- left out, {name}: {why}" for name, why in keypoints.LEFT_OUT]
    lines += ["", f"{len(result['clips'])} clips were measured."]
    for net, got in result["networks"].items():
        lines += ["", f"### With {NETWORKS[net][0]}"]
        for group, rows in got["groups"].items():
            lines += ["", f"**Clips: {group}.** Everybody:", "", *_main_table(rows), "", "Only the largest person of the original, as with "
                      "the paper's one patient:", "", *_main_table({name: row["largest"] for name, row in rows.items()}), "",
                      *_distribution(rows), "", *_per_point(rows)]
        lines += ["", *_per_clip(got["clips"])]
    return lines


def _main_table(rows):
    paper = PAPER["swapped"]
    head = ["original against", "AP .5:.95", "AP .5", "AP .75", "AP .95", "AR .5:.95", "AR .5", "AR .75", "AR .95", "frames", "people",
            "missing", "extra"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += [f"| {name} | " + " | ".join(_with_interval(row, figure) for figure in FIGURES) + f" | {_people(row['counts'])} |"
              for name, row in rows.items()]
    cells = " | ".join(_number(paper.get(figure)) if figure in paper else "not known" for figure in FIGURES)
    return [*lines, f"| *paper, swapped* | {cells} | {paper['frames']} | {paper['frames']} | not known | not known |"]


def _distribution(rows):
    """Fig. 7 in figures."""
    lines = ["OKS of matched people (Fig. 7; the paper's main difference is above .85):", "",
             "| original against | n | median | p5 | p1 | least | >= .85 | >= .95 | >= .99 |", "|---|---|---|---|---|---|---|---|---|"]
    for name, row in rows.items():
        s = row["similarity"]
        parts = [f"{100 * s[key] / s['n']:.1f} % ({s[key]})" if s["n"] else "n/a" for key in ("at_least_85", "at_least_95", "at_least_99")]
        numbers = [_number(s.get(key)) for key in ("median", "p5", "p1", "min")]
        lines.append(f"| {name} | {s['n']} | " + " | ".join(numbers + parts) + " |")
    return lines


def _per_point(rows):
    """Fig. 8 in figures."""
    names = list(rows)
    lines = ["Similarity of each point (Fig. 8): median, share at .95 or above. The paper's picture: head points scattered, body points "
             "above .95.", "", "| point | " + " | ".join(names) + " |", "|" + "---|" * (len(names) + 1)]
    for point in (*HEAD, *BODY):
        cells = [rows[name]["keypoints"][point] for name in names]
        lines.append(f"| {point.replace('_', ' ')} | " + " | ".join(
            f"{_number(cell.get('median'))}, {_share(cell)} of {cell['n']}" for cell in cells) + " |")
    for title, group in (("**head**, all", HEAD), ("**body**, all", BODY)):
        lines.append(f"| {title} | " + " | ".join(_group(rows[name]["keypoints"], group) for name in names) + " |")
    return lines


def _per_clip(clips):
    lines = ["Each clip: median OKS; body points at .95 or above; extra people.", "",
             "| clip | " + " | ".join(VARIANTS) + " |", "|" + "---|" * (len(VARIANTS) + 1)]
    for clip, rows in clips.items():
        cells = []
        for name in VARIANTS:
            points = [rows[name]["keypoints"][point] for point in BODY]
            count = sum(p["n"] for p in points)
            share = f"{100 * sum(p.get('at_least_95', 0) for p in points) / count:.0f} %" if count else "n/a"
            cells.append(f"{_number(rows[name]['similarity'].get('median'))}; {share}; {rows[name]['counts']['extra_people']}")
        lines.append(f"| {clip} | " + " | ".join(cells) + " |")
    return lines
