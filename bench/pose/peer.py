"""MediaPipe's Python package in its own environment, made on first use."""
import json
import pathlib
import shutil
import subprocess

import keypoints
from benchlib import places

VENV = places.ROOT / "build" / "mediapipe-venv"
REQUIREMENTS = pathlib.Path(__file__).with_name("mediapipe-requirements.txt")
SCRIPT = pathlib.Path(__file__).with_name("mediapipe_pose.py")


def python():
    """The interpreter that has MediaPipe."""
    mark = VENV / "requirements.txt"
    if not mark.exists() or mark.read_text() != REQUIREMENTS.read_text():
        maker = shutil.which("python3.11")
        if maker is None:
            raise places.BenchError("MediaPipe 0.10.9 needs Python 3.11 (Debian 12: apt-get install python3.11 python3.11-venv)")
        print("Setting up MediaPipe in build/mediapipe-venv (once)", flush=True)
        keypoints.said([maker, "-m", "venv", VENV])
        keypoints.said([VENV / "bin" / "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "-r", REQUIREMENTS])
        mark.write_text(REQUIREMENTS.read_text())
    return VENV / "bin" / "python"


def clip_command(path, width, height, *words):
    return [python(), SCRIPT, "clip", path, width, height, *words]


def stills(paths):
    """{file name: person or None}"""
    return json.loads(subprocess.run([str(w) for w in (python(), SCRIPT, "stills", *paths)], capture_output=True, text=True,
                                     check=True).stdout)
