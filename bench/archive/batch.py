"""Batches that are run, disturbed and compared."""
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

from benchlib import places

CLIPS = ("single_face.mp4", "WolfgangLanger_Pexels.mp4")


class Batch:
    """A folder with the inputs `in`, the undisturbed results `one` and the disturbed ones `out`. deid: the program."""

    def __init__(self, folder, build, clips=6, seconds=1.0):
        self.folder, self.build = pathlib.Path(folder), pathlib.Path(build)
        self.deid = places.need(self.build / "bin" / "deid", "build the project first (meson-free-scripts/build)")
        self.env = places.product_env(build)
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "in").mkdir(parents=True)
        for number in range(clips):
            make_clip(self.folder / "in" / f"clip{number}.mp4", number, seconds)
        self.reference = None

    def line(self, out="out", more=()):
        audits = "audits" if out == "out" else "audits-" + pathlib.Path(out).name
        return [str(self.deid), "run", "in", "-o", out, "--audit", audits, "--method", "mask", "--quiet", *more]

    def start(self, out="out", more=(), env=None, line=None):
        return subprocess.Popen(line or self.line(out, more), cwd=self.folder, env=env or self.env, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)

    def run(self, out="out", more=(), env=None):
        """(exit status, what it said on stderr)"""
        process = self.start(out, more, env)
        said = process.communicate()[1]
        return process.returncode, said

    def refer(self):
        """Makes the results of one undisturbed run. Returns its seconds."""
        begin = time.monotonic()
        status, said = self.run("one")
        if status != 0:
            raise places.BenchError(f"the undisturbed batch failed: {said[-300:]}")
        self.reference = files(self.folder / "one")
        return time.monotonic() - begin

    def half(self, out="out"):
        """Names of visible results that are not, byte by byte, what the undisturbed run made."""
        return [name for name, value in files(self.folder / out).items() if self.reference.get(name) != value]

    def records(self, out="out"):
        return [json.loads(file.read_text()) for file in (self.folder / out / ".deid" / "files").glob("*/state.json") if file.stat().st_size]

    def amiss(self, out="out"):
        """What is wrong with a batch that was ended in order: a list of sentences."""
        wrong = []
        if files(self.folder / out) != self.reference:
            wrong.append("the results are not those of an undisturbed run")
        left = [str(f.relative_to(self.folder)) for f in self.folder.rglob("*.part")] + [f.name for f in self.folder.rglob("lease-*")]
        if left:
            wrong.append(f"left behind: {', '.join(left)}")
        for record in self.records(out):
            ends = [attempt.get("outcome") for attempt in record["attempts"]]
            if record["status"] != "done" or ends.count("done") != 1:
                wrong.append(f"{record['output']} was done {ends.count('done')} times and is {record['status']}")
        return wrong


def make_clip(file, number, seconds):
    source = places.need(places.DEPS / "footage" / CLIPS[number % len(CLIPS)], "run meson-free-scripts/setup")
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-ss", str(number * .2), "-i", str(source), "-t", str(seconds), "-an", "-vf",
                           "scale=320:-2", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", str(file)], capture_output=True, text=True)
    if done.returncode != 0:
        raise places.BenchError(f"ffmpeg cannot make {file.name}: {done.stderr.strip()[-300:]}")


def files(folder):
    """{name: hash} of the visible files."""
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.rglob("*"))
            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)}


def kill(process):
    """kill -9. Returns whether it still ran."""
    running = process.poll() is None
    if running:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return running
