#!/usr/bin/env bash
# check SOURCE_DIR: each rule refuses a small tree that breaks it, and passes one that does not. 77: tools are missing.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
for tool in git clang-format clang-tidy; do
  if ! command -v "$tool" >/dev/null; then
    printf '%s is not installed; the rules of check are not tried.\n' "$tool"
    exit 77
  fi
done

# A repository with one element that is in order.
tree=$work/tree
scripts=$tree/meson-free-scripts
mkdir -p "$scripts" "$tree/elements/one" "$tree/elements/two" "$tree/elements/measures/coco" "$tree/plugins/deid" \
  "$tree/build/release"
cp "$1"/meson-free-scripts/{check,check-alone.py,check-functions.py,clang-commands.py,common.sh} "$scripts"
cp "$1/.clang-format" "$tree"
printf '# none yet\n' >"$scripts/long-functions.txt"
printf '/build/\n' >"$tree/.gitignore"
printf 'The tree.\n' >"$tree/README.md"
printf '{"deidone", "deidone"}\n' >"$tree/plugins/deid/plugin.cpp"
printf '#pragma once\n' | tee "$tree/elements/one/one.hpp" "$tree/elements/measures/coco/scores.hpp" >"$tree/elements/two/two.hpp"
printf '#include "elements/one/one.hpp"\n#include "elements/measures/coco/scores.hpp"\n' >"$tree/elements/one/one.cpp"
clang-format -i "$tree/elements/one/one.cpp" "$tree/plugins/deid/plugin.cpp"
printf '[{"directory": "%s", "file": "%s/elements/one/one.cpp", "command": "c++ -std=c++20 -I%s -c elements/one/one.cpp"}]\n' \
  "$tree" "$tree" "$tree" >"$tree/build/release/compile_commands.json"
git -C "$tree" init -q -b main
git -C "$tree" add -A
git -C "$tree" -c user.name=test -c user.email=test@localhost commit -qm start

check() { "$scripts/check"; }
# refuses SENTENCE: the tree as it is now breaks a rule; then it is put back.
refuses() {
  expect_status 1 check
  expect_said "$1"
  git -C "$tree" checkout -q . && git -C "$tree" clean -qfd
}
expect_status 0 check

printf '#include "elements/two/two.hpp"\n' >>"$tree/elements/one/one.cpp"
refuses "elements/one/one.cpp includes elements/two, the folder of another element."

printf '#include <gst/gst.h>\n' >>"$tree/elements/measures/coco/scores.hpp"
refuses "measures are plain C++"

printf '// a line\n%.0s' {1..401} >"$tree/elements/one/long.hpp"
refuses "elements/one/long.hpp has 401 lines; 400 are the most."

# function NAME LINES: a function with so many lines.
function_of() {
  printf 'int %s(int x) {\n' "$1"
  for ((line = 0; line < $2; ++line)); do printf '  x += 3;\n'; done
  printf '  return x;\n}\n'
}
function_of tall 70 >>"$tree/elements/one/one.cpp"
refuses "elements/one/one.cpp: tall has 72 lines; 60 are the most."
function_of fine 50 >>"$tree/elements/one/one.cpp"
expect_status 0 check

# Listed with what it has: passes. With less: refused. When it is short again: its row is to go.
function_of tall 70 >>"$tree/elements/one/one.cpp"
printf 'elements/one/one.cpp tall lines 72\n' >>"$scripts/long-functions.txt"
git -C "$tree" -c user.name=test -c user.email=test@localhost commit -qam "one is listed"
expect_status 0 check
sed -i 's/^int tall(int x) {/&\n  x += 4;/' "$tree/elements/one/one.cpp"
refuses "tall has 73 lines; 72 are the most."
sed -i 's/^int tall(int x) {/&\n  x += 4;/' "$tree/elements/one/one.cpp"
sed -i 's/ 72$/ 73/' "$scripts/long-functions.txt"
refuses "meson-free-scripts/long-functions.txt may only shrink"
printf 'int short_one() {\n  return 1;\n}\n' >"$tree/elements/one/one.cpp"
refuses "tall got better"

{
  printf 'int knot(int x) {\n'
  for depth in 1 2 3 4 5 6; do printf '%*sif (x > %s)\n' $((depth * 2)) '' "$depth"; done
  printf '              return 1;\n  return 0;\n}\n'
} >>"$tree/elements/one/one.cpp"
refuses "knot has a cognitive complexity of 21; 15 are the most."

# A file that needs another's include, and a file that the build compiles with others.
alone() { "$scripts/check" --alone; }
expect_status 0 alone
printf '#pragma once\ninline std::size_t twice(std::size_t x) {\n  return 2 * x;\n}\n' >"$tree/elements/one/one.hpp"
printf '#include <cstddef>\n#include "elements/one/one.hpp"\n' >"$tree/elements/one/one.cpp"
sed -i '1!b;a\\n' "$tree/elements/one/one.cpp"
expect_status 1 alone
expect_said "elements/one/one.hpp does not compile by itself"
git -C "$tree" checkout -q .
mkdir -p "$tree/build/release/Unity"
printf '#include "%s/elements/one/one.cpp"\n' "$tree" >"$tree/build/release/Unity/unity_0_cxx.cxx"
sed -i.single 's|[^" ]*elements/one/one\.cpp|'"$tree"'/build/release/Unity/unity_0_cxx.cxx|g' "$tree/build/release/compile_commands.json"
function_of second 70 >>"$tree/elements/one/one.cpp"
refuses "elements/one/one.cpp: second has 72 lines; 60 are the most."
mv "$tree/build/release/compile_commands.json.single" "$tree/build/release/compile_commands.json"

# The page about the architecture, once it is there, names every folder.
mkdir "$tree/docs"
printf '| `elements/one` | `elements/two/` | `elements/measures/coco` |\n' >"$tree/docs/architecture.md"
expect_status 0 check
printf '| `elements/one` | `elements/measures/coco` |\n' >"$tree/docs/architecture.md"
expect_status 1 check
expect_said "docs/architecture.md does not name the folder elements/two."

rm "$tree/docs/architecture.md" "$tree/build/release/compile_commands.json"
expect_status 1 check
expect_said "functions cannot be measured without a build"
printf 'passed\n'
