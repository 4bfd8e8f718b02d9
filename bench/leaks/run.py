"""Looks for faces that leave the pipeline: bench/leaks/run --help."""
import argparse
import datetime
import multiprocessing
import pathlib
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from benchlib import clips, contestants, detect, kept, places  # noqa: E402
import partial  # noqa: E402
import sparse  # noqa: E402
import table  # noqa: E402
import trial  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/leaks/run", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Plays clips through a pipeline and looks, with detectors it did not use and pixel by pixel, for\n"
                    "faces of the source that are still there, and for covers that had no face under them.",
        epilog="Exit status: 0 no leak by our own pipelines, 1 leaks, 2 the bench could not run.\n"
               "Contact sheets of everything found: bench/cache/sheets/NAME/. Results: bench/results/leaks.{json,md}, of sparse copies sparse.{json,md};\n"
               "every finding: bench/cache/results/leaks.json.\n"
               "deid, deid-live, deid-swap, deid-bf16 and live-N need the build; deface, haar and none (which covers nothing) do not.")
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help="deid deid-live deid-swap deid-bf16 live-N deface haar none (default: deid deid-live); live-N lets N frames wait")
    parser.add_argument("--curve", action="store_true",
                        help="leaks against the frames that wait live (0 1 2 3 5 10), into live.{json,md}")
    parser.add_argument("--resume", action="store_true", help="keep what an interrupted run with the same build has judged")
    parser.add_argument("--all", action="store_true", help="deid, deid-live, deid-swap, deface and haar")
    parser.add_argument("--graph", help="test this launch text instead, e.g. 'deidfacedetect ! deidfaceblur'")
    parser.add_argument("--format", default="I420", choices=["I420", "RGB"], help="caps before --graph (default I420)")
    parser.add_argument("--closing", type=int, default=0, metavar="PX",
                        help="for a --graph that blurs: join changed pixels this far apart (15 is usual)")
    parser.add_argument("--lookahead", type=int, metavar="N", help="of deid (default: the element's own)")
    parser.add_argument("--clip", action="append", metavar="TEXT", help="only clips whose name holds TEXT; may be repeated")
    parser.add_argument("--file", action="append", metavar="FILE", help="this video instead; may be repeated")
    parser.add_argument("--only", choices=["real", "edited", "sparse"], help="real clips, the edited or the sparse ones (make_nasty) only")
    parser.add_argument("--build", default=str(places.ROOT / "build" / "release"), help="build directory with our plugins")
    parser.add_argument("--jobs", type=int, default=2, help="clips at a time (default 2)")
    parser.add_argument("--pixels-only", action="store_true", help="do not run detectors on the output: quick, for a first look")
    parser.add_argument("--full-look", action="store_true",
                        help="run detectors on every output, not only on that of deid (the others: pixels alone)")
    parser.add_argument("--prepare", action="store_true", help="only find the faces of the sources, which is cached")
    parser.add_argument("--out", default=str(places.RESULTS), help="folder of leaks.json and leaks.md")
    return parser.parse_args()


def chosen_clips(options):
    if options.file:
        return [clips.load(path) for path in options.file]
    makers = {"real": clips.real, "edited": clips.nasty, "sparse": sparse.existing}
    wanted = {options.only} if options.only else {"real", "edited"}
    found = [clip for kind, maker in makers.items() if kind in wanted for clip in maker()]
    if options.only and not found:
        raise places.BenchError(f"no {options.only} clips: run bench/leaks/make_nasty")
    if options.clip:
        found = [clip for clip in found if any(text in clip.name for text in options.clip)]
    if not found:
        raise places.BenchError("no clip has such a name")
    return found


def chosen_contestants(options):
    if options.graph:
        return [contestants.graph(options.graph, options.format, options.build, options.closing)]
    makers = contestants.known(options.build, options.lookahead)
    usual = [contestants.delayed(n) for n in contestants.DELAYS] if options.curve else ["deid", "deid-live"]
    names = ["deid", "deid-live", "deid-swap", "deface", "haar"] if options.all else options.names or usual
    unknown = [name for name in names if name not in makers]
    if unknown:
        raise places.BenchError(f"no contestant is called {unknown[0]}: {' '.join(makers)}, or --graph")
    return [makers[name]() for name in names]


