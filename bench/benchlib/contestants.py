"""What the benchmarks compare: our elements, deface, the stock Haar elements. Each yields frames beside their source."""
import dataclasses
import fractions

import numpy as np

from . import places, raw

LIVE_DELAY = fractions.Fraction(1, 10)  # [s] facedetect's own lookahead for frames of a camera
LIVE_FRAMES = "LIVE-FRAMES"  # in a graph: as many frames as LIVE_DELAY holds at the clip's rate
DELAYS = (0, 1, 2, 3, 5, 10)  # frames of lookahead, for the curve
MAGENTA = (255, 0, 255)  # R, G, B of the covers: no natural colour, so a cover differs from a dark place


@dataclasses.dataclass
class Contestant:
    """name; graph for gst-launch ("" for deface); format I420 or RGB; env; closing [px] as in judge.changed."""
    name: str
    graph: str
    form: str
    env: dict
    closing: int = 0
    note: str = ""
    look: bool = True  # also run the detectors on the output; the others are judged by pixels alone, which is quicker and favours them

    def run(self, clip, found):
        """Yields (source planes, output planes) of each frame. found: result of detect.source_faces for the clip."""
        if self.name.startswith("deface"):
            yield from _deface(clip, found)
            return
        source = raw.frames(clip, "", self.form, places.stock_env())
        graph = self.graph.replace(LIVE_FRAMES, str(live_frames(clip.fps)))
        output = raw.frames(clip, graph, self.form, self.env)
        yield from _in_step(clip, source, output)


def live_frames(fps):
    """Number of frames that wait in facedetect for a camera of this rate when `lookahead` is not set."""
    return int(LIVE_DELAY * fps)


def _in_step(clip, source, output):
    count = 0
    for planes in source:
        other = next(output, None)
        if other is None:
            raise places.BenchError(f"{clip.name}: the output ends after {count} frames, the source goes on")
        count += 1
        yield planes, other
    if next(output, None) is not None:
        raise places.BenchError(f"{clip.name}: the output has more than the {count} frames of the source")


def _deface(clip, found):
    """deface with its defaults, by its own functions on the same frames: CenterFace at full size, threshold .2, scale 1.3.

    The cover is its `--replacewith solid` (a rectangle, larger than its default ellipse) so that it can be seen apart
    from the source; that flatters deface a little. Its detections are the cached ones: same class, same threshold.
    """
    import deface.deface as theirs
    for planes, boxes in zip(raw.frames(clip, "", "I420", places.stock_env()), found["frames"]):
        rgb = raw.rgb_of(planes, "I420", clip.full_range)
        out = rgb.copy()
        for box in boxes:
            x1, y1, x2, y2 = theirs.scale_bb(*np.asarray(box[:4]).astype(int), 1.3)
            x1, x2 = max(0, x1), min(out.shape[1] - 1, x2)
            y1, y2 = max(0, y1), min(out.shape[0] - 1, y2)
            theirs.draw_det(out, box[4], 0, x1, y1, x2, y2, replacewith="solid", ovcolor=MAGENTA)
        yield [rgb], [out]


def known(build, lookahead=None):
    """All contestants by name. build: directory with our plugins; lookahead: frames, None for the element's default."""
    ahead = "" if lookahead is None else f" lookahead={lookahead}"
    cover = "deidfacemask color=0xff00ff"
    stock, ours = places.stock_env(), lambda: places.product_env(build)
    haar = f"faceblur profile={places.HAAR_FACE}"
    # A swap leaves some pixels unchanged by chance, and the eyes and the open mouth on purpose: closed like a blur's. A hand
    # before a face stays unchanged, too. No comparison of pixels can tell it from a face, so hands are off here.
    swap = "deidfaceswap hands=false"
    makers = {
        "deid": lambda: Contestant("deid", f"deidfacedetect{ahead} ! {cover}", "I420", ours(), note="ours, as for files"),
        "deid-live": lambda: Contestant("deid-live", f"deidfacedetect lookahead={LIVE_FRAMES} ! {cover}", "I420", ours(),
                                        note="ours as for a camera: frames wait for .1 s", look=False),
        "deid-swap": lambda: Contestant("deid-swap", f"deidfacedetect{ahead} ! {swap}", "I420", ours(), closing=15,
                                        note="ours, faces swapped; eyes and the open mouth are the person's own; hands=false"),
        "deface": lambda: Contestant("deface", "", "RGB", stock, note="deface 1.5.0, defaults", look=False),
        "haar": lambda: Contestant("haar", haar, "RGB", stock, closing=15,
                                   note="stock faceblur, its cascade named (its own default path does not exist)", look=False),
        "none": lambda: Contestant("none", "identity", "I420", stock, note="nothing covered: checks this bench", look=False),
    }
    for frames in DELAYS:
        makers[delayed(frames)] = lambda frames=frames: Contestant(
            delayed(frames), f"deidfacedetect lookahead={frames} ! {cover}", "I420", ours(), look=False,
            note=f"ours as for a camera: {frames} frames wait")
    return makers


def delayed(frames):
    """Name of the contestant with a lookahead of so many frames."""
    return f"live-{frames}"


def graph(text, form, build, closing):
    """A contestant from a launch text given on the command line."""
    return Contestant("given", text, form, places.product_env(build), closing, note=text)


def judged_rgb(planes, contestant, clip):
    """The frame as RGB for the detectors and the contact sheet."""
    return raw.rgb_of(planes, "RGB" if contestant.name == "deface" else contestant.form, clip.full_range)

