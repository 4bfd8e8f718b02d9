"""What a frame costs, beside others: bench/cost/run --help."""
import argparse
import datetime
import json
import pathlib
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from benchlib import clips, judge, places, raw, spend  # noqa: E402
import report  # noqa: E402

# The settings in imageio's libx264 stream for deface's request: medium, crf 23, no VBV.
X264 = "x264enc pass=qual quantizer=23 speed-preset=medium vbv-buf-capacity=0 key-int-max=250"
DEID_RUN = ["--method", "mask", "--crf", "23", "--speed-preset", "medium", "--quiet", "--overwrite"]
DETECT, MASK, BLUR = "deidfacedetect", "deidfacemask", "deidfaceblur"


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/cost/run", description="CPU seconds a frame of whole processes: ours, deface with both of its back "
        "ends, the stock Haar elements; what the encoder takes of it; ours per stage; latency of live frames. All in one "
        "run, on the same clips. Wants a quiet machine; about 15 minutes on 2 cores.")
    parser.add_argument("--build", default=str(places.ROOT / "build" / "release"), help="build directory with our plugins")
    parser.add_argument("--repeat", type=int, default=3, help="runs of what is quick; the median counts (default 3)")
    parser.add_argument("--peer-repeat", type=int, default=1, help="runs of deface (default 1)")
    parser.add_argument("--no-deface", action="store_true", help="leave deface out: a first look, nothing is written")
    parser.add_argument("--live-frames", type=int, default=900, help="frames of each live measurement (default 900)")
    parser.add_argument("--detect", default=DETECT, help=f"our detector with its properties (default {DETECT})")
    parser.add_argument("--mask", default=MASK, help=f"our mask with its properties (default {MASK})")
    parser.add_argument("--note", default="", help="a sentence that the table carries, e.g. what else ran")
    parser.add_argument("--out", default=str(places.RESULTS), help="folder of the results")
    parser.add_argument("--name", default="cost", help="name of the results' .json and .md file (default cost)")
    return parser.parse_args()


def material():
    """{name: (path, frames, what)}: made from real clips once, in bench/cache/cost."""
    folder = places.WORK / "cost"
    folder.mkdir(parents=True, exist_ok=True)
    signs = sorted((places.SHARED / "data" / "intel_asl").glob("*.mkv"))
    woman = places.DEPS / "footage" / "WolfgangLanger_Pexels.mp4"
    if not signs:
        raise places.BenchError("the sign-language clips are needed: put the footage beside the repository as ../shared")
    places.need(woman, "run meson-free-scripts/setup")
    listing = folder / "signs.txt"
    listing.write_text("".join(f"file '{path.resolve()}'\n" for path in signs))
    copy = ["-c", "copy", "-an"]
    made = {
        "vga": (_make(folder / "vga.mkv", ["-f", "concat", "-safe", "0", "-i", listing, *copy]),
                "15 sign-language clips in one file, 640x480"),
        "demo": (_make(folder / "demo.mp4", ["-i", woman, *copy]), "the demo clip, 640x360"),
        "hd": (_make(folder / "hd.mp4", ["-i", woman, "-frames:v", "300", "-vf", "scale=1920:1080:flags=bicubic", "-c:v",
                                         "libx264", "-preset", "fast", "-crf", "20", "-an"]), "the demo clip at 1920x1080"),
        "take": (_make(folder / "take.mkv", ["-i", next((p for p in signs if p.stem == "book"), signs[0]), *copy]),
                 "one sign-language clip without a cut, 640x480"),
        "start": (_make(folder / "start.mkv", ["-i", signs[0], "-frames:v", "2", *copy]), "two frames: what starting costs"),
    }
    return {name: (path, _frames(path), what) for name, (path, what) in made.items()}


def _make(path, words):
    if not path.exists():
        part = path.with_name("part." + path.name)
        done = subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, words), str(part)], capture_output=True, text=True)
        if done.returncode != 0:
            raise places.BenchError(f"ffmpeg cannot make {path.name}: {done.stderr.strip()[-300:]}")
        part.rename(path)
    return path


def _frames(path):
    said = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets", "-show_entries",
                           "stream=nb_read_packets", "-of", "csv=p=0", str(path)], capture_output=True, text=True)
    return int(said.stdout.strip().strip(","))


class Meter:
    """Runs commands and records their costs, by name and clip."""

    def __init__(self, options, clips_of):
        self.options, self.clips, self.rows = options, clips_of, []

    def measure(self, name, clip, command, env, repeat=None):
        frames = self.clips[clip][1]
        runs = [spend.run(command, env) for _ in range(repeat or self.options.repeat)]
        cpu = statistics.median(run[0] for run in runs)
        row = {"name": name, "clip": clip, "frames": frames, "cpu_ms_a_frame": round(1000 * cpu / frames, 3),
               "wall_fps": round(frames / statistics.median(run[1] for run in runs), 1),
               "cpu_s": [round(run[0], 3) for run in runs]}
        self.rows.append(row)
        print(f"{name:28} {clip:6} {row['cpu_ms_a_frame']:9.2f} CPU ms a frame, {row['wall_fps']:7.1f} fps", flush=True)


def check_first(options, env, clip):
    """Checks before timing: every frame of the clip must come out, and changed."""
    loaded = clips.load(clip)
    source = raw.frames(loaded, "", "I420", places.stock_env())
    output = raw.frames(loaded, f"{options.detect} ! {options.mask}", "I420", env)
    pairs = list(zip(source, output))
    untouched = [n for n, (a, b) in enumerate(pairs) if not judge.changed(a, b, "I420").any()]
    if untouched or not pairs:
        raise places.BenchError(f"{clip.name}: {len(untouched)} of {len(pairs)} frames leave without a cover; "
                                "there is no sense in timing that")


