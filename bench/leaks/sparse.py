"""Sparse copies of the real clips: low frame rates, a varying rate, and jumps in time."""
import json
import pathlib
import subprocess

import numpy as np

from benchlib import clips, detect, places, raw

RATES = (1, 2, 3, 6, 10)  # frames a second
MOST = 24                 # frames of a copy at a constant rate
JUMP_FRAMES = 90          # frames of a copy with jumps
JUMP_AFTER = (23, 15, 34, 18)  # frames until the next jump, in turn
JUMP_BY = 0.41            # share of the clip that a jump skips
# A camera that drops frames: (frames, seconds between them, seconds of gap after them), in turn.
BURSTS = ((10, 1 / 30, 0.3), (6, 1 / 15, 1.0), (12, 1 / 25, 5.0), (8, 1 / 30, 2.0), (1, 1 / 30, 0.7), (9, 0.1, 0.5))
DOUBLE_EVERY = 11         # at a varying rate every so many frames one is shown twice
LEAST_FRAMES = 24         # a shorter clip is not copied


def folder():
    return places.WORK / "sparse"


def kinds():
    """{name: (group, function of (frame count, fps) that gives [(frame of the clip, seconds)])}."""
    found = {f"{rate}fps": (f"sparse, {rate} a second", _at_rate(rate)) for rate in RATES}
    found["varying"] = ("sparse, varying rate", _bursts)
    found["jumps"] = ("sparse, jumps in one room", _jumps)
    return found


def _at(seconds, count, fps):
    """The clip's frame at a time; the clip starts again at its end."""
    return int(seconds * fps + 0.5) % count


def _at_rate(rate):
    return lambda count, fps: [(_at(n / rate, count, fps), n / rate) for n in range(MOST)]


def _bursts(count, fps):
    picked, now = [], 0.0
    for frames, step, silence in BURSTS:
        for _ in range(frames):
            picked.append((_at(now, count, fps), now))
            now += step
            if len(picked) % DOUBLE_EVERY == 0:
                picked.append((picked[-1][0], now))
                now += step
        now += silence
    return picked


def _jumps(count, fps):
    picked, frame, left, turn = [], 0, JUMP_AFTER[0], 0
    for n in range(JUMP_FRAMES):
        picked.append((frame % count, n / 30))
        frame, left = frame + 1, left - 1
        if left == 0:
            turn += 1
            left, frame = JUMP_AFTER[turn % len(JUMP_AFTER)], frame + max(1, int(count * JUMP_BY))
    return picked


def sources():
    """The real clips that are videos."""
    return [clip for clip in clips.real() if clip.group != "stills"]


def path_of(clip, kind):
    return folder() / f"{kind}_{clip.name.replace('/', '_')}.mkv"


def make(clip, force=False):
    """Writes the copies of one clip and caches CenterFace's results for their frames. Yields (kind, frames) of each new one."""
    missing = [kind for kind in kinds() if force or not path_of(clip, kind).exists()]
    count = clips.frame_count(clip) if missing else 0
    if count < LEAST_FRAMES:
        return
    picked = {kind: kinds()[kind][1](count, float(clip.fps)) for kind in missing}
    frames = _frames(clip, {frame for rows in picked.values() for frame, _ in rows})
    rows = _rows(clip, frames)
    for kind in missing:
        path = path_of(clip, kind)
        _write(clip, [(frames[frame], seconds) for frame, seconds in picked[kind]], path)
        source = {"clip": clip.name, "frames": [frame for frame, _ in picked[kind]]}
        path.with_suffix(".source.json").write_text(json.dumps(source))
        detect.keep(clips.load(path), {"clip": path.stem, "frames": [rows[frame] for frame, _ in picked[kind]], "mmod": {},
                                       "cuts": []})
        yield kind, len(picked[kind])


def _rows(clip, frames):
    """{frame: CenterFace's results}. The copies are lossless: the results of the clip's own frames are theirs, too."""
    kept = detect.kept(clip)
    if kept:
        return {frame: kept["frames"][frame] for frame in frames}
    center = detect.CenterFace()
    return {frame: np.round(center(raw.rgb_of(planes, "I420", clip.full_range)), 2).tolist() for frame, planes in frames.items()}


def _frames(clip, wanted):
    """{frame: its planes}, copied."""
    return {index: [plane.copy() for plane in planes]
            for index, planes in enumerate(raw.frames(clip, "", "I420", places.stock_env())) if index in wanted}


def _write(clip, picked, path):
    """Writes the frames [(planes, seconds)] without loss at their times."""
    path.parent.mkdir(parents=True, exist_ok=True)
    even, part = path.with_suffix(".even.mkv"), path.with_suffix(".part.mkv")
    encoder = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuvj420p" if clip.full_range else "yuv420p", "-s",
         f"{clip.width}x{clip.height}", "-r", "30", "-i", "-", "-c:v", "ffv1", "-threads", "1", str(even)], stdin=subprocess.PIPE)
    for planes, _ in picked:
        for plane in planes:
            encoder.stdin.write(plane.tobytes())
    encoder.stdin.close()
    if encoder.wait() != 0:
        raise places.BenchError(f"ffmpeg could not write {path.name}")
    times = path.with_suffix(".times")
    times.write_text("# timestamp format v2\n" + "".join(f"{1000 * seconds:.3f}\n" for _, seconds in picked))
    done = subprocess.run(["mkvmerge", "-q", "-o", str(part), "--timestamps", f"0:{times}", str(even)], capture_output=True, text=True)
    if done.returncode > 1:
        raise places.BenchError(f"mkvmerge could not write {path.name}: {done.stdout.strip()[:300]}")
    even.unlink()
    times.unlink()
    part.rename(path)


def existing():
    """The copies that make() left in the work folder, kind by kind."""
    found = []
    for kind, (group, _) in kinds().items():
        for path in sorted(folder().glob(f"{kind}_*.mkv")):
            source = json.loads(path.with_suffix(".source.json").read_text())
            clip = clips.load(pathlib.Path(path), group, f"{kind}/{source['clip']}")
            clip.source = (source["clip"], source["frames"])
            clip.truth = {"frames": []}  # no face is assumed between two found ones: the gaps are too long
            found.append(clip)
    return found
