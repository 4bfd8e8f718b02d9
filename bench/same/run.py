"""Whether two builds do the same: bench/same/run --help."""
import argparse
import concurrent.futures
import datetime
import hashlib
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from benchlib import places  # noqa: E402
import builds  # noqa: E402
import compare  # noqa: E402
import inputs  # noqa: E402
import table  # noqa: E402
import work  # noqa: E402

FORMAT = 1  # of a record; another one cannot be compared
EVALUATED = ("swap", "mask", "blur", "pixelate")


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/same/run", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Lets two builds de-identify the same clips and compares what leaves: every frame, its time, every line of the\n"
                    "audit, and what deid oks, measure and evaluate write. It is the proof that a refactoring changes nothing.",
        epilog="  bench/same/run --before OTHER/build/release                two build directories\n"
               "  bench/same/run --before main                               builds that commit first, once\n"
               "  bench/same/run --save before.json --quick                  before the first step\n"
               "  bench/same/run --against before.json --quick               after every step\n"
               "  bench/same/run --before build/release                      one build twice: is it deterministic?\n\n"
               "Exit status: 0 equal, 1 something differs, 2 the bench could not run. What was cut and made for it is kept in\n"
               "bench/cache/same. A whole run writes bench/results/same.md; one with --quick, --clip or --method only with --out.")
    parser.add_argument("--after", default=str(places.ROOT / "build" / "release"), metavar="BUILD",
                        help="the build under test: a directory or a commit (default: build/release)")
    parser.add_argument("--before", metavar="BUILD", help="the build it is compared with: a directory or a commit")
    parser.add_argument("--against", metavar="FILE", help="compare with what --save kept instead")
    parser.add_argument("--save", metavar="FILE", help="keep the hashes of the build under test")
    parser.add_argument("--quick", action="store_true", help="six clips, 24 frames of each, and fewer reports")
    parser.add_argument("--clip", action="append", metavar="TEXT", help="only clips whose name holds TEXT, no reports; may be repeated")
    parser.add_argument("--method", action="append", choices=work.METHODS, help="only this method; may be repeated")
    parser.add_argument("--jobs", type=int, default=2, help="commands at a time (default 2); no result depends on it")
    parser.add_argument("--out", metavar="DIR", help="folder of same.md (default: bench/results)")
    options = parser.parse_args()
    if not (options.before or options.against or options.save):
        parser.error("give --before BUILD or --against FILE to compare with, or --save FILE")
    if options.before and options.against:
        parser.error("give --before or --against, not both")
    return options


def prepared(options):
    """The items, with the networks that the methods need."""
    with_model = "trained" in options.methods
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        return list(pool.map(lambda clip: inputs.prepare(clip, options.quick, with_model), inputs.chosen(options.quick, options.clip)))


def jobs_of(options, items):
    """[(name, method or None, function of a build)], the most work first."""
    found = [(item.pixels, item.name, method, lambda build, item=item, method=method: work.film(build, item, method))
             for item in items for method in methods_of(options, item)]
    if not (options.clip or options.method):
        found += [(10 ** 12 - index, *job) for index, job in enumerate(report_jobs(options))]
    return [job[1:] for job in sorted(found, key=lambda job: -job[0])]


def methods_of(options, item):
    """Those that are asked for and fit the item."""
    fitting = work.PICTURE_METHODS if item.picture else [method for method in work.METHODS if method != "trained" or item.model]
    return [method for method in options.methods if method in fitting]


def report_jobs(options):
    """Those of oks, measure and evaluate; with --quick of one clip and two methods."""
    wanted = inputs.MEASURED[-1:] if options.quick else inputs.MEASURED
    items = [inputs.prepare(clip, options.quick, False) for clip in inputs.clips.real() if clip.name in wanted]
    if len(items) != len(wanted):
        raise places.BenchError(f"deid measure needs {' and '.join(wanted)} in ../shared/data")
    names, methods = ", ".join(item.name for item in items), EVALUATED[:2] if options.quick else EVALUATED
    found = [("deid oks, all cases", None, work.oks),
             (f"deid evaluate {names} --methods {','.join(methods)}", None, lambda build: work.evaluate(build, items, methods))]
    for item in items:
        hands = item is items[-1]
        found.append((f"deid measure {item.name}{' --hands' if hands else ''}", None,
                      lambda build, item=item, hands=hands: work.measure(build, item, hands)))
    return found


