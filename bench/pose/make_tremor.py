"""Gives a real clip a tremor of known frequency and amplitude: bench/pose/make_tremor --help."""
import argparse
import fractions
import json
import pathlib
import subprocess
import sys

import cv2
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from benchlib import places  # noqa: E402

# A man stands still while one arm signs; the other one hangs, bare, away from face and body, before a plain wall.
DEFAULT_CLIP, DEFAULT_POINT = "data/intel_asl/sorry.mkv", (432.0, 420.0)


def probe(path):
    """(width, height, fps) of the first video stream."""
    done = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                           "stream=width,height,r_frame_rate", "-of", "json", str(path)], capture_output=True, text=True)
    try:
        stream = json.loads(done.stdout)["streams"][0]
        return stream["width"], stream["height"], fractions.Fraction(stream["r_frame_rate"])
    except (ValueError, KeyError, IndexError, ZeroDivisionError):
        raise places.BenchError(f"{path.name}: no video in it: {done.stderr.strip()[-200:]}") from None


def read(path, width, height, fps):
    """All frames as BGR, evenly spaced."""
    done = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-an", "-r", str(fps), "-f", "rawvideo", "-pix_fmt",
                           "bgr24", "-"], capture_output=True)
    size = width * height * 3
    if done.returncode or len(done.stdout) < size:
        raise places.BenchError(f"{path.name}: ffmpeg cannot read it: {done.stderr.decode()[-200:]}")
    count = len(done.stdout) // size
    return np.frombuffer(done.stdout, np.uint8)[:count * size].reshape(count, height, width, 3)


def follow(frames, start, reach):
    """The path of the skin around `start`, by optical flow of textured points near it, smoothed over a second. So the path
    itself has no rhythm in the tremor band."""
    grey = [cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY) for frame in frames]
    path = [np.array(start, np.float32)]
    for before, after in zip(grey, grey[1:]):
        mask = cv2.circle(np.zeros_like(before), tuple(int(v) for v in path[-1]), int(reach), 255, -1)
        points = cv2.goodFeaturesToTrack(before, 40, .01, 4, mask=mask)
        step = np.zeros(2, np.float32)
        if points is not None:
            moved, found, _ = cv2.calcOpticalFlowPyrLK(before, after, points, None, winSize=(21, 21))
            if found.any():
                step = np.median((moved - points)[found.ravel() == 1].reshape(-1, 2), axis=0)
        path.append(path[-1] + step)
    half = 15
    padded = np.pad(np.array(path), ((half, half), (0, 0)), "edge")
    return np.array([padded[i:i + 2 * half + 1].mean(axis=0) for i in range(len(path))])


def there_and_back(count, wanted):
    """Frame numbers 0, 1, …, n-1, n-2, …, 0, 1, …: as many as wanted, without a jump and without a repeated frame."""
    period = max(1, 2 * count - 2)
    return [n if n < count else period - n for n in (i % period for i in range(wanted))]


def weights(shape, centre, core, radius):
    """1 up to `core` px from the centre, 0 from `radius` on, a cosine between."""
    y, x = np.mgrid[:shape[0], :shape[1]].astype(np.float32)
    away = np.hypot(x - centre[0], y - centre[1])
    return (.5 + .5 * np.cos(np.pi * np.clip((away - core) / (radius - core), 0, 1))).astype(np.float32)


def warped(frame, centre, shift, core, radius):
    """The frame with the place at the centre moved by `shift`. The core is larger than any shift, so the point itself moves
    exactly."""
    weight = weights(frame.shape, centre, core, radius)
    y, x = np.mgrid[:frame.shape[0], :frame.shape[1]].astype(np.float32)
    return cv2.remap(frame, x - weight * np.float32(shift[0]), y - weight * np.float32(shift[1]), cv2.INTER_CUBIC,
                     borderMode=cv2.BORDER_REPLICATE)


def write(path, frames, width, height, fps, crf):
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{width}x{height}", "-r", str(fps),
               "-i", "-", "-c:v", "libx264", "-preset", "fast", "-crf", str(crf), "-pix_fmt", "yuv420p", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as ffmpeg:
        try:
            for frame in frames:
                ffmpeg.stdin.write(frame.tobytes())
            ffmpeg.stdin.close()
        except BrokenPipeError:
            pass  # its own message follows
        said = ffmpeg.stderr.read().decode()
    if ffmpeg.returncode:
        raise places.BenchError(f"ffmpeg cannot write {path.name}: {said.strip()[-200:]}")


