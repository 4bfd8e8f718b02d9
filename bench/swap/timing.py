"""The cost of faceswap, and whether it keeps up: bar 7. Needs a quiet machine."""
import json
import pathlib
import statistics
import subprocess

import under_test
from benchlib import clips, places, raw, spend

FOLDER = places.WORK / "swap" / "cost"
SIZE, FPS = (1280, 720), 30
ONE, FURTHER, LATENCY = 12.0, 6.0, 50.0  # CPU ms a frame; CPU ms a frame and further face; ms
PAPER = 600.0                            # ms a frame on a Titan X, as the paper says
KEEPS = 0.995                            # of the frames a second: as many as a clock's error allows


def material():
    """{name: (clip of 1280x720 at 30 fps, its first two frames)}. They run forth and back, so there is no cut."""
    data = places.SHARED / "data" / "intel_asl"
    one, other = (places.need(data / name, "put the footage beside the repository as ../shared") for name in ("book.mkv", "again.mkv"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    around = "split[a][b];[b]reverse[r];[a][r]concat,loop=4:size=200,setpts=N/30/TB"
    half = "trim=end_frame=70,scale=-2:720,crop=640:720"
    graphs = {"one": ([one], f"scale=-2:720,pad=1280:720:(ow-iw)/2:0:gray,trim=end_frame=100,{around}"),
              "two": ([one, other], f"[0]{half}[l];[1]{half}[r];[l][r]hstack,{around.replace('size=200', 'size=140').replace('[r]', '[q]')}")}
    made = {}
    for name, (sources, graph) in graphs.items():
        whole, start = FOLDER / f"{name}-720p.mp4", FOLDER / f"{name}-2.mp4"
        inputs = [word for source in sources for word in ("-i", str(source))]
        _ffmpeg(whole, [*inputs, "-filter_complex", graph, "-r", str(FPS)])
        _ffmpeg(start, ["-i", str(whole), "-frames:v", "2"])
        made[name] = (whole, start)
    return made


def _ffmpeg(path, words):
    if path.exists():
        return
    part = path.with_name("part." + path.name)
    done = subprocess.run(["ffmpeg", "-v", "error", "-y", *words, "-an", "-c:v", "libx264", "-preset", "fast", "-crf", "18", "-pix_fmt",
                           "yuv420p", str(part)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise places.BenchError(f"ffmpeg cannot make {path.name}: {done.stderr.strip()[-300:]}")
    part.rename(path)


def measure(bench, _):
    settings, spent = bench.settings, {}
    made = material()
    shares = {name: _swapped(bench, whole) for name, (whole, _) in made.items()}
    blur = f"{under_test.DETECT} ! {under_test.COVERS['blur']}"
    graphs = {"decode": "", "facedetect": under_test.DETECT, "facedetect, blur": blur, "facedetect, faceswap": settings.graph()}
    for _ in range(bench.repeat):
        for name, (whole, start) in made.items():
            for what, graph in graphs.items():
                runs = [spend.run(spend.launch(f"filesrc location={path}", "decodebin", graph, "fakesink"), settings.env)[0] for path in (whole, start)]
                spent.setdefault((name, what), []).append(runs)
    rows = {}
    for (name, what), runs in spent.items():
        frames = _frames(made[name][0])
        rows.setdefault(name, {"frames": frames, **shares[name]})[what] = 1000 * (statistics.median(r[0] for r in runs) - statistics.median(
            r[1] for r in runs)) / (frames - 2)
    for name, row in rows.items():
        row["faceswap"] = row["facedetect, faceswap"] - row["facedetect"]
        print(f"cost {name}: facedetect {row['facedetect'] - row['decode']:.2f}, faceswap {row['faceswap']:.2f} CPU ms a frame", flush=True)
    live = {"one core": _live(bench, made["one"][0], settings.graph(detect="lookahead=0"), "0"),
            "one core, two faces": _live(bench, made["two"][0], settings.graph(detect="lookahead=0"), "0"),
            "one core, facedetect alone": _live(bench, made["one"][0], f"{under_test.DETECT} lookahead=0", "0"),
            "measured chain, two cores": _live(bench, made["one"][0], _chain(settings), "0,1"),
            "measured chain, two cores, max-people=1": _live(bench, made["one"][0], _chain(settings, " max-people=1"), "0,1")}
    return {"rows": rows, "live": live, "size": "x".join(map(str, SIZE)), "repeat": bench.repeat}


def _chain(settings, words=""):
    queue = "queue max-size-buffers=2 max-size-bytes=0 max-size-time=0"
    return (f"deidposedetect stage=original{words} ! {queue} ! {settings.graph(detect='lookahead=0')} ! {queue} ! "
            f"deidposedetect stage=deidentified{words} ! deidoksmeter")


def _swapped(bench, path):
    """Checks before timing: number of swapped faces per frame, and their width."""
    made = under_test.make(bench.settings, clips.load(path), bench.fresh)
    faces = [face for frame in made.frames for face in frame["faces"] if face["rung"] in under_test.SWAPPED]
    if not faces:
        raise places.BenchError(f"no face of {path.name} is swapped; there is no sense in timing that")
    return {"faces_a_frame": len(faces) / len(made.frames), "width": statistics.median(face["box"][2] - face["box"][0] for face in faces)}


def _frames(path):
    done = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets", "-show_entries", "stream=nb_read_packets",
                           "-of", "csv=p=0", str(path)], capture_output=True, text=True, check=True)
    return int(done.stdout.strip().strip(","))


def _live(bench, path, graph, cores):
    """Feeds frames at their times, on these cores only. Returns frames per second at the output, and their delay [ms]."""
    program = places.need(places.ROOT / "build" / "bench" / "live_latency", "run bench/setup-bench")
    loaded, data = clips.load(path), bytearray()
    layout = raw.Layout("I420", loaded.width, loaded.height)
    for count, planes in enumerate(raw.frames(loaded, "", "I420", places.stock_env())):
        if count >= 200:
            break
        data += layout.pack(planes)
    command = ["taskset", "-c", cores, str(program), graph, "I420", str(loaded.width), str(loaded.height), str(FPS), str(bench.live_frames)]
    done = subprocess.run(command, input=bytes(data), capture_output=True, env=bench.settings.env, check=False)
    if done.returncode != 0:
        raise places.BenchError(done.stderr.decode(errors="replace").strip()[-400:])
    said = json.loads(done.stdout)
    late = said["latency_ms"]
    # Frames enter at their times. The last one's delay beyond the shortest delay is time that was lost.
    seconds = (len(late) - 1) / FPS + (late[-1] - min(late)) / 1000
    late_of = sorted(late[FPS:])  # without the first second, in which networks are loaded
    row = {"pushed": said["pushed"], "out": len(late), "fps": (len(late) - 1) / seconds, "p50": _at(late_of, 0.5), "p99": _at(late_of, 0.99),
           "worst": late_of[-1], "first_second_worst": max(late[:FPS]), "cores": cores, "stats": said["stats"]}
    print(f"live {pathlib.Path(path).stem}, cores {cores}: {row['fps']:.1f} fps, p50 {row['p50']:.1f} ms, p99 {row['p99']:.1f} ms", flush=True)
    return row


def _at(values, share):
    return values[min(len(values) - 1, int(share * len(values)))]


def held(result):
    one, two = result["rows"]["one"]["faceswap"], result["rows"]["two"]["faceswap"]
    live, chain = result["live"]["one core"], result["live"]["measured chain, two cores"]
    return {f"faceswap, one face <= {ONE:.0f} ms": one <= ONE, f"each further face <= {FURTHER:.0f} ms": two - one <= FURTHER,
            "live on one core keeps 30 fps": live["fps"] >= KEEPS * FPS and live["out"] == live["pushed"],
            f"live on one core, p99 < {LATENCY:.0f} ms": live["p99"] < LATENCY,
            "measured chain on two cores in real time": chain["fps"] >= KEEPS * FPS and chain["out"] == chain["pushed"]}