def record(options, build, items):
    """A build's results, as --save stores them."""
    started, films, reports = time.time(), {item.name: {} for item in items}, {}
    work.warm(build)
    for name, method, result in results(jobs_of(options, items), build, options.jobs):
        if method:
            films[name][method] = result
        else:
            reports[name] = result
    films = {name: {method: rows[method] for method in work.METHODS if method in rows} for name, rows in films.items()}
    return {"format": FORMAT, "quick": options.quick, "settings": work.settings(),
            "inputs": {item.name: item.digest for item in items}, "methods": options.methods,
            "networks": {item.name: hashlib.sha256(item.model.read_bytes()).hexdigest()[:16] for item in items if item.model},
            "commit": build.commit, "programs": build.programs, "machine": places.machine(), "date": datetime.date.today().isoformat(),
            "seconds": time.time() - started, "frames": sum(item.frames for item in items), "films": films,
            "reports": dict(sorted(reports.items()))}


def results(jobs, build, at_once):
    """Yields (name, method, result) of each job as it ends, and prints a line."""
    pool = concurrent.futures.ThreadPoolExecutor(at_once)
    try:
        done = {pool.submit(one, job, build): job for job in jobs}
        for count, future in enumerate(concurrent.futures.as_completed(done), 1):
            name, method, _ = done[future]
            result, seconds = future.result()
            note = f": FAILED, {result['failed']}" if "failed" in result else ""
            print(f"[{count}/{len(jobs)}] {build.commit} {name} {method or ''} {seconds:.1f} s{note}", flush=True)
            yield name, method, result
    finally:
        pool.shutdown(cancel_futures=True)  # after an error or Ctrl-C, waiting jobs do not begin


def one(job, build):
    started = time.time()
    return job[2](build), time.time() - started


def load(path):
    """What --save kept."""
    try:
        content = json.loads(pathlib.Path(path).read_text())
        return content if content["format"] == FORMAT else _strange(path)
    except (OSError, ValueError, KeyError, TypeError):
        _strange(path)


def _strange(path):
    raise places.BenchError(f"{places.shown(path)} is nothing that --save of this version kept")


def compared(options, before, after, items):
    """The result as table.markdown takes it."""
    compare.require_same_work(before, after)
    films, reports = compare.films(before["films"], after["films"]), compare.reports(before["reports"], after["reports"])
    notes = {item.name: str(item.frames) if item.frames == item.whole else f"first {item.frames} of {item.whole}" for item in items}
    return {"before": before, "after": after, "films": films, "reports": reports, "items": notes,
            "equal": compare.all_equal(films, reports), "command": command(options), "date": after["date"]}


def command(options):
    """The command line as written in results: without paths of this machine."""
    words = ["bench/same/run"]
    for name in ("before", "after", "against", "save"):
        if (value := getattr(options, name)) and not (name == "after" and value == str(places.ROOT / "build" / "release")):
            words += [f"--{name}", places.shown(value) if pathlib.Path(value).exists() else value]
    words += ["--quick"] * options.quick + [f"--clip {text}" for text in options.clip or []] + [f"--method {m}" for m in options.method or []]
    return " ".join(words)


def main():
    options = arguments()
    options.methods = [method for method in work.METHODS if not options.method or method in options.method]
    earlier = load(options.against) if options.against else None
    if earlier and (options.clip or options.method):
        earlier = compare.narrowed(earlier, [clip.name for clip in inputs.chosen(options.quick, options.clip)], options.methods)
    build = builds.find(options.after)
    other = builds.find(options.before) if options.before else None
    items = prepared(options)
    before = record(options, other, items) if other else earlier
    after = record(options, build, items)
    if options.save:
        pathlib.Path(options.save).write_text(json.dumps(after) + "\n")
        print("kept:", places.shown(options.save))
    if not before:
        return 0
    result = compared(options, before, after, items)
    text = table.markdown(result)
    print(text)
    if options.out or not (options.quick or options.clip or options.method):
        folder = pathlib.Path(options.out or places.RESULTS)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "same.md").write_text(text)
        print("written:", places.shown(folder / "same.md"))
    print(("equal" if result["equal"] else "NOT EQUAL") + ": " + table.counts(result))
    return 0 if result["equal"] else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (places.BenchError, compare.NotComparable) as problem:
        print(f"bench/same/run: {problem}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