def one(job):
    """Runs in a worker. The failure of a clip is a result, too: it holds the error, and the bench fails at the end."""
    contestant, clip, look = job
    started = time.time()
    try:
        if contestant is None:
            detect.source_faces(clip)
            return None, clip.name, {"seconds": time.time() - started}
        result = trial.Trial(contestant, clip, look).run()
    except places.BenchError as problem:
        result = {"clip": clip.name, "group": clip.group, "error": str(problem)}
    except Exception:  # the traceback is the message: the parent prints it and exits 2
        result = {"clip": clip.name, "group": clip.group, "error": traceback.format_exc()}
    result["seconds"] = round(time.time() - started, 1)
    return contestant.name if contestant else None, clip.name, result


def run_all(options, testees, found):
    """{contestant: {clip: result}}; prints a line per clip as it ends."""
    biggest_first = sorted(found, key=lambda clip: -clip.width * clip.height * clip.path.stat().st_size)
    done_before = partial.Partial(options)
    results = {testee.name: done_before.read(testee, found) for testee in testees if testee}
    jobs = [(testee, clip, bool(testee) and (testee.look or options.full_look) and not options.pixels_only)
            for testee in testees for clip in biggest_first if not testee or clip.name not in results[testee.name]]
    with multiprocessing.get_context("spawn").Pool(options.jobs, maxtasksperchild=16) as pool:
        for done, (name, clip, result) in enumerate(pool.imap_unordered(one, jobs), 1):
            print(f"[{done}/{len(jobs)}] {name or 'faces of'} {clip}: {summary(result)}", flush=True)
            if name:
                results[name][clip] = result
                done_before.write(name, clip, result)
    order = [clip.name for clip in found]
    return {name: {clip: rows[clip] for clip in order if clip in rows} for name, rows in results.items()}


def summary(result):
    if "error" in result:
        return "FAILED: " + result["error"]
    if "frames" not in result:
        return f"{result['seconds']:.0f} s"
    return (f"{result['frames']} frames, {len(result['leak_frames'])} with a leak, {len(result['extra_frames'])} with an "
            f"extra cover, {len(result['fooled_frames'])} fooled, {result['seconds']} s")


def save(options, testees, results, seconds):
    """Merges summaries into leaks.json (other contestants keep theirs) and writes leaks.md. The work folder gets every finding."""
    path = pathlib.Path(options.out) / f"{stem(options)}.json"
    whole = places.WORK / "results" / path.name
    made = {"commit": places.commit(), "date": datetime.date.today().isoformat(), "machine": places.machine(),
            "command": portable("bench/leaks/run " + " ".join(quoted(sys.argv[1:])))}
    heads = {testee.name: {"note": testee.note, "graph": portable(testee.graph), "commit": places.commit(), "seconds": seconds} for testee in testees}
    kept.merge(whole, made, {name: {**head, "clips": results[name]} for name, head in heads.items()})
    shown = table.leaking if options.curve else dict
    content = kept.merge(path, made, {name: {**head, **shown(table.summary(results[name]))} for name, head in heads.items()})
    path.with_suffix(".md").write_text(table.curve(content) if options.curve else table.markdown(content))
    return path


def stem(options):
    """Name of the result files: sparse copies and the curve have their own tables."""
    return "live" if options.curve else "sparse" if options.only == "sparse" else "leaks"


def quoted(words):
    return [f"'{word}'" if " " in word else word for word in words]


def portable(text):
    """Removes paths of this machine: results are read elsewhere."""
    return text and text.replace(f"{places.ROOT}/", "")


def main():
    options = arguments()
    started = time.time()
    testees = [None] if options.prepare else chosen_contestants(options)
    found = chosen_clips(options)
    results = run_all(options, testees, found)
    if options.prepare:
        return 0
    failed = [row for rows in results.values() for row in rows.values() if "error" in row]
    if failed:
        raise places.BenchError(f"{len(failed)} clips could not be judged; nothing was written")
    complete = not (options.clip or options.file or options.only in ("real", "edited") or (options.pixels_only and not options.curve) or options.graph)
    if complete or options.out != str(places.RESULTS):
        print("written:", places.shown(save(options, testees, results, time.time() - started)))
    else:
        print("part of the clips or of the looks only: bench/results is left as it is (--out DIR writes elsewhere)")
    leaks = {name: sum(len(row["leak_frames"]) for row in rows.values()) for name, rows in results.items()}
    extra = {name: sum(len(row["extra_frames"]) for row in rows.values()) for name, rows in results.items()}
    for name in leaks:
        print(f"{name}: {leaks[name]} frames with a leak, {extra[name]} with an extra cover "
              f"of {sum(row['frames'] for row in results[name].values())}")
    return 1 if leaks.get("deid") or leaks.get("deid-swap") or leaks.get("given") else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except places.BenchError as problem:
        print(f"bench/leaks/run: {problem}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
