#!/usr/bin/env python3
"""clang-commands.py BUILD FOLDER
Writes the compile commands of a build folder into FOLDER as clang's tools need them: one for each file, also where the
build compiles several files as one; without the precompiled headers, which only the compiler that made them can read; and
without warnings as errors: clang has others than GCC."""
import json
import pathlib
import re
import sys


def for_clang(command):
    command = re.sub(r" -Winvalid-pch| -include \S*cmake_pch\.hxx\b", "", command)
    return re.sub(r"(-std=\S+)", r"\1 -Wno-unknown-warning-option -Wno-c++11-narrowing", re.sub(r" -Werror\b", "", command), count=1)


def by_file(entry):
    """The entries of the files that CMake compiles as one, or the entry itself."""
    if "/Unity/unity_" not in entry["file"]:
        return [entry]
    files = re.findall(r'^#include "(.+)"$', pathlib.Path(entry["file"]).read_text(), re.M)
    return [entry | {"file": file, "command": entry["command"].replace(entry["file"], file)} for file in files]


def main():
    build, folder = map(pathlib.Path, sys.argv[1:])
    entries = [one for entry in json.loads((build / "compile_commands.json").read_text()) for one in by_file(entry)]
    for entry in entries:
        entry["command"] = for_clang(entry["command"])
    (folder / "compile_commands.json").write_text(json.dumps(entries))


main()
