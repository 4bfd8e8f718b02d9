"""Known faults in a result: covers that are taken away, from the pixels and from the audit."""
import dataclasses
import hashlib
import json
import pathlib
import random
import subprocess

import numpy as np

LENGTHS = (1, 2, 3, 5, 8, 13, 21, 30)  # [frames]
GROWN = .25                            # of a box's side: more than any cover's margin
APART = 45                             # frames between two faults, at least


@dataclasses.dataclass
class Fault:
    """A face that is not covered in frames first .. last. kind: where in its track it lies."""
    kind: str
    person: int
    first: int
    last: int
    box: tuple


def frames_of(audit):
    return [line for line in audit if "pts" in line]


def tracks(audit):
    """{id: [(first, last)]}: frames in a row in which a person is covered."""
    spans = {}
    for index, line in enumerate(frames_of(audit)):
        for face in line["faces"]:
            runs = spans.setdefault(face["id"], [])
            if runs and runs[-1][1] == index - 1:
                runs[-1] = (runs[-1][0], index)
            else:
                runs.append((index, index))
    return spans


def box_at(audit, person, index):
    return next((face["box"] for face in frames_of(audit)[index]["faces"] if face["id"] == person), None)


def grown(box):
    x, y, w, h = box
    return (x - GROWN * w, y - GROWN * h, w * (1 + 2 * GROWN), h * (1 + 2 * GROWN))


def touch(a, b):
    return min(a[0] + a[2], b[0] + b[2]) > max(a[0], b[0]) and min(a[1] + a[3], b[1] + b[3]) > max(a[1], b[1])


def alone(audit, person, first, last, width, height):
    """Whether the face is in the picture for most of its box, seen, and apart from every other cover."""
    for index in range(first, last + 1):
        faces = frames_of(audit)[index]["faces"]
        own = next((f for f in faces if f["id"] == person), None)
        if own is None or own["origin"] not in ("detected", "tracked", "backfilled"):
            return False
        x, y, w, h = own["box"]
        if x < 0 or y < 0 or x + w > width or y + h > height:
            return False
        if any(f["id"] != person and touch(grown(f["box"]), grown(own["box"])) for f in faces):
            return False
    return True


def place(kind, run, length, dice):
    first, last = run
    if kind == "begin":
        return first, first + length - 1
    if kind == "end":
        return last - length + 1, last
    return (lambda at: (at, at + length - 1))(dice.randint(first + 3, max(first + 3, last - length - 3)))


def choose(audit, width, height, seed, most=6):
    """Faults of all lengths in turn; begin, middle and end of tracks in turn; never two near each other."""
    dice, chosen, tries = random.Random(seed), [], 0
    runs = [(person, run) for person, all_runs in tracks(audit).items() for run in all_runs if run[1] - run[0] >= 12]
    while runs and len(chosen) < most and tries < 4000:
        tries += 1
        kind = ("middle", "begin", "middle", "end")[len(chosen) % 4] if tries % 400 < 300 else "middle"
        length = LENGTHS[(seed + len(chosen)) % len(LENGTHS)]
        person, run = dice.choice(runs)
        first, last = place(kind, run, length, dice)
        fits = run[0] <= first and last <= run[1] and all(last + APART < f.first or first - APART > f.last for f in chosen)
        if fits and alone(audit, person, first, last, width, height):
            chosen.append(Fault(kind, person, first, last, tuple(box_at(audit, person, first))))
    return sorted(chosen, key=lambda fault: fault.first)


def raw(video, width, height):
    """Yields the I420 frames of a video as writable arrays of one dimension."""
    size = width * height + 2 * ((width + 1) // 2) * ((height + 1) // 2)
    process = subprocess.Popen(["ffmpeg", "-nostdin", "-v", "error", "-i", str(video), "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"],
                               stdout=subprocess.PIPE)
    while True:
        data = process.stdout.read(size)
        if len(data) < size:
            break
        yield np.frombuffer(bytearray(data), np.uint8)
    process.wait()


def planes(frame, width, height):
    half_w, half_h = (width + 1) // 2, (height + 1) // 2
    luma = frame[:width * height].reshape(height, width)
    rest = frame[width * height:].reshape(2, half_h, half_w)
    return luma, rest[0], rest[1]


def restore(result, original, box, width, height):
    """Puts the original's pixels back into a box."""
    x, y, w, h = grown(box)
    left, top = max(0, int(x)) // 2 * 2, max(0, int(y)) // 2 * 2
    right, bottom = min(width, int(x + w) + 2), min(height, int(y + h) + 2)
    for to, of, step in zip(planes(result, width, height), planes(original, width, height), (1, 2, 2)):
        part = np.s_[top // step:-(-bottom // step), left // step:-(-right // step)]
        to[part] = of[part]


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def put_in(original, result, audit, faults, out, width, height):
    """Writes the result with its faults as out.mp4 and out.jsonl."""
    by_frame = {}
    for fault in faults:
        for index in range(fault.first, fault.last + 1):
            by_frame.setdefault(index, []).append((fault.person, box_at(audit, fault.person, index)))
    rate = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=r_frame_rate", "-of", "csv=p=0",
                           str(result)], capture_output=True, text=True, check=True).stdout.strip().strip(",")
    encoder = subprocess.Popen(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{width}x{height}",
                                "-r", rate, "-i", "-", "-c:v", "libx264", "-crf", "23", "-preset", "veryfast", f"{out}.mp4"],
                               stdin=subprocess.PIPE)
    for index, (shown, before) in enumerate(zip(raw(result, width, height), raw(original, width, height))):
        for _, box in by_frame.get(index, []):
            restore(shown, before, box, width, height)
        encoder.stdin.write(shown.tobytes())
    encoder.stdin.close()
    if encoder.wait() != 0:
        raise RuntimeError("the result with faults could not be encoded")
    index, lines = 0, []
    for line in audit:
        line = json.loads(json.dumps(line))
        if "pts" in line:
            gone = {person for person, _ in by_frame.get(index, [])}
            line["faces"] = [face for face in line["faces"] if face["id"] not in gone]
            index += 1
        if "run" in line:
            line["run"]["result"] = {"sha256": sha256(f"{out}.mp4"), "bytes": pathlib.Path(f"{out}.mp4").stat().st_size}
        lines.append(json.dumps(line))
    pathlib.Path(f"{out}.jsonl").write_text("\n".join(lines) + "\n")
