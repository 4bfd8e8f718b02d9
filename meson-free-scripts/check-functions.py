#!/usr/bin/env python3
"""check-functions.py [--write] BUILD LIST FILE...
Measures the functions of the given C++ files with clang-tidy: lines (60 are the most) and cognitive complexity (15 is the
most). Functions called *class_init are exempt. LIST names the functions that were over a limit when the rule came; it may
only shrink. Prints one line a complaint; exit status 1 when there is any. BUILD: a build folder with compile_commands.json.
--write: writes LIST anew instead, sorted."""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

MOST = {"lines": 60, "complexity": 15}
CHECKS = "-*,readability-function-size,readability-function-cognitive-complexity"
CONFIG = ("{CheckOptions: [{key: readability-function-size.LineThreshold, value: '60'}, "
          "{key: readability-function-size.StatementThreshold, value: '100000'}, "
          "{key: readability-function-cognitive-complexity.Threshold, value: '15'}]}")
COMPLEXITY = re.compile(r"^(\S+?):(\d+):\d+: (?:warning|error): function '([^']+)' has cognitive complexity of (\d+)", re.M)
SIZE = re.compile(r"^(\S+?):(\d+):\d+: (?:warning|error): function '([^']+)' exceeds recommended size.*\n(?:.*\n)*?"
                  r"\S+: note: (\d+) lines including", re.M)


def measured(build, root, source):
    """(file, line, function, kind, value) of all functions over a limit that a translation unit holds."""
    run = subprocess.run(["clang-tidy", "-p", build, "--quiet", "--checks=" + CHECKS, "--config=" + CONFIG,
                          "--header-filter=.*/(bench|elements|models|pipelines|plugins|tests)/.*", source],
                         capture_output=True, text=True, check=False)
    # Other errors (clang 14 cannot read GCC 12's ranges) leave the functions that clang-tidy could read.
    if re.search(r"not a PCH file|fatal error", run.stderr + run.stdout):
        sys.exit(f"check-functions: clang-tidy cannot read {source}:\n{(run.stdout + run.stderr).strip()[:500]}")
    found = set()
    for kind, pattern in (("complexity", COMPLEXITY), ("lines", SIZE)):
        for file, line, function, value in pattern.findall(run.stdout):
            path = os.path.relpath(os.path.realpath(file), root)
            if not path.startswith("..") and not function.endswith("class_init"):
                found.add((path, int(line), function, kind, int(value)))
    return found


def listed(text):
    """{(file, function, kind): [values]}, greatest first."""
    found = collections.defaultdict(list)
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            file, *function, kind, value = line.split()
            found[file, " ".join(function), kind].append(int(value))
    return {key: sorted(values, reverse=True) for key, values in found.items()}


def unit_files(commands, root, files):
    """The compiled ones of the files; for a header, the compiled files beside it."""
    entries = json.loads((pathlib.Path(commands) / "compile_commands.json").read_text())
    known = {os.path.relpath(os.path.realpath(os.path.join(e["directory"], e["file"])), root) for e in entries}
    folders = {os.path.dirname(file) for file in files if file.endswith(".hpp")}
    return sorted(unit for unit in known if unit in files or os.path.dirname(unit) in folders)


def compare(now, allowed, files):
    """Sentences about functions over a limit that the list does not allow, and about rows of the list that are no longer
    needed."""
    for key in sorted(set(now) | set(allowed)):
        file, function, kind = key
        if file not in files:
            continue
        have, may = now.get(key, []), allowed.get(key, [])
        unit = " lines" if kind == "lines" else ""
        if len(have) > len(may) or any(h > m for h, m in zip(have, may)):
            yield (f"{file}: {function} has {'a cognitive complexity of ' if kind == 'complexity' else ''}{have[0]}{unit}; "
                   f"{(may or [MOST[kind]])[0]} are the most.")
        elif have != may:
            yield f"{file}: {function} got better; set its line of the list to {have or 'nothing'}."


def main():
    arguments = sys.argv[1:]
    write = "--write" in arguments
    build, path, *files = [a for a in arguments if a != "--write"]
    root = os.getcwd()
    files = set(files)
    with tempfile.TemporaryDirectory() as commands, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        subprocess.run([pathlib.Path(__file__).with_name("clang-commands.py"), build, commands], check=True)
        results = list(pool.map(lambda unit: measured(commands, root, unit), unit_files(commands, root, files)))
    now = collections.defaultdict(list)
    for file, _, function, kind, value in sorted(set().union(*results)):
        now[file, function, kind].append(value)
    now = {key: sorted(values, reverse=True) for key, values in now.items()}
    if write:
        rows = [f"{' '.join(key)} {value}" for key, values in sorted(now.items()) for value in values]
        pathlib.Path(path).write_text("# Functions over a limit of check: file, function, what, how much. This list may only shrink.\n"
                                      + "".join(row + "\n" for row in rows))
        return
    complaints = list(compare(now, listed(pathlib.Path(path).read_text()), files))
    print("".join(line + "\n" for line in complaints), end="")
    sys.exit(1 if complaints else 0)


main()
