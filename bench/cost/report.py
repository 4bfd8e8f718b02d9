"""The readable table of bench/cost: ratios with the bar beside each."""
import re


class Figures:
    """The measured rows by name and clip; differences of CPU ms a frame."""

    def __init__(self, result):
        self._ms = {(row["name"], row["clip"]): row["cpu_ms_a_frame"] for row in result["rows"]}
        self._fps = {(row["name"], row["clip"]): row["wall_fps"] for row in result["rows"]}
        self._frames = {name: clip["frames"] for name, clip in result["clips"].items()}

    def ms(self, name, clip):
        return self._ms.get((name, clip))

    def fps(self, name, clip):
        return self._fps.get((name, clip))

    def less(self, name, base, clip):
        whole, part = self.ms(name, clip), self.ms(base, clip)
        return None if whole is None or part is None else whole - part

    def startup(self):
        """CPU ms, once a process, for making the elements: the cost of the two-frame clip minus its decoding."""
        return self.less("decode, detect, mask", "decode", "start") * self._frames["start"]

    def deface(self, clip):
        """(name, ms) of deface's faster back end, or (None, None)."""
        both = [(name, self.ms(name, clip)) for name in ("deface opencv", "deface onnxrt")]
        return min((row for row in both if row[1] is not None), key=lambda row: row[1], default=(None, None))

    def steady(self, clip):
        """CPU ms a frame of the elements alone: without decoding and start."""
        alone = self.less("decode, detect, mask", "decode", clip)
        return alone - self.startup() / self._frames[clip]


def markdown(result):
    figures = Figures(result)
    m = result["machine"]
    lines = ["# What a frame costs", "",
             f"Commit {result['commit']}, {result['date']}, {m['cpu']}, {m['cores']} cores ({' '.join(m['flags'])}), load at "
             f"start {m['load_at_start']}, {m['system']}, GStreamer {m['gstreamer']}. Made by `{result['command']}`. CPU is "
             f"user + system of the whole process and its children. {_isa(m)}Elements: `{result['elements']}`; encoder: "
             f"`{result['encoder']}` (the stream says the same settings as deface's).",
             *(["", result["note"]] if result.get("note") else []), "", "## Bars", "",
             "| what | clip | ours | theirs | ratio or figure | bar | held |", "|---|---|---|---|---|---|---|"]
    for clip in ("vga", "demo"):
        lines += _against_deface(figures, clip) + _against_haar(figures, clip)
    lines += [_alone(figures, "demo", "640x360", 10), _alone(figures, "vga", "640x480", 5),
              _alone(figures, "hd", "1920x1080", 12)]
    for name, live in result["live"].items():
        lines.append(f"| live latency without lookahead, p99 | {name}, {live['size']}, {live['out']} of {live['pushed']} frames | "
                     f"{live['p99_ms']} ms (p50 {live['p50_ms']}, worst {live['worst_ms']}) | - | {live['p99_ms']} ms | "
                     f"< 33 ms | {_held(live['p99_ms'] < 33 and live['out'] == live['pushed'])} |")
    lines += ["", "## Per stage, CPU ms a frame", "", "| clip | decode | detect | mask | encode | start, once |",
              "|---|---|---|---|---|---|"]
    lines += [_stages(figures, clip) for clip in ("vga", "demo", "hd")]
    lines += ["", "What `facedetect` counts of itself in the live run, wall ms a frame by stage:", ""]
    lines += [f"- {name}: {_own(stats)}" for name, live in result["live"].items()
              for element, stats in live["stats"].items() if "detect" in element]
    lines += ["", "## All rows", "", "| what | clip | frames | CPU ms a frame | fps |", "|---|---|---|---|---|"]
    lines += [f"| {r['name']} | {r['clip']} | {r['frames']} | {r['cpu_ms_a_frame']:.2f} | {r['wall_fps']} |"
              for r in result["rows"]]
    lines += ["", "Clips: " + "; ".join(f"{n}: {c['what']}, {c['frames']} frames" for n, c in result["clips"].items()) + ".", ""]
    return "\n".join(lines)


def _own(stats):
    """The `…-ms` members of a stats structure divided by its frames; the other counters unchanged."""
    members = dict(re.findall(r"([\w-]+)=\([\w]+\)([\d.]+)", stats))
    frames = float(members.pop("frames", 0)) or 1.0
    parts = [f"{name[:-3]} {float(value) / frames:.2f} ms" for name, value in members.items() if name.endswith("-ms")]
    parts += [f"{name} {value}" for name, value in members.items() if not name.endswith("-ms")]
    return ", ".join(parts) + f"; {frames:.0f} frames"


def _isa(machine):
    """The instructions that the engine was limited to, as a sentence."""
    limit = machine.get("engine_limit")
    return f"The engine used no instructions beyond {limit} (`ONEDNN_MAX_CPU_ISA`). " if limit else ""


def _held(good):
    return "yes" if good else "**no**"


def _ratio(what, clip, ours, theirs, bar, text):
    ratio = ours / theirs
    return (f"| {what} | {clip} | {ours:.2f} ms | {theirs:.2f} ms | {ratio:.3f} | <= {text} | {_held(ratio <= bar)} |")


def _against_deface(figures, clip):
    name, theirs = figures.deface(clip)
    if theirs is None:
        return []
    ours = figures.ms("decode, detect, mask, encode", clip)
    encoder_ours = figures.less("decode, encode", "decode", clip)
    encoder_theirs = figures.less("imageio read, write", "imageio read", clip)
    command = figures.ms("deid run", clip)
    lines = []
    if command:
        faster = figures.fps("deid run", clip) / figures.fps(name, clip)
        lines = [_ratio(f"`deid run`, against {name}", clip, command, theirs, 1 / 12, "1/12"),
                 f"| `deid run`, frames a second, against {name} | {clip} | {figures.fps('deid run', clip)} | "
                 f"{figures.fps(name, clip)} | {faster:.1f} | >= 8 | {_held(faster >= 8)} |"]
    return [*lines, _ratio(f"gst-launch, the same encoder settings, against {name}", clip, ours, theirs, 0.25, "1/4"),
            _ratio("the same without the encoder's share", clip, ours - encoder_ours, theirs - encoder_theirs, 0.125, "1/8")]


def _against_haar(figures, clip):
    theirs = figures.ms("decode, stock faceblur", clip)
    return [_ratio(f"into fakesink, {what}, against stock faceblur", clip, figures.ms(name, clip), theirs, 1 / 3, "1/3")
            for what, name in (("mask", "decode, detect, mask"), ("blur", "decode, detect, blur"))]


def _alone(figures, clip, size, bar):
    steady, whole = figures.steady(clip), figures.less("decode, detect, mask", "decode", clip)
    return (f"| detect and mask alone, I420 | {size} | {steady:.2f} ms ({whole:.2f} with the start) | - | {steady:.2f} ms | "
            f"<= {bar} ms | {_held(steady <= bar)} |")


def _stages(figures, clip):
    cells = [figures.ms("decode", clip), figures.less("decode, detect", "decode", clip),
             figures.less("decode, detect, mask", "decode, detect", clip), figures.less("decode, encode", "decode", clip)]
    text = " | ".join("-" if cell is None else f"{cell:.2f}" for cell in cells)
    return f"| {clip} | {text} | {figures.startup():.0f} |"
