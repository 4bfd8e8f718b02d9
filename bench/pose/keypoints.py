"""Keypoints of clips by posedetect, kept in the cache, and their scores by `deid oks`."""
import dataclasses
import functools
import hashlib
import json
import os
import pathlib
import subprocess

from benchlib import clips, places

FOLDER = places.WORK / "pose"
NETWORKS = {
    "blazepose": ("BlazePose as `deid run --measure` and `deid measure` use it (up to 4 people)", ""),
    "blazepose-1": ("BlazePose, `max-people=1`", "max-people=1"),
    "openpose": ("the OpenPose-style network, `model=tfpose_mobilenet_v2_small.pb`", "model={model} keypoints=native"),
}
COVERS = {"mask": "deidfacemask", "blur": "deidfaceblur", "pixelate": "deidfaceblur mode=pixelate"}
VARIANTS = ("itself", "re-encoded", *COVERS)
HEAD = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
BODY = tuple(f"{side}_{joint}" for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle") for side in ("left", "right"))

# Clips that show more of a person than head and shoulders; each was checked by a person.
BODY_CLIPS = (("intel_asl/*.mkv", "one person from the hips up, arms and hands always in use"),
              ("pyfeat/single_face.mp4", "head and shoulders; of the body only the two shoulders, at the picture's edge"),
              ("pose2sim/cam0*.mp4", "one whole person, balancing; cam03 sees the back; the publisher has pixelated the face"),
              ("pose2sim/multi/cam0*.mp4", "two whole people; faces pixelated by the publisher"))
# Pooled apart: where the face is a mosaic already, the face detector covers other places (chest, shoulder, a wall). The loss
# there is not that of a covered face.
NO_BODY = "head and shoulders only"
GROUPS = {"with a face and a body": ("intel_asl/",), NO_BODY: ("pyfeat/",),
          "faces already pixelated by the publisher": ("pose2sim/",)}
LEFT_OUT = (("WolfgangLanger_Pexels.mp4", "a face in close-up: no body in the picture"),
            ("intel_samples/*", "people from behind or hidden by shelves, heads only, or nobody; no paths of whole bodies"),
            ("grid, no_face.mp4", "faces only; nobody"))


def body_clips(wanted=""):
    """[Clip] of BODY_CLIPS. `wanted` (a,b,c) keeps those whose name contains one of the words."""
    data = places.SHARED / "data"
    found = [clips.load(path, why, str(path.relative_to(data))) for pattern, why in BODY_CLIPS
             for path in sorted(data.glob(pattern)) if any(word in str(path) for word in wanted.split(","))]
    if not found:
        raise places.BenchError("no clip with a body: put the footage beside the repository as ../shared, or name it in DEID_SHARED")
    return found


@dataclasses.dataclass
class Maker:
    """Runs pipelines of one build. Results are cached by the content of plugins and clip."""
    build: pathlib.Path
    fresh: bool = False
    covers: dict = dataclasses.field(default_factory=lambda: COVERS)  # {variant: elements behind facedetect}

    @functools.cached_property
    def deid(self):
        return places.need(pathlib.Path(self.build) / "bin" / "deid", "build the project first (meson-free-scripts/build)")

    @functools.cached_property
    def env(self):
        return places.product_env(self.build)

    @functools.cached_property
    def folder(self):
        digest = hashlib.sha256()
        for path in sorted((pathlib.Path(self.build) / "plugins").rglob("*.so")):
            digest.update(path.read_bytes())
        folder = FOLDER / digest.hexdigest()[:12]
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def keypoints(self, clip, variant, networks):
        """{network: JSON-lines file}. All networks that are missing in the cache run in one pipeline."""
        stem = f"{clip.name.replace('/', '_')}.{clip.digest()[:8]}.{variant}"
        files = {name: self.folder / f"{stem}.{name}.jsonl" for name in networks}
        lacking = {name: path for name, path in files.items() if self.fresh or not path.exists()}
        if lacking:
            parts = {name: path.with_suffix(".part") for name, path in lacking.items()}
            self._pipeline(clip, variant, parts)
            for name, part in parts.items():
                part.rename(files[name])
        return files

    def _pipeline(self, clip, variant, files):
        source = self.reencoded(clip) if variant == "re-encoded" else clip.path
        stage = "deidentified" if variant in self.covers else "original"
        pieces = [f"filesrc location={source}", 'decodebin expose-all-streams=false caps=video/x-raw(ANY)', "video/x-raw", "videoconvert"]
        if variant in self.covers:
            pieces += ["deidfacedetect", self.covers[variant]]
        for name, path in files.items():
            words = NETWORKS[name][1].format(model=places.SHARED / "models" / "tfpose_mobilenet_v2_small.pb")
            pieces.append(f"deidposedetect stage={stage} {words} location={path} location-format=jsonl")
        said([*"gst-launch-1.0 -q".split(), *" ! ".join([*pieces, "fakesink"]).split()], self.env)

    def reencoded(self, clip):
        """The clip after x264 at crf 23, the encoder of `deid run`. It keeps its own times: otherwise `deid oks` would pair
        neighbours when the first frame is not at 0."""
        suffix = clip.path.suffix if clip.path.suffix in (".mkv", ".mp4") else ".mkv"  # an MPEG program stream holds no H.264 here
        path = self.folder / f"{clip.name.replace('/', '_')}.{clip.digest()[:8]}.crf23{suffix}"
        if self.fresh or not path.exists():
            part = path.with_name("part." + path.name)
            said(["ffmpeg", "-v", "error", "-y", "-copyts", "-i", clip.path, "-an", "-vsync", "passthrough", "-c:v", "libx264", "-preset",
                  "veryfast", "-crf", "23", "-pix_fmt", "yuv420p", part])
            part.rename(path)
        return path

    def score(self, truth, found, *words, block=30):
        """The result of `deid oks` for two files, as a dictionary."""
        text = said([self.deid, "oks", "--gt", truth, "--dt", found, "--bootstrap-block", block, "--json", *words], self.env)
        return json.loads(text)


def said(command, env=None, limit=1800):
    """Standard output of a command that must succeed."""
    command = [str(word) for word in command]
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=limit, stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        raise places.BenchError(f"{os.path.basename(command[0])} did not end within {limit} s") from None
    if done.returncode != 0:
        raise places.BenchError(f"{os.path.basename(command[0])} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def lines_of(path):
    """(head, [frames]) of a JSON-lines file of posedetect."""
    head, *frames = path.read_text().splitlines()
    return json.loads(head), [json.loads(line) for line in frames]


def pool(pairs, truth_out, found_out):
    """Joins many pairs of files to one: the clips one after another, as the paper pools its subjects' frames. pairs: [(truth
    file, found file)]. Frames are numbered through, so that clips of 30 and 60 frames a second are not paired by chance.
    Raises BenchError when the two files of a pair do not hold the same frames."""
    out, count = ([], []), 0
    heads = None
    for truth, found in pairs:
        (head, frames), (other_head, others) = lines_of(truth), lines_of(found)
        heads = heads or (head, other_head)
        gaps = [b["pts"] - a["pts"] for a, b in zip(frames, frames[1:])] or [10**9]
        if len(frames) != len(others) or any(abs(a["pts"] - b["pts"]) > min(gaps) // 2 for a, b in zip(frames, others)):
            raise places.BenchError(f"{found.name} and {truth.name} do not hold the same frames")
        for frame, other in zip(frames, others):
            for into, entry in zip(out, (frame, other)):
                into.append({**entry, "pts": count * 33_333_333})
            count += 1
    for path, head, entries in zip((truth_out, found_out), heads, out):
        path.write_text("\n".join(json.dumps(entry, separators=(",", ":")) for entry in (head, *entries)) + "\n")
    return count
