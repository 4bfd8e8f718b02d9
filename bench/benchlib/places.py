"""Paths, the environment of a pipeline, and the facts of the machine."""
import os
import pathlib
import platform
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench"
WORK = pathlib.Path(os.environ.get("DEID_BENCH_WORK", BENCH / "cache"))
RESULTS = BENCH / "results"
SHARED = pathlib.Path(os.environ.get("DEID_SHARED", ROOT.parent / "shared"))
DEPS = pathlib.Path(os.environ.get("DEID_DEPS_DIR", ROOT / "build" / "deps"))
MMOD_PROGRAM = ROOT / "build" / "bench" / "mmod_detect"
MMOD_MODEL = ROOT / "build" / "bench" / "mmod_human_face_detector.dat"
HAAR_FACE = "/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml"


class BenchError(Exception):
    """An error that the user can correct. Its text is the whole message."""


def need(path, how):
    """Returns path. When it is missing, raises BenchError with the command that makes it."""
    if not pathlib.Path(path).exists():
        raise BenchError(f"{shown(path)} is missing: {how}")
    return pathlib.Path(path)


def shown(path):
    """The path as written in results: relative to the repository, never a path of this machine."""
    path = pathlib.Path(path).resolve()
    for base, name in ((ROOT, ""), (SHARED.resolve(), "../shared/"), (DEPS.resolve(), "build/deps/"),
                       (WORK.resolve(), "bench/cache/")):
        if path.is_relative_to(base):
            return name + str(path.relative_to(base))
    return path.name


def product_env(build):
    """Environment in which gst-launch finds the elements of this build directory, with a registry of its own."""
    env = dict(os.environ)
    WORK.mkdir(parents=True, exist_ok=True)
    plugins = need(pathlib.Path(build) / "plugins", "build the project first (meson-free-scripts/build)")
    env["GST_PLUGIN_PATH"] = f"{plugins}:{plugins / 'deid'}"
    env["GST_REGISTRY"] = str(WORK / "registry-product.bin")
    env.setdefault("DEID_MODEL_DIR", str(DEPS / "models"))
    return env


def stock_env():
    """Environment with the system's own elements only, so that facedetect and faceblur are the stock ones."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("GST_")}
    WORK.mkdir(parents=True, exist_ok=True)
    env["GST_REGISTRY"] = str(WORK / "registry-stock.bin")
    return env


def commit():
    """Short hash of the checked-out commit, with + when tracked files differ from it."""
    try:
        said = subprocess.run(["git", "-C", str(ROOT), "describe", "--always", "--dirty=+", "--abbrev=10", "--exclude=*"],
                              capture_output=True, text=True, check=True)
        return said.stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def machine():
    """CPU model, cores, and the load at the start, on which every measured time depends."""
    model = platform.processor() or platform.machine()
    try:
        for line in open("/proc/cpuinfo", encoding="utf-8"):
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    flags = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_tile") if _has_flag(flag)]
    return {"cpu": model, "cores": os.cpu_count(), "flags": flags, "engine_limit": os.environ.get("ONEDNN_MAX_CPU_ISA"), "load_at_start": round(os.getloadavg()[0], 2),
            "system": _system(), "gstreamer": _version(["gst-launch-1.0", "--version"])}


def _has_flag(flag):
    try:
        return f" {flag}" in open("/proc/cpuinfo", encoding="utf-8").read()
    except OSError:
        return False


def _system():
    try:
        lines = open("/etc/os-release", encoding="utf-8").read().splitlines()
        return next(line.split("=", 1)[1].strip('"') for line in lines if line.startswith("PRETTY_NAME="))
    except (OSError, StopIteration):
        return platform.system()


def _version(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0].split()[-1]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "absent"
