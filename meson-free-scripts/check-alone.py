#!/usr/bin/env python3
"""check-alone.py BUILD FILE...
Compiles each of the given C++ files by itself, headers too, without precompiled headers and without the batches of a
release build: so each file includes what it uses. Needs a configured build folder; writes nothing into it. Prints one
sentence a file that does not compile; exit status 1 when there is any."""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile


def commands_of(build, root):
    """{source: (directory, compiler's words)} of all compiled files."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([pathlib.Path(__file__).with_name("clang-commands.py"), build, folder], check=True)
        entries = json.loads((pathlib.Path(folder) / "compile_commands.json").read_text())
    found = {}
    for entry in entries:
        source = os.path.relpath(os.path.realpath(os.path.join(entry["directory"], entry["file"])), root)
        # what is for clang or for writing an object is of no use here
        text = re.sub(r" -Wno-unknown-warning-option -Wno-c\+\+11-narrowing| -o \S+| -c (?=\S)| -M[DTF]( \S+\.o(\.d)?)?", " ", entry["command"])
        words = [word for word in shlex.split(text) if os.path.realpath(os.path.join(entry["directory"], word)) != os.path.realpath(
            os.path.join(entry["directory"], entry["file"]))]
        found[source] = (entry["directory"], words)
    return found


def command_for(file, commands):
    """The command of a source, or for a header the command of a source that is near: in its folder, or above."""
    if file in commands:
        return commands[file]
    folder = os.path.dirname(file)
    while folder:
        near = sorted(source for source in commands if source.startswith(folder + "/"))
        if near:
            own = [source for source in near if source == file.removesuffix(".hpp") + ".cpp"]
            return commands[(own or near)[0]]
        folder = os.path.dirname(folder)
    return None


def complaint(file, root, commands):
    found = command_for(file, commands)
    if found is None:
        return None  # not part of this build
    directory, words = found
    run = subprocess.run([*words, "-Wshadow", "-Werror=shadow", "-fsyntax-only", "-x", "c++", "-"], cwd=directory, text=True, capture_output=True, check=False,
                         input=f'#include "{os.path.join(root, file)}"\n')
    if run.returncode == 0:
        return None
    first = next((line for line in run.stderr.splitlines() if "error:" in line), run.stderr.strip()[:300])
    return f"{file} does not compile by itself: {first.replace(root + '/', '')}"


def main():
    build, *files = sys.argv[1:]
    root = os.getcwd()
    commands = commands_of(build, root)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = [one for one in pool.map(lambda file: complaint(file, root, commands), files) if one]
    print("".join(line + "\n" for line in complaints), end="")
    sys.exit(1 if complaints else 0)


main()
