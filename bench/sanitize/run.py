"""Sanitizers and the leaks tracer: bench/sanitize/run --help."""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from benchlib import clips, kept, places, raw  # noqa: E402

SUPPRESSIONS = pathlib.Path(__file__).parent
# Address and undefined: abort on the first finding, so that no test passes over it. Leaks are read from the text at the end
# (findings) and do not change the exit status of commands in tests. The engine's thread pool loads libraries in a way that
# the sanitizer forbids by default; only its own build can be told to (the system's cannot). Threads: races within libraries
# do not count, and guards.cpp tells what locks and reference counts guard.
OPTIONS = {
    "asan": {"TBB_ENABLE_SANITIZERS": "1", "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=1:detect_stack_use_after_return=1:new_delete_type_mismatch=1",
             "LSAN_OPTIONS": f"suppressions={SUPPRESSIONS / 'lsan.txt'}:print_suppressions=0:exitcode=0",
             "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1"},
    "tsan": {"TBB_ENABLE_SANITIZERS": "1", "TSAN_OPTIONS": f"suppressions={SUPPRESSIONS / 'tsan.txt'}:halt_on_error=0:exitcode=66:"
                              "second_deadlock_stack=1:ignore_noninstrumented_modules=1"},
}
# ThreadSanitizer cannot run with every memory layout that a kernel may choose.
FIXED = ["setarch", "--addr-no-randomize"]
# These start gst-launch and Python, into which ThreadSanitizer cannot be loaded.
LEFT_OUT = {"asan": (), "tsan": ("deid_graphs_test",)}
# Our paths as the compiler wrote them without the root (ccache's base_dir).
OUR_FOLDERS = tuple(f"{dots}{room}/" for dots in ("", "../../") for room in ("elements", "models", "pipelines", "plugins", "tests"))
GRAPHS = ("deidfacedetect ! deidfacemask", "deidfacedetect lookahead=0 ! deidfaceblur", "deidfacedetect lookahead=12 ! deidfaceblur",
          "deidfacedetect ! deidfaceswap", "deidposedetect hands=true ! deidfacedetect ! deididentitymeter stage=original ! deidfaceswap ! "
          "deididentitymeter ! deidposedetect stage=deidentified ! deidoksmeter")


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/sanitize/run", description="Builds the tests with AddressSanitizer and UndefinedBehaviorSanitizer, then with "
        "ThreadSanitizer, and runs them all; then plays pipelines under GStreamer's leaks tracer. Exit status 0 when all is "
        "clean. Logs: bench/cache/sanitize/.")
    parser.add_argument("what", nargs="*", metavar="WHAT", help="asan, tsan, leaks (default: all three)")
    parser.add_argument("--build", default=str(places.ROOT / "build" / "release"), help="for leaks: build directory")
    parser.add_argument("--jobs", type=int, default=2, help="compilers, and then test programs, at once (default 2)")
    parser.add_argument("--tests", metavar="REGEX", help="only test programs whose name matches")
    parser.add_argument("--out", default=str(places.RESULTS), help="folder of sanitize.json and sanitize.md")
    return parser.parse_args()


def logged(name, command, env=None, folder=places.ROOT, most=1800):
    """(exit status, text) of a command; the text also stands in a log."""
    logs = places.WORK / "sanitize"
    logs.mkdir(parents=True, exist_ok=True)
    with open(logs / f"{name}.log", "w+b") as log:
        try:
            status = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, env=env, cwd=folder, timeout=most).returncode
        except subprocess.TimeoutExpired:
            status = 124
        log.seek(0)
        return status, log.read().decode(errors="replace")


def programs(build, wanted):
    """{name: (words, folder)} of the test programs of a build. One process runs all tests of a program, so engine and models
    load once, not 1700 times."""
    env = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")  # a program that only lists its tests
    status, text = logged("list", [*FIXED, "ctest", "--test-dir", str(build), "--show-only=json-v1"], env)
    if status != 0:
        raise places.BenchError(f"the tests of {build} cannot be listed: {text[-400:]}")
    found = {}
    for test in json.loads(text[text.index("{"):])["tests"]:
        words = [word for word in test.get("command", []) if not word.startswith("--gtest_")]
        if len(words) < len(test.get("command", [])) and re.search(wanted or "", pathlib.Path(words[-1]).name):
            folder = next((p["value"] for p in test["properties"] if p["name"] == "WORKING_DIRECTORY"), str(build))
            found[pathlib.Path(words[-1]).name] = (words, folder)
    return found


def sanitized(name, options):
    """Builds one preset and runs every test program in it: a row of each."""
    build = places.ROOT / "build" / name
    for step, command in (("configure", ["cmake", "--preset", name]), ("build", ["ninja", "-C", str(build), f"-j{options.jobs}"])):
        status, text = logged(f"{name}-{step}", command, most=7200)
        if status != 0:
            raise places.BenchError(f"{name}: {step} failed: {text[-800:]}")
    env = dict(os.environ, LD_LIBRARY_PATH=str(places.ROOT / "build" / "deps" / "openvino" / "libs"),
               LD_PRELOAD=runtime() if name == "asan" else guards(), **OPTIONS[name])
    rows = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = [pool.submit(tried, name, program, *how, env) for program, how in sorted(programs(build, options.tests).items())
                if program not in LEFT_OUT[name]]
        for done in concurrent.futures.as_completed(runs):
            rows.append(row := done.result())
            print(f"{row['run']}: {row['tests'] - row['failed']} passed, {row['failed']} failed, {row['findings'][:1] or 'clean'}", flush=True)
    return rows


