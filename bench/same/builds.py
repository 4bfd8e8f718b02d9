"""The build that is meant, its sources, and its environment."""
import dataclasses
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

from benchlib import places

FOLDER = places.WORK / "same"
TARGETS = ("gstdeid", "gstdeidpose", "deid")
PROGRAMS = ("bin/deid", "plugins/**/libgstdeid.so", "plugins/**/libgstdeidpose.so")


@dataclasses.dataclass
class Build:
    """folder: a copy of the programs of a build directory; commit of the sources they belong to; programs: their hash."""
    folder: pathlib.Path
    commit: str
    programs: str

    @property
    def deid(self):
        return self.folder / "bin" / "deid"

    def env(self):
        """The user's, with no other plug-ins than the system's and this build's, and a registry of this build's own."""
        env = {name: value for name, value in os.environ.items() if not name.startswith(("GST_", "DEID_"))}
        FOLDER.mkdir(parents=True, exist_ok=True)
        env["GST_REGISTRY"] = str(FOLDER / f"registry-{hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]}.bin")
        env["GST_PLUGIN_PATH"] = f"{self.folder / 'plugins'}:{self.folder / 'plugins' / 'deid'}"
        env["DEID_MODEL_DIR"] = os.environ.get("DEID_MODEL_DIR", str(places.DEPS / "models"))
        return env


def find(text):
    """The build in this directory, or that of this commit, which is built if it is missing."""
    folder = pathlib.Path(text).resolve()
    if not (folder / "CMakeCache.txt").exists():
        folder = of_commit(text)
    places.need(folder / "bin" / "deid", "build the project first (meson-free-scripts/build)")
    require_current(folder)
    copy, programs = copied(folder)
    return Build(copy, commit_of(folder), programs)


def require_current(folder):
    """Raises BenchError when the programs are older than their sources: results would say nothing about the sources."""
    if not (folder / "build.ninja").exists():
        return
    said = subprocess.run(["ninja", "-C", str(folder), "-n", *TARGETS], capture_output=True, text=True)
    if "no work to do" not in said.stdout:
        raise places.BenchError(f"{places.shown(folder)} is older than its sources, or is being built: build it first")


def copied(folder):
    """(folder, hash) of a copy of the programs, because the build directory may change while they run."""
    part = FOLDER / "programs" / f"part.{os.getpid()}"
    shutil.rmtree(part, ignore_errors=True)
    digest = hashlib.sha256()
    for file in sorted(file for pattern in PROGRAMS for file in folder.glob(pattern)):
        to = part / file.relative_to(folder)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, to)
        digest.update(file.name.encode() + to.read_bytes())
    programs = digest.hexdigest()[:12]
    made = FOLDER / "programs" / programs
    if made.exists():
        shutil.rmtree(part)
    else:
        part.rename(made)
    return made, programs


def of_commit(text):
    """The build directory of a commit, from sources of its own in the work folder."""
    asked = subprocess.run(["git", "-C", str(places.ROOT), "rev-parse", "--verify", "--quiet", "--short=10", text + "^{commit}"],
                           capture_output=True, text=True)
    if asked.returncode != 0:
        raise places.BenchError(f"{text} is neither a build directory nor a commit")
    commit = asked.stdout.strip()
    tree = FOLDER / "trees" / commit
    folder = tree / "build" / "release"
    if not (folder / "made").exists():
        print(f"building {commit} (once) in {places.shown(tree)}", flush=True)
        _build(commit, tree, folder)
    return folder


def _build(commit, tree, folder):
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    packed = subprocess.run(["git", "-C", str(places.ROOT), "archive", commit], capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", str(tree)], input=packed.stdout, check=True)
    (tree / "commit").write_text(commit + "\n")
    options = ["-DDEID_TESTS=OFF", f"-DDEID_DEPS_DIR={places.DEPS}", f"-DOpenVINO_DIR={places.DEPS}/openvino/cmake"]
    if shutil.which("ccache"):
        options += ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache", "-DCMAKE_C_COMPILER_LAUNCHER=ccache"]
    # ccache finds objects compiled in another tree only when it sees paths within this one.
    env = dict(os.environ, CCACHE_BASEDIR=str(tree), CCACHE_NOHASHDIR="1")
    for words in (["cmake", "--preset", "release", *options], ["cmake", "--build", str(folder), "-j", str(os.cpu_count()), "--target", *TARGETS]):
        done = subprocess.run(words, cwd=tree, capture_output=True, text=True, env=env)
        if done.returncode != 0:
            raise places.BenchError(f"{commit} cannot be built: {(done.stderr + done.stdout).strip()[-600:]}")
    (folder / "made").touch()


def commit_of(folder):
    """Commit of a build directory's sources, with + when they have changed since; "unknown" when it cannot be found."""
    cache = re.search(r"^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$", (folder / "CMakeCache.txt").read_text(), re.MULTILINE)
    if not cache:
        return "unknown"
    home = pathlib.Path(cache.group(1))
    if (home / "commit").exists():
        return (home / "commit").read_text().strip()
    said = subprocess.run(["git", "-C", str(home), "describe", "--always", "--dirty=+", "--abbrev=10", "--exclude=*"],
                          capture_output=True, text=True)
    return said.stdout.strip() if said.returncode == 0 else "unknown"
