#!/usr/bin/env bash
# fetch-models SOURCE_DIR DEPS_DIR: hashes, atomicity, work without a network. Wheels here are made on the spot, and pip
# is kept from any registry, so the test needs no network itself.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
source_dir=$1
deps_dir=$2
fetch=$source_dir/meson-free-scripts/fetch-models
export PIP_NO_INDEX=1 PIP_FIND_LINKS=$work/wheels PIP_CONFIG_FILE=/dev/null

# A wheel with one weight and a small engine tree, and the manifest that pins them.
make_fixture() {
  mkdir -p "$work/wheels"
  python3 - "$work" <<'END'
import hashlib, json, sys, zipfile
from pathlib import Path
work = Path(sys.argv[1])
name = "tinynet-1.0-py3-none-any.whl"
with zipfile.ZipFile(work / "wheels" / name, "w") as wheel:
    wheel.writestr("tinynet/net.bin", b"weights")
    wheel.writestr("tinynet/include/a.hpp", b"header")
    wheel.writestr("tinynet/libs/liba.so", b"library")
    wheel.writestr("tinynet/python.py", b"not needed")
    wheel.writestr("tinynet-1.0.dist-info/licenses/LICENSE", b"free")
    wheel.writestr("tinynet-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tinynet\nVersion: 1.0\n")
    wheel.writestr("tinynet-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
    wheel.writestr("tinynet-1.0.dist-info/RECORD", "")
data = (work / "wheels" / name).read_bytes()
manifest = {
    "packages": [{"name": "tinynet", "version": "1.0", "file": name, "sha256": hashlib.sha256(data).hexdigest(),
                  "bytes": len(data), "licence": "none"}],
    "trees": [{"name": "engine", "package": "tinynet", "member": "tinynet/", "to": "engine"}],
    "files": [{"name": "net", "package": "tinynet", "member": "tinynet/net.bin", "to": "models/net.bin", "bytes": 7,
               "sha256": hashlib.sha256(b"weights").hexdigest()}],
}
(work / "manifest.json").write_text(json.dumps(manifest))
manifest["packages"][0]["sha256"] = "0" * 64
(work / "wrong-package.json").write_text(json.dumps(manifest))
manifest["packages"][0]["sha256"] = hashlib.sha256(data).hexdigest()
manifest["files"][0]["sha256"] = "1" * 64
(work / "wrong-file.json").write_text(json.dumps(manifest))
END
}

files_in() { (cd "$1" && find . -type f ! -name .lock | sort); }

make_fixture
package_hash=$(sha256sum "$work"/wheels/*.whl | cut -d' ' -f1)
file_hash=$(printf weights | sha256sum | cut -d' ' -f1)

# A package whose hash is not the manifest's: both hashes named, nothing of it kept.
expect_status 1 "$fetch" --manifest "$work/wrong-package.json" --deps-dir "$work/wrong"
expect_said "$(printf '0%.0s' {1..64})"
expect_said "$package_hash"
expect test -z "$(files_in "$work/wrong")"

# A file whose hash is not the manifest's: the same.
expect_status 1 "$fetch" --manifest "$work/wrong-file.json" --deps-dir "$work/wrong"
expect_said "$(printf '1%.0s' {1..64})"
expect_said "$file_hash"
expect test ! -e "$work/wrong/models/net.bin"
expect test ! -e "$work/wrong/models/net.bin.part"

# The right one: only what is needed is unpacked, and the packages are gone afterwards.
expect_status 0 "$fetch" --manifest "$work/manifest.json" --deps-dir "$work/deps"
expect test "$(files_in "$work/deps")" = "./engine/.fetched.json
./engine/include/a.hpp
./engine/libs/liba.so
./engine/licences/LICENSE
./models/net.bin"

# Done once, it works without any registry, and writes nothing.
mv "$work/wheels" "$work/wheels-away"
before=$(stat -c %y "$work/deps/models/net.bin" "$work/deps/engine/.fetched.json")
expect_status 0 "$fetch" --manifest "$work/manifest.json" --deps-dir "$work/deps"
expect test "$before" = "$(stat -c %y "$work/deps/models/net.bin" "$work/deps/engine/.fetched.json")"

# Damage is seen, by --check too; without a registry that is one sentence.
printf damaged >"$work/deps/models/net.bin"
expect_status 1 "$fetch" --check --manifest "$work/manifest.json" --deps-dir "$work/deps"
expect_said "models/net.bin"
expect_one_line
expect_status 1 "$fetch" --manifest "$work/manifest.json" --deps-dir "$work/deps"
expect_said "registry"
expect test "$(cat "$work/deps/models/net.bin")" = damaged

# With it, only the damaged file is replaced; a tree that lost a file is made anew.
mv "$work/wheels-away" "$work/wheels"
rm "$work/deps/engine/libs/liba.so"
expect_status 0 "$fetch" --manifest "$work/manifest.json" --deps-dir "$work/deps"
expect test "$(cat "$work/deps/models/net.bin")" = weights
expect test -e "$work/deps/engine/libs/liba.so"

# A source archive: taken as it lies, from a folder or from an index page; its set-up code never runs.
python3 - "$work" <<'END'
import hashlib, io, json, sys, tarfile
from pathlib import Path
work = Path(sys.argv[1])
name = "tiny_source-1.0.tar.gz"
(work / "archives").mkdir()
with tarfile.open(work / "archives" / name, "w:gz") as archive:
    def put(path, data):
        entry = tarfile.TarInfo("tiny_source-1.0/" + path)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    put("setup.py", f"open({str(work / 'ran')!r}, 'w').close()\n".encode())
    put("PKG-INFO", b"Metadata-Version: 2.1\nName: tiny-source\nVersion: 1.0\n")
    put("data/net.bin", b"weights")
    link = tarfile.TarInfo("tiny_source-1.0/data/way-out.bin")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
    archive.addfile(link)
data = (work / "archives" / name).read_bytes()
def manifest(to, **changes):
    entry = {"name": "net", "package": "Tiny.Source", "member": "tiny_source-1.0/data/net.bin", "to": "models/source.bin",
             "bytes": 7, "sha256": hashlib.sha256(b"weights").hexdigest(), **changes}
    package = {"name": "Tiny.Source", "version": "1.0", "file": name, "sha256": hashlib.sha256(data).hexdigest(),
               "bytes": len(data), "licence": "none"}
    (work / to).write_text(json.dumps({"packages": [package], "trees": [], "files": [entry]}))
manifest("source.json")
manifest("source-wrong.json", sha256="1" * 64)
manifest("source-missing.json", member="tiny_source-1.0/data/none.bin")
manifest("source-folder.json", member="tiny_source-1.0/data/way-out.bin")
index = work / "index/simple/tiny-source"
index.mkdir(parents=True)
(index / "index.html").write_text(f'<a href="../../files/other-2.0.tar.gz">x</a> <a href="../../files/{name}#sha256=0">y</a>')
(work / "index/files").mkdir()
(work / "index/files" / name).write_bytes(data)
END
expect_status 1 "$fetch" --manifest "$work/source.json" --deps-dir "$work/source" # not in the folder that pip looks in
expect_said "no tiny_source-1.0.tar.gz found"
export PIP_FIND_LINKS=$work/archives
expect_status 1 "$fetch" --manifest "$work/source-wrong.json" --deps-dir "$work/source"
expect_said "$(printf '1%.0s' {1..64})"
expect_status 1 "$fetch" --manifest "$work/source-missing.json" --deps-dir "$work/source"
expect_said "holds no tiny_source-1.0/data/none.bin"
expect_status 1 "$fetch" --manifest "$work/source-folder.json" --deps-dir "$work/source"
expect test ! -e "$work/source/models/source.bin"
expect_status 0 "$fetch" --manifest "$work/source.json" --deps-dir "$work/source"
expect test "$(cat "$work/source/models/source.bin")" = weights
python3 -u -m http.server --bind 127.0.0.1 --directory "$work/index" 0 >"$work/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
until grep -q 'port [0-9]' "$work/server.log"; do sleep .1; done
port=$(sed -nE 's/.* port ([0-9]+) .*/\1/p' "$work/server.log" | head -1)
expect_status 0 env -u PIP_NO_INDEX -u PIP_FIND_LINKS no_proxy=127.0.0.1 PIP_INDEX_URL="http://127.0.0.1:$port/simple" \
  "$fetch" --manifest "$work/source.json" --deps-dir "$work/indexed"
expect test "$(cat "$work/indexed/models/source.bin")" = weights
kill "$server"
expect_status 1 env -u PIP_NO_INDEX -u PIP_FIND_LINKS no_proxy=127.0.0.1 PIP_INDEX_URL="http://127.0.0.1:$port/simple" \
  "$fetch" --manifest "$work/source.json" --deps-dir "$work/unreachable"
expect_said "registry"
expect test ! -e "$work/ran"

# A package of npm: fetched by the system's npm, or, where there is none, by the client that the manifest pins. Both are
# stand-ins here that copy the package as `npm pack` would.
python3 - "$work" <<'END'
import hashlib, io, json, sys, tarfile, zipfile
from pathlib import Path
work = Path(sys.argv[1])
(work / "wheels").mkdir(exist_ok=True)
with tarfile.open(work / "net-1.0.tgz", "w:gz") as archive:
    entry = tarfile.TarInfo("package/net.bin")
    entry.size = 7
    archive.addfile(entry, io.BytesIO(b"weights"))
stand_in = f"""#!/bin/sh
while [ "$1" != --pack-destination ]; do shift; done
cp {work}/net-1.0.tgz "$2"
echo "$0" >>{work}/npm-ran
"""
(work / "bin").mkdir()
(work / "bin/npm").write_text(stand_in)
(work / "bin/npm").chmod(0o755)
name = "tinynode-1.0-py3-none-any.whl"
with zipfile.ZipFile(work / "wheels" / name, "w") as wheel:
    wheel.writestr("tinynode/node", stand_in)
    wheel.writestr("tinynode-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tinynode\nVersion: 1.0\n")
    wheel.writestr("tinynode-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
    wheel.writestr("tinynode-1.0.dist-info/RECORD", "")
client = {"name": "tinynode", "version": "1.0", "from": "pypi", "file": name, "runs": "npm", "program": "tinynode/node",
          "script": "tinynode/npm.js", "sha256": hashlib.sha256((work / "wheels" / name).read_bytes()).hexdigest()}
data = (work / "net-1.0.tgz").read_bytes()
package = {"name": "@tiny/net", "version": "1.0", "from": "npm", "file": "net-1.0.tgz",
           "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "licence": "none"}
entry = {"name": "net", "package": "@tiny/net", "member": "package/net.bin", "to": "models/npm.bin", "bytes": 7,
         "sha256": hashlib.sha256(b"weights").hexdigest()}
manifest = {"packages": [package], "trees": [], "files": [entry], "clients": [client]}
(work / "npm.json").write_text(json.dumps(manifest))
(work / "no-client.json").write_text(json.dumps({**manifest, "clients": []}))
END
expect_status 0 env PATH="$work/bin:$PATH" "$fetch" --manifest "$work/npm.json" --deps-dir "$work/npm-deps"
expect test "$(cat "$work/npm-deps/models/npm.bin")" = weights
expect test "$(cat "$work/npm-ran")" = "$work/bin/npm"
# A machine without npm: nothing but what the script and pip need.
export PIP_FIND_LINKS=$work/wheels
mkdir "$work/tools"
ln -s "$(python3 -c 'import sys; print(sys.executable)')" "$work/tools/python3"
for tool in sh cp; do ln -s "$(command -v $tool)" "$work/tools/$tool"; done
expect_status 0 env PATH="$work/tools" "$fetch" --manifest "$work/npm.json" --deps-dir "$work/npm-less"
expect test "$(cat "$work/npm-less/models/npm.bin")" = weights
expect grep -q 'tinynode/node$' "$work/npm-ran"
expect_status 1 env PATH="$work/tools" "$fetch" --manifest "$work/no-client.json" --deps-dir "$work/npm-none"
expect_said "npm is missing"
# An npm that brings nothing.
printf '#!/bin/sh\nexit 1\n' >"$work/bin/npm"
expect_status 1 env PATH="$work/bin:$PATH" "$fetch" --manifest "$work/npm.json" --deps-dir "$work/npm-none"
expect_said "registry"

# A part that the user leaves out is not fetched, not missed, and comes back on request.
export PIP_FIND_LINKS=$work/wheels
python3 - "$work" <<'END'
import json, sys
from pathlib import Path
work = Path(sys.argv[1])
manifest = json.loads((work / "manifest.json").read_text())
manifest["files"].append({**manifest["files"][0], "name": "more", "to": "models/more.bin", "part": "extra"})
(work / "parts.json").write_text(json.dumps(manifest))
END
expect_status 0 "$fetch" --manifest "$work/parts.json" --deps-dir "$work/parts"
expect test -e "$work/parts/models/more.bin"
expect_status 0 "$fetch" --manifest "$work/parts.json" --deps-dir "$work/parts" --without extra
expect test ! -e "$work/parts/models/more.bin"
expect test -e "$work/parts/models/net.bin"
expect_status 0 "$fetch" --manifest "$work/parts.json" --deps-dir "$work/parts"
expect test ! -e "$work/parts/models/more.bin"
expect_status 0 "$fetch" --check --manifest "$work/parts.json" --deps-dir "$work/parts"
expect_status 0 "$fetch" --manifest "$work/parts.json" --deps-dir "$work/parts" --with extra
expect test -e "$work/parts/models/more.bin"
expect_status 1 "$fetch" --manifest "$work/parts.json" --deps-dir "$work/parts" --without net
expect_said "parts are: extra"

# What the real set-up left is whole, and stays so on a machine without any network.
offline=()
if unshare -rn true 2>/dev/null; then
  offline=(unshare -rn)
fi
expect_status 0 "${offline[@]}" "$fetch" --check --deps-dir "$deps_dir"
printf 'passed\n'
