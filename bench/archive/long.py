"""Runs that are long or large: hours in one file, and files beyond 4 GB."""
import pathlib
import subprocess
import threading
import time

from benchlib import places

HOURS = 2


def ffmpeg(*words):
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        raise places.BenchError(f"ffmpeg: {done.stderr.strip()[-300:]}")


def film(folder, fps):
    """Two hours of 1080p: one clip again and again, with time stamps that go on. One tick is a microsecond, so the last time stamps
    are beyond 2^32."""
    source = places.need(places.DEPS / "footage" / "single_face.mp4", "run meson-free-scripts/setup")
    unit, whole = folder / "unit.mp4", folder / "hours.mp4"
    ffmpeg("-i", source, "-an", "-vf", f"scale=1920:1080,setpts=N/{fps}/TB", "-r", fps, "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", unit)
    ffmpeg("-stream_loop", -1, "-i", unit, "-t", HOURS * 3600, "-c", "copy", "-video_track_timescale", 1000000, whole)
    return whole


def noise(folder, frames):
    """1080p of noise around a face, which no encoder can make small: one clip again and again."""
    source = places.need(places.DEPS / "footage" / "single_face.mp4", "run meson-free-scripts/setup")
    unit, whole = folder / "noise-unit.mkv", folder / "noise.mkv"
    ffmpeg("-i", source, "-an", "-vf", "scale=1920:1080,noise=alls=100:allf=t", "-c:v", "libx264", "-preset", "ultrafast", "-crf", 12, "-pix_fmt", "yuv420p", unit)
    ffmpeg("-stream_loop", -1, "-i", unit, "-frames:v", frames, "-c", "copy", whole)
    return whole


def probe(file, entries):
    said = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", entries, "-of", "csv=p=0", str(file)], capture_output=True, text=True,
                          check=True)
    return [line.strip(",") for line in said.stdout.split() if line.strip(",")]


def times(file):
    """Presentation times of all frames [s], in order."""
    return sorted(float(line) for line in probe(file, "packet=pts_time"))


def last_tick(file):
    """The greatest time stamp in the units of the file's track."""
    return max(int(line) for line in probe(file, "packet=pts"))


class Memory(threading.Thread):
    """The resident set of a process, each half second [MB]."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.status, self.seen = pathlib.Path(f"/proc/{pid}/status"), []

    def run(self):
        while True:
            try:
                lines = [line for line in self.status.read_text().splitlines() if line.startswith("VmRSS")]
            except OSError:
                return
            if lines:
                self.seen.append(int(lines[0].split()[1]) / 1024)
            time.sleep(.5)


def treat(folder, build, source, out, more):
    """(exit status, message, seconds, resident sets in order)"""
    begin = time.monotonic()
    process = subprocess.Popen([str(pathlib.Path(build) / "bin" / "deid"), "run", str(source), "-o", str(folder / out), "--method", "mask", "-q", *more],
                               cwd=folder, env=places.product_env(build), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    memory = Memory(process.pid)
    memory.start()
    said = process.communicate()[1]
    memory.join()
    return process.returncode, said.strip(), time.monotonic() - begin, memory.seen


def hours(folder, build, fps, endings):
    """One row for each container: two hours into it."""
    source = film(folder, fps)
    before = times(source)
    rows = []
    for ending in endings:
        what, out = f"two hours of 1080p, {fps:g} frames a second, into .{ending}", f"hours-out.{ending}"
        status, said, seconds, memory = treat(folder, build, source, out, ["--speed-preset", "ultrafast"])
        if status != 0:
            rows.append((what, f"exit status {status}: {said[-200:]}", False))
            continue
        after = times(folder / out)
        apart = max((abs(b - a) for a, b in zip(before, after)), default=0)
        tenth, last = memory[len(memory) // 10], memory[-3]
        good = len(before) == len(after) and apart < .0011 and last < 1.1 * tenth
        rows.append((what, f"{len(after)} of {len(before)} frames, time stamps at most {apart * 1000:.3f} ms off, the last one at {after[-1]:.6f} s, which is tick "
                     f"{last_tick(folder / out):,}; resident set {tenth:.0f} MB after a tenth, {memory[len(memory) // 2]:.0f} MB after a half, {last:.0f} MB at the end, "
                     f"{max(memory):.0f} MB at most; {seconds / 60:.1f} min", good))
        (folder / out).unlink()
    return rows


def large(folder, build, frames, endings):
    source = noise(folder, frames)
    rows = []
    for ending in endings:
        out = f"large.{ending}"
        status, said, seconds, memory = treat(folder, build, source, out, ["--crf", "0", "--speed-preset", "ultrafast"])
        result = folder / out
        if status != 0:
            good = not result.exists()
            rows.append((f"a large result, {out[-3:]}", f"refused after {seconds / 60:.1f} min: \"{said.splitlines()[-1].split(': ', 2)[-1][:160] if said else ''}\"; no file", good))
            continue
        size, shown = result.stat().st_size, len(times(result))
        readable = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-sseof", "-1", "-i", str(result), "-f", "null", "-"], capture_output=True, text=True)
        good = shown == frames and size > 2 ** 32 and readable.returncode == 0 and not readable.stderr
        rows.append((f"a large result, {out[-3:]}", f"{size / 2 ** 30:.2f} GiB, {shown} of {frames} frames, the last second decodes: {'yes' if not readable.stderr else 'no'}; resident set "
                     f"{max(memory):.0f} MB at most; {seconds / 60:.1f} min", good))
        result.unlink()
    return rows

