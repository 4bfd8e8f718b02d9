"""CPU time a frame of posedetect and of both stages with the meter, MediaPipe's Python package beside it: bar 7."""
import statistics

import keypoints
import peer
from benchlib import places, spend

SIZE = (1280, 720)
ONE, BOTH = 20, 40  # CPU ms a frame
COVER = "deidfacedetect ! deidfacemask"


def material():
    """(clip of one walking person at 1280x720, its first two frames). It runs forth and back, so it has no cut."""
    source = places.need(places.SHARED / "data/pose2sim/cam01.mp4", "put the footage beside the repository as ../shared")
    folder = keypoints.FOLDER / "cost"
    folder.mkdir(parents=True, exist_ok=True)
    clip, start = folder / "walker-720p.mp4", folder / "walker-2.mp4"
    fit = (f"scale=-2:{SIZE[1]},pad={SIZE[0]}:{SIZE[1]}:(ow-iw)/2:0:gray,split[a][b];[b]reverse[r];[a][r]concat,"
           "loop=2:size=200,setpts=N/30/TB")
    for path, words in ((clip, ["-i", source, "-filter_complex", fit, "-r", "30", "-c:v", "libx264", "-preset", "fast", "-crf", "18"]),
                        (start, ["-i", clip, "-frames:v", "2", "-c:v", "libx264", "-preset", "fast", "-crf", "18"])):
        if not path.exists():
            part = path.with_name("part." + path.name)
            keypoints.said(["ffmpeg", "-v", "error", "-y", *words, "-an", "-pix_fmt", "yuv420p", part])
            part.rename(path)
    return clip, start


def commands(path):
    """{name: (command, whether it needs our plug-ins)}"""
    head = [f"filesrc location={path}", "decodebin"]
    one = "deidposedetect"
    two = f"deidposedetect stage=original ! {COVER} ! deidposedetect stage=deidentified ! deidoksmeter"
    launch = {"decode": [], "posedetect": [one], "posedetect, max-people=1": [one + " max-people=1"], "cover": [COVER],
              "both stages, cover, oksmeter": [two],
              "both stages, cover, oksmeter, max-people=1": [two.replace("stage=", "max-people=1 stage=")]}
    found = {name: (spend.launch(*head, *pieces, "fakesink"), True) for name, pieces in launch.items()}
    width, height = SIZE
    found["MediaPipe, reading"] = (peer.clip_command(path, width, height, "--read-only"), False)
    found["MediaPipe"] = (peer.clip_command(path, width, height), False)
    return found


def measure(maker, options):
    clip, start = material()
    count = _frames(clip)
    whole, first = commands(clip), commands(start)
    spent = {}
    for _ in range(options.repeat):
        for name, (command, ours) in whole.items():
            env = maker.env if ours else None
            spent.setdefault(name, []).append((spend.run(command, env)[0], spend.run(first[name][0], env)[0]))
    rows = {}
    for name, pairs in spent.items():
        total, began = (statistics.median(pair[n] for pair in pairs) for n in (0, 1))
        # Two frames are nearly all start. The remaining time is divided by the remaining frames.
        rows[name] = {"cpu_ms_a_frame": 1000 * (total - began) / (count - 2), "whole_ms_a_frame": 1000 * total / count,
                      "start_ms": 1000 * began, "cpu_s": [pair[0] for pair in pairs]}
        print(f"{name:45} {rows[name]['cpu_ms_a_frame']:8.2f} CPU ms a frame", flush=True)
    return {"frames": count, "size": "x".join(map(str, SIZE)), "repeat": options.repeat, "rows": rows, "figures": _figures(rows)}


def _figures(rows):
    """CPU ms a frame, without decoding and start."""
    ms = {name: row["cpu_ms_a_frame"] for name, row in rows.items()}
    cover = ms["cover"] - ms["decode"]
    found = {"posedetect": ms["posedetect"] - ms["decode"], "posedetect, max-people=1": ms["posedetect, max-people=1"] - ms["decode"],
             "MediaPipe": ms["MediaPipe"] - ms["MediaPipe, reading"], "face detection and mask": cover}
    for name in ("both stages, cover, oksmeter", "both stages, cover, oksmeter, max-people=1"):
        found[name] = ms[name] - ms["decode"]
        found[name.replace(", cover", "")] = ms[name] - ms["decode"] - cover
    return found


def _frames(path):
    return int(keypoints.said(["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets", "-show_entries",
                               "stream=nb_read_packets", "-of", "csv=p=0", path]).strip().strip(","))


def held(result):
    f = result["figures"]
    return {f"posedetect <= {ONE} ms": f["posedetect"] <= ONE, f"both stages and oksmeter <= {BOTH} ms": f["both stages, oksmeter"] <= BOTH,
            "posedetect cheaper than MediaPipe's Python": f["posedetect"] < f["MediaPipe"]}


def markdown(result):
    f = result["figures"]
    lines = ["## Cost", "", f"One walking person, {result['size']}, {result['frames']} frames, median of {result['repeat']} runs in turn; CPU "
             "(user and system) of whole processes without the start (measured on two frames) and without decoding (`decodebin` into "
             "`fakesink`; for MediaPipe the same script that only reads).", "", "| what | CPU ms a frame | bar | held |", "|---|---|---|---|"]
    bars = {"posedetect": (f["posedetect"] <= ONE, f"<= {ONE}, and below MediaPipe"),
            "both stages, oksmeter": (f["both stages, oksmeter"] <= BOTH, f"<= {BOTH}")}
    for name, value in f.items():
        good, bar = bars.get(name, (None, "-"))
        if name == "posedetect":
            good = good and value < f["MediaPipe"]
        lines.append(f"| {name} | {value:.2f} | {bar} | {'-' if good is None else 'yes' if good else '**no**'} |")
    return lines
