"""Runs that are long or large: hours in one file, and files beyond 4 GB."""
import array
import fractions
import math
import operator
import pathlib
import subprocess
import threading
import time

from benchlib import places

HOURS = 2
TICK = fractions.Fraction(11, 10000)  # Matroska counts milliseconds


def ffmpeg(*words):
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        raise places.BenchError(f"ffmpeg: {done.stderr.strip()[-300:]}")


def film(folder, fps, burst):
    """Two hours of 1080p with sound: three clips again and again, with time stamps that go on. With a burst, each minute holds that many
    frames and then a gap. One tick is a microsecond, so the last time stamps are beyond 2^32. The sound never repeats."""
    clips = [places.need(places.DEPS / "footage" / name, "run meson-free-scripts/setup") for name in ("single_face.mp4", "WolfgangLanger_Pexels.mp4", "no_face.mp4")]
    unit, whole = folder / "unit.mp4", folder / "hours.mp4"
    each = math.ceil((burst or 210) / len(clips))
    scaled = "".join(f"[{n}:v]trim=end_frame={each},scale=1920:1080,setsar=1,setpts=N/{fps}/TB[v{n}];" for n in range(len(clips)))
    ffmpeg(*[word for clip in clips for word in ("-i", clip)], "-filter_complex", f"{scaled}[v0][v1][v2]concat=n=3:v=1[v]", "-map", "[v]", "-r", fps,
           "-frames:v", burst or 210, "-c:v", "libx264", "-preset", "veryfast", "-bf", 0, "-pix_fmt", "yuv420p", unit)
    # A part lasts a minute, whatever it holds, or as long as its frames.
    seconds, parts = (60, HOURS * 60) if burst else (210 / fps, math.ceil(HOURS * 3600 * fps / 210))
    (folder / "list").write_text("ffconcat version 1.0\n" + f"file unit.mp4\nduration {seconds}\n" * int(parts))
    ffmpeg("-f", "concat", "-i", folder / "list", "-f", "lavfi", "-i", f"anoisesrc=color=pink:amplitude=.3:seed=1:sample_rate=48000:duration={HOURS * 3600}", "-map", "0:v",
           "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-b:a", "64k", "-t", HOURS * 3600, "-video_track_timescale", 1000000, whole)
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
    """Presentation times of all frames [s], exact, in order."""
    base = fractions.Fraction(probe(file, "stream=time_base")[0])
    return sorted(int(line) * base for line in probe(file, "packet=pts"))


def last_tick(file):
    """The greatest time stamp in the units of the file's track."""
    return max(int(line) for line in probe(file, "packet=pts"))


def sound(file, at, seconds):
    """Sound from a time on, 8000 samples a second."""
    said = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-ss", str(at), "-i", str(file), "-t", str(seconds), "-vn", "-ac", "1", "-ar", "8000", "-f", "s16le", "-"],
                          capture_output=True, check=True).stdout
    return array.array("h", said)


def sound_lag(source, result, at):
    """By how much the result's sound is late there [s]: the shift, of at most 50 ms to each side, with the greatest correlation. None when
    no shift fits well."""
    reach, length = 400, 2400
    original, found = sound(source, at, .5)[reach:reach + length], sound(result, at, .5)
    if len(original) < length or len(found) < length + 2 * reach:
        return None
    norm = math.hypot(*original)
    fits = []
    for lag in range(2 * reach + 1):
        piece = found[lag:lag + length]
        fits.append((sum(map(operator.mul, original, piece)) / max(1, norm * math.hypot(*piece)), lag))
    best, lag = max(fits)
    return (lag - reach) / 8000 if best > .8 else None


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


def hours(folder, build, fps, endings, burst=0):
    """One row for each container: two hours into it."""
    source = film(folder, fps, burst)
    before = times(source)
    rows = []
    for ending in endings:
        what, out = f"two hours of 1080p with sound, {fps:g} frames a second, into .{ending}", f"hours-out.{ending}"
        if burst:
            what = what.replace(", into", f", {burst} frames in each minute and then none, into")
        status, said, seconds, memory = treat(folder, build, source, out, ["--speed-preset", "ultrafast", "--audio", "keep"])
        if status != 0:
            rows.append((what, f"exit status {status}: {said[-200:]}", False))
            continue
        after = times(folder / out)
        apart = max((abs(b - a) for a, b in zip(before, after)), default=0)
        lags = [sound_lag(source, folder / out, at) for at in range(1, int(HOURS * 3600), 300)] + [sound_lag(source, folder / out, HOURS * 3600 - 2)]
        tenth, last = memory[len(memory) // 10], memory[-3]
        kept = None not in lags and max(map(abs, lags)) <= .002
        good = len(before) == len(after) and apart <= TICK and last < 1.1 * tenth and kept
        heard = "not found somewhere" if None in lags else f"at most {max(map(abs, lags)) * 1000:.3f} ms off at {len(lags)} places, {lags[-1] * 1000:.3f} ms at the end"
        rows.append((what, f"{len(after)} of {len(before)} frames, time stamps at most {float(apart) * 1000:.3f} ms off, the last one at {float(after[-1]):.6f} s, which is tick "
                     f"{last_tick(folder / out):,}; sound {heard}; resident set {tenth:.0f} MB after a tenth, {memory[len(memory) // 2]:.0f} MB after a half, {last:.0f} MB at the end, "
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

