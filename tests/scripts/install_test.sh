#!/usr/bin/env bash
# cmake --install BUILD_DIR: an installed tree works by itself, from wherever it is moved to.  install_test.sh BUILD_DIR DEPS_DIR
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
build_dir=$1
deps_dir=$2

expect_status 0 cmake --install "$build_dir" --prefix "$work/first"
for file in share/gst-deid/env share/gst-deid/manifest.json share/gst-deid/models/centerface.onnx share/doc/gst-deid/LICENSE; do
  expect test -s "$work/first/$file"
done
plugin=$(find "$work/first/" -name libgstdeid.so)
if [[ ! $plugin ]]; then
  printf 'SKIPPED: this build has no libgstdeid.so.\n'
  exit 77
fi

# Nothing points back into the build tree, and the engine is found relative to the plugin after a move.
mv "$work/first" "$work/moved"
plugin=$work/moved${plugin#"$work/first"}
for binary in "$plugin" "$work/moved/bin/deid"; do
  expect_status 0 readelf -d "$binary"
  runpath=$(grep -E 'R(UN)?PATH' <<<"$said")
  expect test "${runpath#*\[\$ORIGIN/}" != "$runpath"
  expect test "${runpath/:/}" = "${runpath/path:/path}"
  expect_status 0 ldd "$binary"
  expect test "${said/not found/}" = "$said"
done
expect_status 0 ldd "$plugin"
expect_said "=> $work/moved/"
mv "$work/moved" "$work/first"

# As a user would: source env, look, run.
unset GST_PLUGIN_PATH GST_PLUGIN_PATH_1_0 GST_REGISTRY GST_PLUGIN_SYSTEM_PATH_1_0 DEID_MODEL_DIR
export XDG_CACHE_HOME=$work/cache XDG_DATA_HOME=$work/data
source "$work/first/share/gst-deid/env"
for element in facedetect faceblur facemask faceswap posedetect niftisrc; do
  expect_status 0 gst-inspect-1.0 "$element"
  expect_said "$work/first/lib"
done
expect test -s "$work/cache/gst-deid/registry.bin"
expect_status 0 deid run "$deps_dir/footage/single_face.mp4" -o "$work/out.mp4" --method mask
expect test -s "$work/out.mp4"

# As another program would: by the CMake package, and by pkg-config.
play="filesrc location=$deps_dir/footage/single_face.mp4 ! decodebin ! facedetect ! fakesink name=out"
source_dir=$(dirname "${BASH_SOURCE[0]}")/outside
expect_status 0 cmake -G Ninja -S "$source_dir" -B "$work/outside" -DCMAKE_PREFIX_PATH="$work/first"
expect_status 0 cmake --build "$work/outside"
expect_status 0 "$work/outside/outside" "$play"
expect_said "frames 72 faces 72"
export PKG_CONFIG_PATH=$work/first/lib/pkgconfig:$(echo "$work"/first/lib/*/pkgconfig)
read -ra flags < <(pkg-config --cflags --libs gst-deid)
expect_status 0 c++ -std=c++20 "$source_dir/main.cpp" -o "$work/by_pkg_config" "${flags[@]}"
expect_status 0 "$work/by_pkg_config" "$play"
expect_said "frames 72 faces 72"
expect_status 0 pkg-config --modversion gst-deid
expect_said "$(deid --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+')"
printf 'passed\n'