def parse():
    parser = argparse.ArgumentParser(
        prog="bench/pose/make_tremor", description="Warps the surroundings of one moving point of a clip to and fro as a "
        "sine and writes the clip (H.264, visually lossless) and OUT.truth.json: what was done in every frame. A clip that "
        "is too short is played forwards and backwards. Amplitude 0 gives the same clip without a tremor.")
    parser.add_argument("--clip", type=pathlib.Path, help=f"default: {DEFAULT_CLIP} of the shared data")
    parser.add_argument("--point", type=float, nargs=2, metavar=("X", "Y"), help="the point in the first frame [px] "
                        "(default, for the default clip: the left wrist)")
    parser.add_argument("--points", type=pathlib.Path, help="JSON list of [x, y], one for each frame of the clip, instead "
                        "of following --point by optical flow")
    parser.add_argument("--hz", type=float, default=5.0, help="frequency (default 5)")
    parser.add_argument("--amplitude", type=float, default=6.0, help="px from the middle to the furthest (default 6)")
    parser.add_argument("--angle", type=float, default=0.0, help="direction in degrees, 0 right, 90 down (default 0)")
    parser.add_argument("--radius", type=float, default=100.0, help="px from the point to where nothing moves (default 100); "
                        "within half of it everything moves fully")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of the result (default 10)")
    parser.add_argument("--crf", type=int, default=12, help="of x264 (default 12)")
    parser.add_argument("out", type=pathlib.Path, help="clip to write, .mp4 or .mkv")
    return parser.parse_args()


def checked(o):
    if o.clip is None:
        o.clip = places.need(places.SHARED / DEFAULT_CLIP, "put the footage beside the repository as ../shared, or use --clip")
        o.point = o.point or DEFAULT_POINT
    places.need(o.clip, "no such clip")
    if o.point is None and o.points is None:
        raise places.BenchError("a clip of your own needs --point or --points")
    if not (o.hz > 0 and o.radius >= 4 and 0 <= o.amplitude <= 1000 and 0 < o.seconds <= 600):
        raise places.BenchError("hz and seconds must be above 0 (seconds up to 600), radius at least 4, amplitude 0 to 1000")
    # Steepest part of the falloff times amplitude: from 1 on, the picture would fold over itself.
    if o.amplitude * np.pi / o.radius >= .8 or o.amplitude > o.radius / 2:
        raise places.BenchError(f"an amplitude of {o.amplitude:g} px tears the picture in a radius of {o.radius:g} px; "
                                f"take a radius of at least {o.amplitude * 4:.0f}")
    return o


def path_of(o, frames, width, height):
    if o.points is None:
        path = follow(frames, o.point, o.radius / 4)
    else:
        path = np.array(json.loads(places.need(o.points, "no such file").read_text()), np.float64)
        if path.shape != (len(frames), 2) or not np.isfinite(path).all():
            raise places.BenchError(f"{o.points.name} must hold {len(frames)} pairs [x, y], one for each frame")
    inside = (path >= 0).all() and (path < (width, height)).all()
    if not inside:
        raise places.BenchError("the point leaves the frame")
    return path


def main():
    o = checked(parse())
    width, height, fps = probe(o.clip)
    if o.hz >= float(fps) / 2:
        raise places.BenchError(f"{float(fps):g} frames a second cannot show {o.hz:g} Hz")
    frames = read(o.clip, width, height, fps)
    path = path_of(o, frames, width, height)
    order = there_and_back(len(frames), round(o.seconds * fps))
    times = np.arange(len(order)) / float(fps)
    turn = np.deg2rad(o.angle)
    shifts = o.amplitude * np.sin(2 * np.pi * o.hz * times)[:, None] * [np.cos(turn), np.sin(turn)]
    moved = (warped(frames[n], path[n], shift, o.radius / 2, o.radius) for n, shift in zip(order, shifts))
    write(o.out, moved, width, height, fps, o.crf)
    truth = {"clip": places.shown(o.clip), "hz": o.hz, "amplitude_px": o.amplitude, "angle_deg": o.angle, "fps": str(fps),
             "radius_px": o.radius, "frames": [
                 {"t_s": round(float(t), 6), "source_frame": n, "point_px": [round(float(v), 3) for v in path[n]],
                  "shift_px": [round(float(v), 4) for v in shift]} for t, n, shift in zip(times, order, shifts)]}
    o.out.with_suffix(".truth.json").write_text(json.dumps(truth, indent=1) + "\n")
    print(f"{o.out.name}: {len(order)} frames, {o.hz:g} Hz, {o.amplitude:g} px")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except places.BenchError as problem:
        print(f"bench/pose/make_tremor: {problem}", file=sys.stderr)
        sys.exit(2)
