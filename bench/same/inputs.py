"""The inputs of both builds: whole or cut clips, pictures, and an untrained network for the person in each clip."""
import dataclasses
import hashlib
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "swap"))

import describe  # noqa: E402
from benchlib import clips, places, raw  # noqa: E402
import untrained  # noqa: E402

FOLDER = places.WORK / "same"
MOST_FRAMES, MOST_PIXELS = 100, 50_000_000  # of one clip; whichever is less
QUICK_FRAMES, QUICK_PIXELS = 24, 25_000_000
# A speaker with glasses, a signer with hands before the face, one with a bystander, two people in a GIF, a close-up, a still.
QUICK = ("grid/lbax4n.mpg", "intel_asl/thanks.mkv", "intel_asl/bird.mkv", "intel_samples/head-pose-face-detection-female-and-male.gif",
         "pyfeat-wheel/single_face.mp4", "stills/astronaut.png")
MEASURED = ("intel_asl/milk.mkv", "intel_asl/thanks.mkv")
LOOKS = 12  # frames of a clip that are searched for the face of the network's person
PICTURES = {".jpg", ".png"}


@dataclasses.dataclass
class Item:
    """One input. path: the file deid gets; frames: how many of how many; model: a network for its person, None without a face."""
    clip: clips.Clip
    path: pathlib.Path
    digest: str
    frames: int
    whole: int
    model: pathlib.Path | None = None

    @property
    def name(self):
        return self.clip.name

    @property
    def picture(self):
        return self.path.suffix.lower() in PICTURES

    @property
    def pixels(self):
        return self.frames * self.clip.width * self.clip.height


def chosen(quick, texts):
    """The clips of bench/leaks without the edited ones, or those of --quick. texts keeps those whose name contains one of
    them."""
    found = clips.real()
    if quick:
        found = [clip for clip in found if clip.name in QUICK]
    if texts:
        found = [clip for clip in found if any(text in clip.name for text in texts)]
    if not found:
        raise places.BenchError("no clip has such a name")
    return found


def prepare(clip, quick, with_model=True):
    """The item of a clip. Its files are cached by the content of the clip."""
    source = _source(clip)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:20]
    if source.suffix.lower() in PICTURES:
        return Item(clip, source, digest, 1, 1, _model(clip, digest) if with_model else None)
    whole = _count(clip, digest)
    frames, pixels = (QUICK_FRAMES, QUICK_PIXELS) if quick else (MOST_FRAMES, MOST_PIXELS)
    most = max(1, min(frames, pixels // (clip.width * clip.height)))
    path = source if whole <= most else _cut(source, digest, most)
    item = Item(clip, path, f"{digest}/{min(whole, most)}", min(whole, most), whole)
    item.model = _model(clip, digest) if with_model else None
    return item


def poorer(item):
    """A blurred copy of the same length, made by ffmpeg alone: the second video of deid measure."""
    made = FOLDER / "clips" / f"{item.digest.replace('/', '-')}.poorer.mkv"
    return made if made.exists() else _ffmpeg(item.path, made, ["-vf", "boxblur=3"])


def _source(clip):
    """The original file: clips.load wraps GIFs and stills, but deid reads them itself."""
    shared = places.SHARED / "data" / clip.name
    return shared if shared.exists() else clip.path


def _count(clip, digest):
    kept = FOLDER / "counts" / f"{digest}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(clips.frame_count(clip)))
    return json.loads(kept.read_text())


def _cut(source, digest, frames):
    made = FOLDER / "clips" / f"{digest}-{frames}.mkv"
    return made if made.exists() else _ffmpeg(source, made, ["-frames:v", str(frames)])


def _ffmpeg(source, made, words):
    made.parent.mkdir(parents=True, exist_ok=True)
    part = made.with_suffix(".part.mkv")
    done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(source), "-an", *words, "-fps_mode", "passthrough", "-c:v",
                           "ffv1", "-threads", "1", str(part)], capture_output=True, text=True)
    if done.returncode != 0:
        raise places.BenchError(f"{source.name}: ffmpeg cannot copy it: {done.stderr.strip()[-300:]}")
    part.rename(made)
    return made


def _model(clip, digest):
    """An untrained network for the first face that dlib finds in the clip; None when it finds none."""
    made = FOLDER / "models" / f"{digest}-{untrained.VERSION}.deidae"
    nobody = made.with_suffix(".nobody")
    if not (made.exists() or nobody.exists()):
        made.parent.mkdir(parents=True, exist_ok=True)
        subject = _subject(clip)
        if subject is None:
            nobody.touch()
        else:
            untrained.write(made, [float(value) for value in subject])
    return made if made.exists() else None


def _subject(clip):
    dlib = describe.Dlib()
    frames = raw.frames(clip, "", "I420", places.stock_env())
    try:
        for index, planes in enumerate(frames):
            if index % 4 == 0 and (said := dlib(raw.rgb_of(planes, "I420", clip.full_range))):
                return said["descriptor"]
            if index >= 4 * LOOKS:
                break
        return None
    finally:
        frames.close()
        dlib.close()