def measure_all(options, meter):
    env, stock = places.product_env(options.build), places.stock_env()
    venv = places.need(places.ROOT / "build" / "bench-venv" / "bin", "run bench/setup-bench")
    out = places.WORK / "cost" / "out.mp4"
    both = f"{options.detect} ! {options.mask}"
    haar = f"videoconvert ! faceblur profile={places.HAAR_FACE}"
    file = ["h264parse", "mp4mux", f"filesink location={out}"]
    for clip in ("start", "vga", "demo", "hd"):
        path = meter.clips[clip][0]
        head = [f"filesrc location={path}", "decodebin"]
        meter.measure("decode", clip, spend.launch(*head, "fakesink"), stock)
        meter.measure("decode, detect", clip, spend.launch(*head, options.detect, "fakesink"), env)
        meter.measure("decode, detect, mask", clip, spend.launch(*head, both, "fakesink"), env)
        if clip in ("vga", "demo"):
            meter.measure("decode, detect, blur", clip, spend.launch(*head, options.detect, BLUR, "fakesink"), env)
            meter.measure("decode, stock faceblur", clip, spend.launch(*head, haar, "fakesink"), stock)
            meter.measure("decode, encode", clip, spend.launch(*head, X264, *file), stock)
            meter.measure("decode, detect, mask, encode", clip, spend.launch(*head, both, X264, *file), env)
            deid = pathlib.Path(options.build) / "bin" / "deid"
            if deid.exists():
                out.unlink(missing_ok=True)
                meter.measure("deid run", clip, [deid, "run", path, "-o", out, *DEID_RUN], env)
            if not options.no_deface:
                measure_deface(options, meter, clip, venv, out)
    out.unlink(missing_ok=True)


def measure_deface(options, meter, clip, venv, out):
    path, copy = meter.clips[clip][0], pathlib.Path(__file__).with_name("imageio_copy.py")
    # deface tells videos from pictures by mimetypes, which may not know .mkv: then the same packets go into .mp4.
    path = _make(path.with_name(f"{clip}-deface.mp4"), ["-i", path, "-c", "copy"])
    meter.measure("imageio read", clip, [venv / "python", copy, path], None)
    meter.measure("imageio read, write", clip, [venv / "python", copy, path, out], None)
    for backend in ("opencv", "onnxrt"):
        command = [venv / "deface", path, "-o", out, "--backend", backend]
        meter.measure(f"deface {backend}", clip, command, None, options.peer_repeat)


def live(options, clip):
    """Latency of live frames [ms] without lookahead, and the elements' own stats at the end."""
    env = places.product_env(options.build)
    program = places.need(places.ROOT / "build" / "bench" / "live_latency", "run bench/setup-bench")
    loaded, data = clips.load(clip), bytearray()
    layout = raw.Layout("I420", loaded.width, loaded.height)
    for count, planes in enumerate(raw.frames(loaded, "", "I420", places.stock_env())):
        if count >= 240:
            break
        data += layout.pack(planes)
    graph = f"{options.detect} lookahead=0 ! {options.mask}"
    done = subprocess.run([program, graph, "I420", str(loaded.width), str(loaded.height), "30", str(options.live_frames)],
                          input=bytes(data), capture_output=True, env=env)
    if done.returncode != 0:
        raise places.BenchError(done.stderr.decode(errors="replace").strip()[-400:])
    said = json.loads(done.stdout)
    times = sorted(said["latency_ms"])
    stats = {name: text for name, text in said["stats"].items() if name.startswith("deid")}

    def quantile(share):
        return round(times[min(len(times) - 1, int(share * len(times)))], 2)
    return {"size": f"{loaded.width}x{loaded.height}", "pushed": said["pushed"], "out": len(times), "p50_ms": quantile(0.5),
            "p90_ms": quantile(0.9), "p99_ms": quantile(0.99), "worst_ms": round(times[-1], 2), "stats": stats}


def main():
    options = arguments()
    clips_of = material()
    machine = places.machine()
    if machine["load_at_start"] > 0.5:
        print(f"note: the machine is busy (load {machine['load_at_start']}); figures will be too high", file=sys.stderr)
    check_first(options, places.product_env(options.build), clips_of["start"][0])
    meter = Meter(options, clips_of)
    measure_all(options, meter)
    lives = {}
    for name in ("take", "vga", "hd"):
        lives[name] = live(options, clips_of[name][0])
        print(f"live {name}: p50 {lives[name]['p50_ms']} ms, p99 {lives[name]['p99_ms']} ms of {lives[name]['out']}")
    result = {"commit": places.commit(), "date": datetime.date.today().isoformat(), "machine": machine,
              "command": " ".join(["bench/cost/run", *sys.argv[1:]]), "encoder": X264,
              "clips": {name: {"frames": frames, "what": what} for name, (_, frames, what) in clips_of.items()},
              "elements": f"{options.detect} ! {options.mask}", "note": options.note, "rows": meter.rows, "live": lives}
    text = report.markdown(result)
    print(text)
    if options.no_deface:
        print("without deface: nothing was written")
        return 0
    folder = pathlib.Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{options.name}.json").write_text(json.dumps(result, indent=1) + "\n")
    (folder / f"{options.name}.md").write_text(text)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except places.BenchError as problem:
        print(f"bench/cost/run: {problem}", file=sys.stderr)
        sys.exit(2)
