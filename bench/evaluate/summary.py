"""The short form of a report of `deid evaluate`, beside the paper and the bars: python3 bench/evaluate/summary.py FOLDER [FOLDER of the clips with a body]."""
import json
import pathlib
import sys


def number(value, digits=3):
    return "n/a" if value is None or value == -1 else f"{value:.{digits}f}"


def mean(spread):
    return "n/a" if spread is None else f"{spread['mean']:.3f} ({spread['sd']:.3f}), least {spread['min']:.3f}"


def share(value):
    return "n/a" if value is None else f"{100 * value:.1f} %"


def interval(pair):
    return "n/a" if pair is None else f"{100 * pair[0]:.0f} to {100 * pair[1]:.0f} %"


def identity(report):
    yield "| method | faces | still a face | to the original | > .6 | to the average original | > .6 | to the target | AUC |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for method, section in report["table1"].items():
        d, n = section["everybody"], section["everybody"]["described"]
        yield (f"| {method} | {n} of {d['faces']} | {d['found']} | {mean(d['to_original'])} | {d['to_original_above_limit']} of {n} | "
               f"{mean(d['to_average_original'])} | {d['to_average_original_above_limit']} of {n} | {mean(d['to_average_target'])} | "
               f"{number(report['roc'][method]['auc'], 5)} |")
    yield "| *paper, two patients* | | | .636 (.033), .634 (.029) | | not known | | .466, .439 | > .9999 |"


def attacks(report):
    yield "| method | attacker | gallery | faces | rank 1 | chance | other people | true accepts at 1 false in 1000 |"
    yield "|---|---|---|---|---|---|---|---|"
    for method, kinds in report["attacks"].items():
        for kind, a in kinds.items():
            yield (f"| {method} | {kind} | {a['gallery']} | {a['described']} | {a['hits']} ({share(a['rank1'])}) | {share(a['chance'])} | "
                   f"{interval(a['by_people'])} | {share(a['true_accept'])} |")


def points(report):
    yield "| method | AP .5:.95 | AP .95 | AR .5:.95 | AR .95 | people | found at .95 | lost |"
    yield "|---|---|---|---|---|---|---|---|"
    for method, s in report["table2"].items():
        i = s.get("intervals", {})
        cell = lambda value, name, i=i: f"{number(value)} ({number(i[name][0])} to {number(i[name][1])})" if name in i else number(value)
        yield (f"| {method} | {cell(s['stats'][0], 'AP')} | {cell(s['AP95'], 'AP95')} | {cell(s['stats'][5], 'AR')} | {cell(s['AR95'], 'AR95')} | "
               f"{s['counts']['people']} | {s['counts']['found'][9]} | {s['counts']['missing_people']} |")
    yield "| *paper, swapped* | .993 | .990 | not known | .998 | 11730 | not known | not known |"


def cost(report):
    cpu, video = sum(c["cpu_seconds"] for c in report["cost"].values()), next(iter(report["cost"].values()))["video_seconds"]
    yield (f"{cpu:.0f} s of CPU for {video:.1f} s of video under {len(report['cost'])} rows: {cpu / video:.2f} times its length, {cpu / video / 2:.2f} on two cores "
           "that do nothing else (bar: 3). The paper: 120 + 40 minutes on a Titan X for 11,730 frames.")


def main():
    everything = json.loads((pathlib.Path(sys.argv[1]) / "report.json").read_text())
    body = json.loads((pathlib.Path(sys.argv[2]) / "report.json").read_text()) if len(sys.argv) > 2 else None
    frames = sum(v.get("frames", 0) for v in everything["videos"])
    print(f"# deid evaluate on {len(everything['videos'])} clips\n\n{frames} frames, {everything['people']['count']} people, who is who by "
          f"{everything['people']['how']}. `{everything['version'].split(' ')[0]} {everything['version'].split(' ')[1]}`. Made by `bench/evaluate/summary.py`.\n")
    parts = [("Distance between faces (Table 1, Fig. 5)", identity(everything)), ("Attacks", attacks(everything)),
             ("Body points, all clips (Table 2)", points(everything))]
    if body:
        parts.append((f"Body points, the {len(body['videos'])} clips with a body", points(body)))
    parts.append(("Faces at risk", (f"- {m}: {s['risky_faces']} of {s['faces']} faces in {s['risky_frames']} of {s['frames']} frames"
                                    if s["frames"] else f"- {m}: not looked for"
                                    for m, s in everything["leaks"].items())))
    parts.append(("Cost", cost(everything)))
    for title, lines in parts:
        print(f"## {title}\n\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
