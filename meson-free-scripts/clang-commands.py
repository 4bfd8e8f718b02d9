#!/usr/bin/env python3
"""clang-commands.py BUILD FOLDER
Writes the compile commands of a build folder into FOLDER as clang's tools need them: without the precompiled headers,
which only the compiler that made them can read, and without warnings as errors: clang has others than GCC."""
import json
import pathlib
import re
import sys


def for_clang(command):
    command = re.sub(r" -Winvalid-pch| -include \S*cmake_pch\.hxx\b", "", command)
    return re.sub(r"(-std=\S+)", r"\1 -Wno-unknown-warning-option -Wno-c++11-narrowing", re.sub(r" -Werror\b", "", command), count=1)


def main():
    build, folder = map(pathlib.Path, sys.argv[1:])
    entries = json.loads((build / "compile_commands.json").read_text())
    for entry in entries:
        entry["command"] = for_clang(entry["command"])
    (folder / "compile_commands.json").write_text(json.dumps(entries))


main()
