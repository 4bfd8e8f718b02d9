"""CPU time of a command with all its descendants."""
import ctypes
import os
import shlex
import subprocess
import time

from . import places

_PR_SET_CHILD_SUBREAPER = 36


def run(command, env=None, limit=1800):
    """(cpu, wall) [s] of the command, user and system, all descendants included. Raises BenchError when it fails."""
    # Makes orphans of the command our children and waits for them, so that an encoder it left behind is counted, too.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, started = _children(), time.monotonic()
    with open(os.devnull, "rb") as nothing:
        process = subprocess.Popen([str(word) for word in command], stdin=nothing, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, env=env, start_new_session=True)
        try:
            words = process.communicate(timeout=limit)[1].decode(errors="replace")
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
            raise places.BenchError(f"{_name(command)} did not end within {limit} s") from None
    _reap()
    wall = time.monotonic() - started
    if process.returncode != 0:
        raise places.BenchError(f"{_name(command)} ended with {process.returncode}: {words.strip()[-500:]}")
    return _children() - before, wall


def _children():
    times = os.times()
    return times.children_user + times.children_system


def _reap():
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _name(command):
    return os.path.basename(str(command[0])) + " " + " ".join(str(word) for word in command[1:])[:200]


def launch(*pieces):
    """A gst-launch command from pieces of pipeline text, joined by !."""
    return ["gst-launch-1.0", "-q"] + shlex.split(" ! ".join(piece for piece in pieces if piece))
