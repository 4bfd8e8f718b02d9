"""The clips the benchmarks run over, and their preparation where GStreamer cannot read the file itself."""
import dataclasses
import fractions
import hashlib
import json
import pathlib
import subprocess

from . import places

# On GStreamer 1.22 decodebin never reaches the end of an animated GIF, and shows a still for ever. So both are first wrapped
# without loss. Nothing else about them changes.
_WRAPPED = {".gif", ".jpg", ".png"}


@dataclasses.dataclass
class Clip:
    """One clip: name (unique), group for the table, file to play [path], size [px], fps, full_range of its luma."""
    name: str
    group: str
    path: pathlib.Path
    width: int
    height: int
    fps: fractions.Fraction
    full_range: bool
    truth: dict | None = None
    source: tuple | None = None  # of a copy: (name of the original clip, its frames in the copy's order)

    def place(self, index):
        """(clip, frame) of the original for frame `index`; notes of people refer to these."""
        return (self.source[0], self.source[1][index]) if self.source else (self.name, index)

    def digest(self):
        """Hash of the file's content, the key of all caches."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()[:20]


def real(group_filter=None):
    """All clips and stills with people, in the shared data and the footage that set-up fetched."""
    data, found = places.SHARED / "data", []
    for group, pattern in (("sign language", "intel_asl/*.mkv"), ("speech", "grid/*.mpg"), ("gait", "pose2sim/*.mp4"),
                           ("gait, two people", "pose2sim/multi/*.mp4"), ("walkers and heads", "intel_samples/*.gif"),
                           ("walkers and heads", "intel_samples/*.mp4"), ("clinic", "clinic/*/*.mp4"), ("stills", "coco/*.jpg"),
                           ("stills", "stills/*.*"), ("stills", "pyfeat/*.jpg")):
        found += [(group, path) for path in sorted(data.glob(pattern))]
    footage = places.DEPS / "footage"
    found += [("demo clips", footage / name) for name in ("WolfgangLanger_Pexels.mp4", "single_face.mp4", "no_face.mp4")
              if (footage / name).exists()]
    if not found:
        raise places.BenchError("no clips: put the footage beside the repository as ../shared, or name it in "
                                "DEID_SHARED, and run meson-free-scripts/setup for the demo clips")
    return [load(path, group, _name(path)) for group, path in found if group_filter is None or group in group_filter]


def nasty():
    """The edited clips of bench/leaks/make_nasty from the work folder, with their truth."""
    folder, clips = places.WORK / "nasty", []
    for path in sorted(folder.glob("*.mkv")):
        clip = load(path, "edited", "edited/" + path.stem)
        clip.truth = json.loads(path.with_suffix(".truth.json").read_text())
        clips.append(clip)
    return clips


def load(path, group="given", name=None):
    """A clip from any file that ffprobe understands. Raises BenchError for other files."""
    path = pathlib.Path(path)
    if not path.exists():
        raise places.BenchError(f"no such clip: {path}")
    if path.suffix.lower() in _WRAPPED:
        path = _wrap(path)
    asked = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
             "stream=width,height,avg_frame_rate,pix_fmt,color_range", "-of", "json", str(path)]
    said = subprocess.run(asked, capture_output=True, text=True)
    streams = json.loads(said.stdout or "{}").get("streams") if said.returncode == 0 else None
    if not streams:
        raise places.BenchError(f"{path.name}: ffprobe finds no video in it ({said.stderr.strip()[:200]})")
    stream = streams[0]
    full = stream["pix_fmt"].startswith("yuvj") or stream.get("color_range") == "pc"
    rate = stream.get("avg_frame_rate", "25/1")
    fps = fractions.Fraction(rate) if not rate.endswith("/0") else fractions.Fraction(25)
    return Clip(name or path.stem, group, path, stream["width"], stream["height"], fps or fractions.Fraction(25), full)


def frame_count(clip):
    """Number of frames, counted by decoding."""
    asked = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of",
             "csv=p=0", str(clip.path)]
    return int(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip().strip(","))


def _name(path):
    try:
        return str(path.relative_to(places.SHARED / "data"))
    except ValueError:
        return "pyfeat-wheel/" + path.name


def _wrap(path):
    """Lossless Matroska copy of a GIF or a still in I420; made once."""
    made = places.WORK / "clips" / (path.parent.name + "_" + path.stem + ".mkv")
    if made.exists():
        return made
    made.parent.mkdir(parents=True, exist_ok=True)
    part = made.with_suffix(".part.mkv")
    done = subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(path), "-pix_fmt", "yuv420p", "-c:v", "ffv1", str(part)],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise places.BenchError(f"{path.name}: ffmpeg cannot wrap it: {done.stderr.strip()[:300]}")
    part.rename(made)
    return made