def runtime():
    """Libraries that programs without AddressSanitizer (gst-launch, Python) need for our plugins: its own library, and the
    C++ library, whose exceptions it looks up when it starts."""
    return " ".join(subprocess.run(["c++", f"-print-file-name={library}"], capture_output=True, text=True, check=True).stdout.strip()
                    for library in ("libasan.so", "libstdc++.so.6"))


def guards():
    """The library of guards.cpp."""
    made = places.WORK / "sanitize" / "guards.so"
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "gstreamer-1.0"], capture_output=True, text=True, check=True).stdout.split()
    status, text = logged("guards", ["c++", "-std=c++20", "-shared", "-fPIC", "-O1", str(SUPPRESSIONS / "guards.cpp"), "-o", str(made),
                                         *flags, "-ldl"])
    if status != 0:
        raise places.BenchError(f"guards.cpp does not compile: {text[-400:]}")
    return str(made)


def tried(name, program, words, folder, env):
    """The row of one test program."""
    status, text = logged(f"{name}-{program}", [*FIXED, *words], env, folder)
    return row_of(name, program, status, text)


def row_of(name, program, status, text):
    said = findings(text)
    passed = len(re.findall(r"^\[       OK \]", text, re.M))
    failed = len(set(re.findall(r"^\[  FAILED  \] ([\w/.]+)", text, re.M)))
    if status != 0 and not said and not failed:
        said = [f"exit status {status}"]
    return {"run": f"{name} {program}", "tests": passed + failed, "failed": failed, "findings": said, "clean": not said and not failed}


def findings(text):
    """The sanitizer's findings without addresses and process numbers. A leak counts when its stack contains our code: GLib
    and the engine keep tables for the life of a process, and their stacks end in libraries without frame pointers."""
    lines = re.findall(r"(?:ERROR: (?!LeakSanitizer)\w+Sanitizer: .*|WARNING: ThreadSanitizer: .*|.*runtime error: .*)", text)
    for block in re.split(r"\n(?=(?:Direct|Indirect) leak of )", text)[1:]:
        frames = block.split("\n\n")[0]
        if ours := re.search(r"#\d+ \S+ in (.*) (?:" + "|".join(map(re.escape, (str(places.ROOT), *OUR_FOLDERS))) + ")", frames):
            lines.append(f"leak: {ours[1]}")
    return sorted({re.sub(r"0x[0-9a-f]+|\(pid=\d+\)|==\d+==", "", line).strip() for line in lines})


def traced(options):
    """Pipelines under the leaks tracer: GStreamer objects that are alive after the end."""
    found = clips.real({"demo clips", "sign language"})
    rows = []
    for number, graph in enumerate(GRAPHS):
        env = dict(places.product_env(options.build), GST_TRACERS="leaks(check-refs=true)", GST_DEBUG="GST_TRACER:7",
                   GST_DEBUG_NO_COLOR="1")
        text = raw.pipeline_text(found[0], graph, "I420").replace("fdsink fd=1 sync=false", "fakesink")
        status, words = logged(f"leaks-{number}", ["gst-launch-1.0", "-q", *shlex.split(text)], env)
        alive = re.findall(r"object-alive, type-name=\(string\)(\w+)", words)
        rows.append({"run": f"leaks tracer: {graph}", "clean": status == 0 and not alive, "tests": 1,
                     "failed": int(status != 0), "findings": sorted(set(alive)) + ([words[-300:]] if status else [])})
    return rows


def main():
    options = arguments()
    wanted = options.what or ["asan", "tsan", "leaks"]
    unknown = [what for what in wanted if what not in ("asan", "tsan", "leaks")]
    if unknown:
        raise places.BenchError(f"{unknown[0]} is none of asan, tsan, leaks")
    made, rows = kept.made(), []
    for what in wanted:
        rows += traced(options) if what == "leaks" else sanitized(what, options)
    rows = [{**row, **made} for row in rows]
    print(markdown(rows))
    if rows:
        kept.keep(pathlib.Path(options.out), "sanitize", "run", rows, markdown)
    return 0 if all(row["clean"] for row in rows) else 1


def markdown(rows):
    lines = ["# Sanitizers and leaks", "", "Made by `bench/sanitize/run`, each program and pipeline at its own commit (sanitize.json). A leak counts when "
             "its stack shows code of ours. Not under tsan: " + ", ".join(LEFT_OUT["tsan"]) + ", whose programs it cannot be brought into.", "",
             "| run | programs | tests | failed | clean | findings | commits, date, machine |", "|---|---|---|---|---|---|---|"]
    for name, of in grouped(rows).items():
        said = [f"{row['run'].split(' ')[-1]}: {'; '.join(row['findings']) or 'failed'}" for row in of if not row["clean"]]
        commits = ", ".join(sorted({row["commit"] for row in of}))
        lines.append(f"| {name} | {len(of)} | {sum(row['tests'] for row in of)} | {sum(row['failed'] for row in of)} | {'**no**' if said else 'yes'} | "
                     f"{'<br>'.join(said)[:800] or '-'} | {kept.by({**of[-1], 'commit': commits})} |")
    return "\n".join(lines) + "\n"


def grouped(rows):
    """{run: rows}: the programs of one sanitizer together, each pipeline by itself."""
    groups = {}
    for row in rows:
        name = row["run"]
        groups.setdefault(name.split(" ")[0] if name.startswith(("asan ", "tsan ")) else name, []).append(row)
    return groups


if __name__ == "__main__":
    try:
        sys.exit(main())
    except places.BenchError as problem:
        print(f"bench/sanitize/run: {problem}", file=sys.stderr)
        sys.exit(2)
