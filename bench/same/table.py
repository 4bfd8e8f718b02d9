"""The readable table of bench/same."""


def markdown(result):
    """Text of same.md. result: {"before", "after" (what record() of run.py gave, without the hashes), "films", "reports" (verdicts),
    "items" (notes on clips), "equal", "command", "date"}."""
    methods = result["after"]["methods"]
    lines = ["# The same before and after", "",
             "**Equal**: no frame, no frame's time, no line of an audit and no figure differs." if result["equal"] else
             "**Not equal**: see the cells in bold.", "", *_builds(result), "", *_what(result), "",
             "| clip | frames | " + " | ".join(methods) + " |", "|---|---|" + "---|" * len(methods)]
    for clip, verdicts in result["films"].items():
        cells = [verdicts[method].text if method in verdicts else "-" for method in methods]
        lines.append(f"| {clip} | {result['items'].get(clip, '?')} | " + " | ".join(cells) + " |")
    if result["reports"]:
        lines += ["", "| report | |", "|---|---|"]
        lines += [f"| {name} | {verdict.text} |" for name, verdict in result["reports"].items()]
    return "\n".join(lines) + "\n"


def faces(result):
    """The faces in the audits, as proof that there was something to compare."""
    rows = [row for row in result["after"]["films"].values()]
    cells = []
    for method in result["after"]["methods"]:
        runs = [row[method] for row in rows if "faces" in row.get(method, {})]
        drawn = sum(run["drawn"] for run in runs)
        cells.append(f"{method} {sum(run['faces'] for run in runs)}" + (f" ({drawn} drawn)" if drawn else ""))
    return "Faces in the audits: " + ", ".join(cells) + "."


def counts(result):
    """One line: how many runs were compared, how many frames of them, and how many runs differ."""
    verdicts = [verdict for row in result["films"].values() for verdict in row.values()]
    wrong = sum(not verdict.equal for verdict in verdicts) + sum(not verdict.equal for verdict in result["reports"].values())
    return (f"{len(verdicts)} runs over {len(result['films'])} clips and pictures with {result['after']['frames']} frames in all, "
            f"{len(result['reports'])} reports; {wrong} differ")


def _builds(result):
    lines = ["| | commit | programs | processor | system | made | seconds |", "|---|---|---|---|---|---|---|"]
    for name in ("before", "after"):
        record = result[name]
        machine = record["machine"]
        lines.append(f"| {name} | {record['commit']} | {record['programs']} | {machine['cpu']}, {machine['cores']} cores | {machine['system']}, "
                     f"GStreamer {machine['gstreamer']} | {record['date']} | {record['seconds']:.0f} |")
    return lines


def _what(result):
    lines = [f"Made by `{result['command']}`: {counts(result)}. *programs* is the hash of `deid` and its plug-ins."]
    if result["before"]["programs"] == result["after"]["programs"]:
        lines.append("Both are the same programs: this run shows that they give the same twice.")
    if result["before"]["machine"]["cpu"] != result["after"]["machine"]["cpu"]:
        lines.append("The processors differ: sums in f32 are not the same on all of them.")
    lines.append(faces(result))
    return [*lines, "A number in a cell in bold is the first frame, or line, that differs, counted from 0. \"-\": nobody in the clip for "
            "whom the untrained network could be. docs/benchmarks.md says what is compared."]
