"""CPU time a frame by element, resolution and number of faces: bench/cost/run-elements --help."""
import argparse
import datetime
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from benchlib import places, spend  # noqa: E402

SIZES = ((640, 360), (1280, 720), (1920, 1080), (3840, 2160))
FACES = (1, 2, 4, 8)
REPEATS = 2  # of each run; the lesser counts
FEW, MANY = 30, 120  # frames of two runs; their difference leaves the start out
SWAP = "deidfacedetect ! deidfaceswap"
GRAPHS = {
    "facedetect": "deidfacedetect",
    "facedetect, facemask": "deidfacedetect ! deidfacemask",
    "facedetect, faceblur": "deidfacedetect ! deidfaceblur",
    "facedetect, faceswap": SWAP,
    "facedetect, faceswap, no hands": f"{SWAP} hands=false",
    "posedetect": "deidposedetect",
}


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/cost/run-elements", description="CPU ms a frame of our elements on raw I420 of the demo clip, from 360p to "
        "2160p, and with 1 to 8 faces in one 1080p picture. The start is left out. Wants a quiet machine; 10 minutes.")
    parser.add_argument("--build", default=str(places.ROOT / "build" / "release"), help="build directory with our plugins")
    parser.add_argument("--name", default="cost_elements", help="name of the results' .json and .md file")
    parser.add_argument("--out", default=str(places.RESULTS), help="folder of the results")
    return parser.parse_args()


def raw_clip(name, filters):
    """A file of MANY raw I420 frames of the demo clip after these filters of ffmpeg."""
    folder = places.WORK / "cost"
    folder.mkdir(parents=True, exist_ok=True)
    woman = places.need(places.DEPS / "footage" / "WolfgangLanger_Pexels.mp4", "run meson-free-scripts/setup")
    path = folder / f"{name}.yuv"
    if not path.exists():
        part = path.with_suffix(".part")
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", woman, "-an", "-vf", filters, "-frames:v", str(MANY), "-pix_fmt",
                        "yuv420p", "-f", "rawvideo", part], check=True)
        part.rename(path)
    return path


class Meter:
    """Measures graphs on raw frames."""

    def __init__(self, build):
        self.env = places.product_env(build)

    def ms(self, path, size, graph):
        """CPU ms of one more frame."""
        width, height = size
        head = [f"rawvideoparse width={width} height={height} format=i420 framerate=30/1", graph, "fakesink"]

        def cpu(frames):
            source = f"filesrc location={path} num-buffers={frames} blocksize={width * height * 3 // 2}"
            return min(spend.run(spend.launch(source, *head), self.env)[0] for _ in range(REPEATS))
        return round(1000 * (cpu(MANY) - cpu(FEW)) / (MANY - FEW), 2)


def measured(meter):
    rows = []
    for size in SIZES:
        path = raw_clip(f"raw{size[1]}", f"scale={size[0]}:{size[1]}:flags=bicubic")
        for name, graph in GRAPHS.items():
            rows.append({"what": name, "size": f"{size[0]}x{size[1]}", "faces": 1, "cpu_ms_a_frame": meter.ms(path, size, graph)})
            print(rows[-1], flush=True)
        path.unlink()
    for count in FACES:
        columns = {1: 1, 2: 2, 4: 2, 8: 4}[count]
        # Each tile is 480x270, and the rest of the picture is grey, so that only the number of faces differs.
        tiles = "".join(f"[{i}]" for i in range(count))
        places_of = "|".join(f"{480 * (i % columns)}_{270 * (i // columns)}" for i in range(count))
        split = f"scale=480:270,split={count}" + tiles
        stack = f"{tiles}xstack=inputs={count}:layout={places_of}:fill=gray," if count > 1 else "[0]"
        path = raw_clip(f"faces{count}", f"{split};{stack}pad=1920:1080:0:0:gray")
        for name in ("facedetect, facemask", "facedetect, faceswap, no hands"):
            rows.append({"what": name, "size": "tiles", "faces": count,
                         "cpu_ms_a_frame": meter.ms(path, (1920, 1080), GRAPHS[name])})
            print(rows[-1], flush=True)
        path.unlink()
    return rows


def markdown(result):
    m, rows = result["machine"], result["rows"]
    value = {(r["what"], r["size"], r["faces"]): r["cpu_ms_a_frame"] for r in rows}
    limit = f" The engine used no instructions beyond {m['engine_limit']}." if m.get("engine_limit") else ""
    lines = ["# CPU time a frame, by element", "",
             f"Commit {result['commit']}, {result['date']}, {m['cpu']}, {m['cores']} cores ({' '.join(m['flags'])}), load at start "
             f"{m['load_at_start']}, {m['system']}, GStreamer {m['gstreamer']}. Made by `{result['command']}`.{limit} CPU ms of one "
             f"more frame: the difference of runs of {MANY} and {FEW} frames (the lesser of {REPEATS}) of the demo clip as raw I420. Not in live mode.", "",
             "| elements | " + " | ".join(f"{w}x{h}" for w, h in SIZES) + " |", "|---|" + "---|" * len(SIZES)]
    for name in GRAPHS:
        lines.append(f"| {name} | " + " | ".join(f"{value[(name, f'{w}x{h}', 1)]}" for w, h in SIZES) + " |")
    lines += ["", "Tiles of 480x270 with one face each, on grey, in one picture of 1920x1080:", "",
              "| elements | " + " | ".join(f"{n} faces" if n > 1 else "1 face" for n in FACES) + " | each further face |",
              "|---|" + "---|" * (len(FACES) + 1)]
    for name in ("facedetect, facemask", "facedetect, faceswap, no hands"):
        cells = [value[(name, "tiles", n)] for n in FACES]
        lines.append(f"| {name} | " + " | ".join(map(str, cells)) + f" | {(cells[-1] - cells[0]) / (FACES[-1] - FACES[0]):.2f} |")
    return "\n".join([*lines, ""])


def main():
    options = arguments()
    result = {"commit": places.commit(), "date": datetime.date.today().isoformat(), "machine": places.machine(),
              "command": " ".join(["bench/cost/run-elements", *sys.argv[1:]]), "rows": measured(Meter(options.build))}
    folder = pathlib.Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{options.name}.json").write_text(json.dumps(result, indent=1) + "\n")
    text = markdown(result)
    (folder / f"{options.name}.md").write_text(text)
    print(text)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except places.BenchError as problem:
        print(f"bench/cost/run-elements: {problem}", file=sys.stderr)
        sys.exit(2)
