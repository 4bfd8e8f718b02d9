"""Inputs on a network's file system that is slow, stands still for a while, or breaks off. It is a real one: sshfs, whose server (OpenSSH's
sftp-server) answers through a pipe that lets only so many bytes a second through (pv)."""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import time

import batch as batches
from benchlib import places

SERVER = pathlib.Path("/usr/lib/openssh/sftp-server")
STALL = 45  # [s] that the server stands still; deid run gives up after 120


class SlowMount:
    """The folder `source` at `point`, read only, with `rate` bytes a second. Needs root, or a FUSE that others may use."""

    def __init__(self, source, point, rate):
        missing = [name for name in ("sshfs", "pv", "fusermount3") if not shutil.which(name)] + [str(file) for file in [SERVER] if not file.exists()]
        if missing:
            raise places.BenchError(f"{', '.join(missing)} missing: apt-get install sshfs pv fuse3 openssh-sftp-server")
        self.source, self.point, self.rate = source, point, rate

    def __enter__(self):
        self.point.mkdir(exist_ok=True)
        asked, asks = os.pipe()
        self.server = subprocess.Popen([SERVER, "-R", "-e"], stdin=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.brake = brake = subprocess.Popen(["pv", "-q", "-C", "-L", str(self.rate)], stdin=self.server.stdout, stdout=subprocess.PIPE)
        mount = subprocess.Popen(["sshfs", f":{self.source}", str(self.point), "-f", "-o", "passive,ro"], stdin=brake.stdout, stdout=asks)
        self.programs = [self.server, brake, mount]
        for end in (asked, asks):
            os.close(end)
        self.server.stdout.close()
        brake.stdout.close()
        until = time.monotonic() + 30
        while not os.path.ismount(self.point):
            if time.monotonic() > until or mount.poll() is not None:
                self.__exit__()
                raise places.BenchError("sshfs cannot mount: run this part as root, where FUSE is allowed")
            time.sleep(.05)
        return self

    def __exit__(self, *_):
        for program in self.programs:
            with contextlib.suppress(OSError):
                program.send_signal(signal.SIGCONT)
                program.kill()
        for program in self.programs:
            program.wait()
        subprocess.run(["umount", "-l", str(self.point)], check=False, stderr=subprocess.DEVNULL)

    def stand_still(self, seconds):
        self.server.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.server.send_signal(signal.SIGCONT)

    def passed(self):
        """Bytes that came through so far."""
        return int(pathlib.Path(f"/proc/{self.brake.pid}/io").read_text().split()[3])

    def break_off(self):
        self.server.kill()


def at_work(b, number):
    """Waits until the batch has begun this video, counted from 1. Returns false when it ended before."""
    return lambda process: wait(process, lambda: sum(bool(record["attempts"]) for record in b.records()) >= number)


def wait(process, condition):
    while process.poll() is None and not condition():
        time.sleep(.05)
    return process.poll() is None


def clean(b):
    for folder in ("out", "audits"):
        shutil.rmtree(b.folder / folder, ignore_errors=True)


def slow(b):
    """Batches that read from slow mounts, beside the same batch from the disk."""
    seconds = b.refer()
    inputs, kept = b.folder / "in", b.folder / "kept"
    size = sum(file.stat().st_size for file in inputs.iterdir())
    inputs.rename(kept)
    rows = [crawl(b, kept, size, seconds), stop_and_go(b, kept, size), give_up(b, kept, size), broken(b, kept, size)]
    inputs.rmdir()
    kept.rename(inputs)
    return rows


def ended(b, status, wrong=None):
    wrong = b.amiss() if wrong is None else wrong
    return f"exit status {status}, {'; '.join(wrong) or 'complete, byte by byte'}", status == 0 and not wrong


def crawl(b, kept, size, seconds):
    """So slow that reading all inputs once takes 20 s."""
    clean(b)
    with SlowMount(kept, b.folder / "in", size // 20) as mount:
        begin = time.monotonic()
        status, _ = b.run()
        took = time.monotonic() - begin
        passed = mount.passed()
    said, good = ended(b, status)
    return (f"a slow network: {size / 20000:.1f} kB a second for inputs of {size / 1000:.0f} kB",
            f"{took:.0f} s rather than {seconds:.0f} s from the disk, {passed / size:.1f} times the inputs' size was read; {said}", good and took > seconds)


def stop_and_go(b, kept, size):
    """The server stands still while a head is read, while a content is read, and while frames are read."""
    clean(b)
    stops = 0
    with SlowMount(kept, b.folder / "in", size // 10) as mount:
        process = b.start()
        for reached in (lambda p: wait(p, lambda: True), at_work(b, 2), at_work(b, 5)):
            if reached(process):
                time.sleep(.3)
                mount.stand_still(STALL)
                stops += 1
        process.communicate()
    said, good = ended(b, process.returncode)
    return f"the network stands still {stops} times for {STALL} s", said, good and stops == 3


def give_up(b, kept, size):
    """The server stands still for longer than a run waits."""
    clean(b)
    with SlowMount(kept, b.folder / "in", size // 10) as mount:
        process = b.start(more=["--stall-after", "10"])
        if not at_work(b, 2)(process):
            raise places.BenchError("the batch ended before its second video")
        mount.server.send_signal(signal.SIGSTOP)
        begin = time.monotonic()
        try:
            process.communicate(timeout=120)
            how = f"exit status {process.returncode} after {time.monotonic() - begin:.0f} s"
        except subprocess.TimeoutExpired:
            how = "it still waits after 120 s"
        half = b.half()
        mount.server.send_signal(signal.SIGCONT)
        process.communicate()
        again, _ = b.run()
    said, good = ended(b, again)
    return "the network stands still for good, `--stall-after 10`", f"{how}, {len(half)} half results; it is back: {said}", good and not half and not how.startswith("exit status 0")


def broken(b, kept, size):
    clean(b)
    with SlowMount(kept, b.folder / "in", size // 5) as mount:
        process = b.start()
        if not at_work(b, 3)(process):
            raise places.BenchError("the batch ended before its third video")
        mount.break_off()
        said = process.communicate()[1]
    half, made = b.half(), len(batches.files(b.folder / "out"))
    with SlowMount(kept, b.folder / "in", size // 5):
        again, _ = b.run()
    wrong = [] if batches.files(b.folder / "out") == b.reference else ["not complete"]
    result, good = ended(b, again, wrong)
    return ("the connection breaks off in a batch", f"exit status {process.returncode} with {made} whole and {len(half)} half results: \"{reason(said)}\"; it is back: {result}",
            process.returncode != 0 and not half and good)


def reason(said):
    """The last sentence of the first message: it names no file."""
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[0].split(": ", 2)[-1][:120] if lines else ""
