"""What may happen to a batch: each function returns rows (what, result, good)."""
import contextlib
import os
import pathlib
import random
import shutil
import subprocess
import time

import batch as batches
from benchlib import places


def kills(b, count, seed):
    """kill -9 at random moments; after each one nothing visible may be half, and at the end nothing may be lost or done twice."""
    seconds = b.refer()
    rng, hits, begun, half = random.Random(seed), 0, 0, []
    while hits < count:
        if begun == 0 or b.run_is_over:
            shutil.rmtree(b.folder / "out", ignore_errors=True)
            shutil.rmtree(b.folder / "audits", ignore_errors=True)
            begun += 1
        process = b.start()
        time.sleep(rng.uniform(.02, .4 * seconds))
        hit = batches.kill(process)
        b.run_is_over = not hit
        hits += hit
        half += b.half()
    status, said = b.run()
    wrong = b.amiss()
    killed = sum(1 for record in b.records() for attempt in record["attempts"] if "outcome" not in attempt)
    return [(f"kill -9 at {count} random moments of {begun} batches (seed {seed})",
             f"{len(half)} half results; {killed} begun files of the last batch were lost and done again; then exit status {status}, {'; '.join(wrong) or 'every result once, byte by byte'}",
             not half and not wrong and status == 0)]


@contextlib.contextmanager
def small_disk(folder, kilobytes, inodes=None):
    """A file system of its own. Needs root."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={kilobytes}k" + (f",nr_inodes={inodes}" if inodes else "")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "deid-bench", str(folder)], capture_output=True).returncode != 0:
        raise places.BenchError("a small disk (tmpfs) cannot be mounted: run this part as root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder, leave):
    """Fills a disk so that so many bytes stay free. Returns the file that fills it."""
    facts = os.statvfs(folder)
    filler = folder / ".filler"
    with open(filler, "wb") as out:
        rest = max(0, facts.f_bavail * facts.f_frsize - leave)
        while rest > 0:
            rest -= out.write(b"\0" * min(rest, 1 << 20))
    return filler


def room_until(b, number):
    """Bytes that a batch needs up to the middle of this video, counted from 1: all records, the videos before, and half of it."""
    with small_disk(b.folder / "out", 16384) as out:
        shutil.rmtree(b.folder / "audits", ignore_errors=True)
        free = os.statvfs(out).f_bfree
        status, said = b.run()
        if status != 0:
            raise places.BenchError(f"the batch failed: {said[-300:]}")
        used = free - os.statvfs(out).f_bfree
        pages = [-(-(out / name).stat().st_size // 4096) for name in sorted(b.reference)]
    return 4096 * (used - sum(pages) + sum(pages[:number - 1]) + pages[number - 1] // 2)


def full_disks(b):
    """The disk of the results is full at several places; freed, the same command ends the batch."""
    b.refer()
    places_ = [("no room for a record", 0), ("room for some records", 16384), ("full in the first video", room_until(b, 1)), ("full in the third video", room_until(b, 3)),
               ("full in the last video", room_until(b, len(b.reference)))]
    rows = []
    for what, leave in places_:
        with small_disk(b.folder / "out", 16384) as out:
            shutil.rmtree(b.folder / "audits", ignore_errors=True)
            filler = fill(out, leave)
            status, said = b.run()
            half, made = b.half(), len(batches.files(out))
            filler.unlink()
            again, more = b.run()
            wrong = b.amiss()
            good = status != 0 and not half and again == 0 and not wrong
            rows.append((f"disk full: {what}", f"exit status {status} with {made} whole and {len(half)} half results: \"{sentence(said)}\"; freed: exit status {again}, "
                         f"{'; '.join(wrong) or 'complete, byte by byte'}", good))
    rows += full_elsewhere(b)
    return rows


def full_elsewhere(b):
    """The disks of the audits and of the database are full."""
    rows = []
    shutil.rmtree(b.folder / "out", ignore_errors=True)
    shutil.rmtree(b.folder / "audits", ignore_errors=True)
    with small_disk(b.folder / "audits", 4096) as audits:
        filler = fill(audits, 4096)
        status, said = b.run()
        visible, half = batches.files(b.folder / "out"), [str(f) for f in audits.rglob("*.jsonl")]
        filler.unlink()
        again, _ = b.run()
        wrong = b.amiss()
        rows.append(("disk full: the audits' one", f"exit status {status}, {len(visible)} results without their audit, {len(half)} half audits: \"{sentence(said)}\"; freed: exit "
                     f"status {again}, {'; '.join(wrong) or 'complete, byte by byte'}", status != 0 and not visible and not half and again == 0 and not wrong))
        with small_disk(b.folder / "base", 64) as base:
            fill(base, 8192)
            done = subprocess.run([str(b.deid), "status", "out", "--sqlite", "base/b.sqlite", "--audits", "audits"], cwd=b.folder, env=b.env, capture_output=True, text=True)
            left = [f.name for f in base.iterdir() if f.name != ".filler"]
            rows.append(("disk full: the database's one", f"exit status {done.returncode}, left: {left or 'nothing'}: \"{sentence(done.stderr)}\"", done.returncode == 1 and not left))
    return rows


def sentence(said):
    """The first message, without paths."""
    lines = [line for line in said.splitlines() if line.strip()]
    text = lines[0] if lines else ""
    return text.split(": ", 2)[-1][:120]


def clock(b):
    """The computer's clock is set back before and during runs."""
    if not shutil.which("faketime"):
        raise places.BenchError("faketime is missing: apt-get install faketime")
    b.refer()
    lib = next(iter(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1")))
    offset = b.folder / "clock"
    env = dict(b.env, LD_PRELOAD=str(lib), FAKETIME_TIMESTAMP_FILE=str(offset), FAKETIME_NO_CACHE="1", NO_FAKE_STAT="1", FAKETIME_DONT_FAKE_MONOTONIC="1",
               DONT_FAKE_MONOTONIC="1")
    rows = []
    shutil.rmtree(b.folder / "out", ignore_errors=True)
    shutil.rmtree(b.folder / "audits", ignore_errors=True)
    offset.write_text("+0")
    process = b.start(env=env)
    while process.poll() is None and sum(r["status"] == "done" for r in b.records()) < 2:
        time.sleep(.1)
    offset.write_text("-3d")
    said = process.communicate()[1]
    wrong = b.amiss()
    rows.append(("clock set back by three days while a batch runs", f"exit status {process.returncode}, {'; '.join(wrong) or 'complete, byte by byte'}", process.returncode == 0 and not wrong))
    before = b.records()
    offset.write_text("-10y")
    status, said = b.run(env=env)
    rows.append(("the same command, ten years earlier", f"exit status {status}, {'nothing was done again' if b.records() == before else 'DONE AGAIN'}", status == 0 and b.records() == before))
    changed = b.folder / "in" / "clip0.mp4"
    data = bytearray(changed.read_bytes())
    shutil.copy2(b.folder / "in" / "clip1.mp4", changed)
    status, said = b.run(env=env)
    again = [r["output"] for r in b.records() if r not in before]
    changed.write_bytes(data)
    rows.append(("an input that changes while the clock is ten years back", f"exit status {status}, done again: {', '.join(again)}", status == 0 and again == ["clip0.mp4"]))
    return rows


def vanish(b):
    """Inputs that go away, or change, while they are read."""
    b.refer()
    rows = []
    first = b.folder / "in" / "clip0.mp4"
    keep = b.folder / "kept.mp4"
    shutil.copy2(first, keep)
    for what, act in [("is deleted", first.unlink), ("is cut off", lambda: os.truncate(first, first.stat().st_size // 3)),
                      ("is overwritten by another", lambda: shutil.copy(b.folder / "in" / "clip1.mp4", first))]:
        for folder in ("out", "audits"):
            shutil.rmtree(b.folder / folder, ignore_errors=True)
        process = b.start()
        while process.poll() is None and not any((b.folder / "out" / ".deid" / "files").glob("*/lease-*")):
            time.sleep(.01)
        time.sleep(.8)
        act()
        said = process.communicate()[1]
        half = [name for name in b.half()]
        shutil.copy2(keep, first)
        again, _ = b.run()
        now = batches.files(b.folder / "out")
        good = now == b.reference and again == 0 and not [name for name in half if name != "clip0.mp4"]
        rows.append((f"an input {what} while it is read", f"exit status {process.returncode}, {len(half)} results not as before; the input is back: exit status {again}, "
                     f"{'all results as they should be' if now == b.reference else 'NOT as they should be'}", good))
    rows.append(lost_mount(b))
    return rows


def lost_mount(b):
    """The file system of the inputs goes away in the middle of a batch."""
    for folder in ("out", "audits"):
        shutil.rmtree(b.folder / folder, ignore_errors=True)
    kept, inputs = b.folder / "kept", b.folder / "in"
    inputs.rename(kept)
    with small_disk(inputs, 65536):
        shutil.copytree(kept, inputs, dirs_exist_ok=True)
        process = b.start()
        while process.poll() is None and sum(r["status"] == "done" for r in b.records()) < 2:
            time.sleep(.05)
    process.communicate()  # the mount is gone, and what is left is an empty folder
    status, half, made = process.returncode, b.half(), len(batches.files(b.folder / "out"))
    inputs.rmdir()
    kept.rename(inputs)
    again, _ = b.run()
    wrong = [] if batches.files(b.folder / "out") == b.reference else ["not complete"]
    return ("the file system of the inputs goes away in a batch", f"exit status {status}, {made} whole and {len(half)} half results; it is back: exit status {again}, "
            f"{'; '.join(wrong) or 'complete, byte by byte'}", status != 0 and not half and again == 0 and not wrong)
