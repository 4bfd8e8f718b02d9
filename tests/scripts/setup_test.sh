#!/usr/bin/env bash
# setup SOURCE_DIR DEPS_DIR: nothing to do when all is there; one sentence when packages are missing and nobody may
# install them. dpkg-query, id and sudo are replaced by small stand-ins; nothing is installed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
setup=$1/meson-free-scripts/setup
deps_dir=$2

mkdir "$work/bin"
stand_in() {
  printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}
export PATH="$work/bin:$PATH"
stand_in apt-get 'echo "apt-get must not run" >&2; exit 9'
stand_in sudo 'exit 1'

stand_in dpkg-query 'echo installed'
expect_status 0 "$setup" --deps-dir "$deps_dir" </dev/null
expect_said "are installed"
expect_said "hashes checked"

expect_status 0 "$setup" --train --deps-dir "$deps_dir" </dev/null
expect_said "are installed"
stand_in dpkg-query 'case "$*" in *libtorch*) exit 1 ;; *) echo installed ;; esac'
expect_status 0 "$setup" --deps-dir "$deps_dir" </dev/null # which everything but training does without
stand_in id 'echo 1000'
expect_status 1 "$setup" --train --deps-dir "$deps_dir" </dev/null
expect_said "installing them needs root: libtorch-dev"

stand_in dpkg-query 'case "$*" in *libinsighttoolkit*) exit 1 ;; *) echo installed ;; esac'
expect_status 0 "$setup" --deps-dir "$deps_dir" </dev/null # which everything but the registration of scans does without
expect_status 1 "$setup" --scans --deps-dir "$deps_dir" </dev/null
expect_said "installing them needs root: libinsighttoolkit5-dev"

stand_in dpkg-query 'case "$*" in *cmake*) exit 1 ;; *) echo installed ;; esac'
stand_in id 'echo 1000'
expect_status 1 "$setup" --deps-dir "$deps_dir" </dev/null
expect_said "setup: these Debian packages are missing and installing them needs root: cmake"

stand_in id 'echo 0'
stand_in apt-get 'echo "E: Unable to fetch some archives" >&2; exit 100'
expect_status 1 "$setup" --deps-dir "$deps_dir" </dev/null
expect_said "setup: apt-get could not install cmake (Unable to fetch some archives"

expect_status 1 "$setup" --no-such-option
expect_one_line
printf 'passed\n'
