"""The edited clips. Each scene yields (RGB frame, faces); its docstring names the difficulty."""
import cv2
import numpy as np

from stage import Actor, move, moved, show

VGA = (640, 480)
HD = (1920, 1080)
P1, P2, P3 = "intel_asl/again.mkv", "intel_asl/milk.mkv", "intel_asl/book.mkv"
SPEECH, GLASSES, BEARD = "grid/bbaf2n.mpg", "grid/lbax4n.mpg", "grid/lrwp9a.mpg"
TURNING, TILTED, MAN = ("intel_samples/head-pose-face-detection-female.gif",
                        "intel_samples/head-pose-face-detection-female-and-male.gif",
                        "intel_samples/head-pose-face-detection-male.gif")
WOMAN, NOBODY = "pyfeat-wheel/WolfgangLanger_Pexels.mp4", "pyfeat-wheel/no_face.mp4"
STREET = "intel_samples/one-by-one-person-detection.mp4"


def _fit(actor, size):
    """The matrix that shows the whole actor centred on a stage of this size."""
    scale = min(size[0] / actor.width, size[1] / actor.height)
    return move(scale, about=(actor.width / 2, actor.height / 2), to=(size[0] / 2, size[1] / 2))


def _middle(box):
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def _turned(name, angle, size):
    actor = Actor(name)
    matrix = move(1.0, angle, (actor.width / 2, actor.height / 2), (size[0] / 2, size[1] / 2))
    return (show(actor, n, matrix, size) for n in range(len(actor)))


def rotate90():
    """A camera on its side."""
    return _turned(P1, 90, (480, 640))


def rotate270():
    """A camera on its other side."""
    return _turned(P3, 270, (480, 640))


def upside_down():
    """A camera hung from the ceiling."""
    return _turned(P2, 180, VGA)


def upside_down_speech():
    """The same, near and with glasses."""
    return _turned(GLASSES, 180, (360, 288))


def roll45():
    """A patient lying on a tilted bed."""
    return _turned(P1, 45, VGA)


def slow_rotation():
    """A full turn in four seconds about the face."""
    actor = Actor(P3)
    for n in range(120):
        yield show(actor, n, move(1.0, 3.0 * n, _middle(actor.main_face(n % len(actor))), (320, 240)), VGA)


def fast_roll():
    """Swings of 90 degrees to either side, once a second."""
    actor = Actor(SPEECH)
    for n in range(75):
        angle = 90 * np.sin(2 * np.pi * n / 25)
        yield show(actor, n, move(1.5, angle, (180, 144), (320, 240)), VGA)


def _street():
    ground = Actor(STREET, 0, 1).frames[0]
    return cv2.resize(ground, HD, interpolation=cv2.INTER_CUBIC)


def tiny():
    """A face 24 px wide walking through 1920x1080."""
    actor, ground = Actor(P1), _street()
    for n in range(60):
        box = actor.main_face(n)
        yield show(actor, n, move(24 / (box[2] - box[0]), 0, _middle(box), (300 + 18 * n, 500 + 3 * n)), HD, ground)


def tiny_four():
    """Four faces 24 px wide, standing, in 1920x1080."""
    actors, ground = [Actor(name) for name in (P1, P2, P3, GLASSES)], _street()
    places = [(250, 350), (800, 700), (1300, 300), (1700, 800)]
    for n in range(50):
        picture, cast = ground, []
        for actor, to in zip(actors, places):
            box = actor.main_face(n % len(actor))
            picture, more = show(actor, n, move(24 / (box[2] - box[0]), 0, _middle(box), to), HD, picture)
            cast += more
        yield picture, cast


def _cuts(every, names, length):
    actors = [Actor(name) for name in names]
    for n in range(length):
        actor = actors[(n // every) % len(actors)]
        yield show(actor, 7 * n % len(actor), _fit(actor, VGA), VGA)


def cuts5():
    """A cut to another person and place every 5 frames."""
    return _cuts(5, (P1, SPEECH, P2, WOMAN, GLASSES, P3, MAN), 140)


def cuts1():
    """Another person and place in every frame."""
    return _cuts(1, (P1, SPEECH, TILTED, WOMAN, GLASSES, P3, MAN), 70)


def flashes():
    """Nobody for a second, then a face for two frames."""
    nobody, actors = Actor(NOBODY), [Actor(name) for name in (P1, GLASSES, WOMAN)]
    for n in range(120):
        actor = actors[(n // 30) % 3] if n % 30 >= 28 else nobody
        yield show(actor, n, _fit(actor, VGA), VGA)


def one_frame_first():
    """A face in the very first frame only."""
    nobody, actor = Actor(NOBODY), Actor(P2)
    for n in range(40):
        yield show(actor if n == 0 else nobody, n, _fit(actor if n == 0 else nobody, VGA), VGA)


def one_frame_last():
    """A face in the very last frame only."""
    nobody, actor = Actor(NOBODY), Actor(P3)
    for n in range(40):
        yield show(actor if n == 39 else nobody, n, _fit(actor if n == 39 else nobody, VGA), VGA)


def _lit(name, light, size=VGA, length=None):
    actor = Actor(name)
    for n in range(length or len(actor)):
        picture, cast = show(actor, n, _fit(actor, size), size)
        yield np.clip(light(picture.astype(np.float32), n), 0, 255).astype(np.uint8), cast


def fades():
    """Fades to black and back, twice a second."""
    return _lit(P1, lambda p, n: p * (0.5 + 0.5 * np.cos(2 * np.pi * n / 15)))


def fade_white():
    """Fades to white and back."""
    return _lit(P3, lambda p, n: 255 - (255 - p) * (0.5 + 0.5 * np.cos(2 * np.pi * n / 30)), length=90)


def strobe():
    """Every second frame is black."""
    return _lit(P2, lambda p, n: p * (n % 2))


def low_light():
    """15 % of the light, with the noise of a cheap sensor."""
    chance = np.random.default_rng(1)
    return _lit(P1, lambda p, n: p * 0.15 + chance.normal(0, 5, p.shape))


def backlight():
    """Behind the face a window: the face at a quarter of its light, all around burnt out."""
    actor = Actor(SPEECH)
    for n in range(len(actor)):
        picture, cast = show(actor, n, _fit(actor, VGA), VGA)
        light = np.full(picture.shape[:2], 0.0, np.float32)
        box = moved({"box": actor.main_face(n), "marks": None}, _fit(actor, VGA))["box"]
        axes = (int((box[2] - box[0]) * 0.8), int((box[3] - box[1]) * 0.8))
        cv2.ellipse(light, [int(v) for v in _middle(box)], axes, 0, 0, 360, 1.0, -1)
        light = cv2.GaussianBlur(light, (0, 0), 12)[..., None]
        yield np.clip(picture * (0.25 * light) + (picture * 1.5 + 120) * (1 - light), 0, 255).astype(np.uint8), cast


def noise():
    """A tenth of all pixels black or white."""
    chance = np.random.default_rng(2)

    def spoil(picture, _):
        draw = chance.random(picture.shape[:2])[..., None]
        return np.where(draw < 0.05, 0, np.where(draw > 0.95, 255, picture))
    return _lit(GLASSES, spoil)


def gray():
    """No colour."""
    return _lit(P2, lambda p, _: np.repeat(p.mean(axis=2, keepdims=True), 3, axis=2))


def jpeg_damage():
    """Each frame through JPEG at quality 6."""
    def spoil(picture, _):
        return cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 6])[1], cv2.IMREAD_COLOR)
    return _lit(P3, spoil)


def crf45():
    """x264 at crf 45 (the rate stands in the list of scenes)."""
    return _lit(P1, lambda p, _: p)


def crf51():
    """x264 at its worst, crf 51."""
    return _lit(WOMAN, lambda p, _: p, (640, 360), 150)


def mirror():
    """Left and right exchanged."""
    actor = Actor(P3)
    for n in range(len(actor)):
        yield show(actor, n, move(1.0, about=(320, 240), to=(320, 240), mirror=True), VGA)


def squeezed():
    """A wrong pixel aspect: half as wide."""
    actor = Actor(GLASSES)
    for n in range(len(actor)):
        yield show(actor, n, move(1.6, about=(180, 144), to=(160, 240), stretch=0.5), (320, 480))


def combed():
    """Interlaced: odd lines from the next moment."""
    actor = Actor("intel_asl/walk.mkv")
    for n in range(len(actor) - 3):
        picture = actor.frames[n].copy()
        picture[1::2] = actor.frames[n + 3][1::2]
        yield picture, actor.faces[n]


def zoom():
    """From far to a frame full of face and back within ten frames."""
    actor = Actor(P1)
    for n in range(90):
        scale = np.exp(np.log(8) * (0.5 - 0.5 * np.cos(2 * np.pi * n / 20)))
        yield show(actor, n, move(scale, 0, _middle(actor.main_face(n % len(actor))), (320, 240)), VGA)


def huge():
    """A face larger than the frame."""
    actor = Actor(SPEECH)
    for n in range(len(actor)):
        box = actor.main_face(n)
        yield show(actor, n, move(620 / (box[2] - box[0]), 0, _middle(box), (320, 240)), VGA)


def entering():
    """A face slides in over each edge, half of it, and out again."""
    actor = Actor(GLASSES)
    edges = [((-60, 240), (60, 240)), ((700, 240), (580, 240)), ((320, -80), (320, 80)), ((320, 560), (320, 420))]
    for n in range(120):
        away, near = (np.array(p, float) for p in edges[n // 30])
        to = away + (near - away) * np.sin(np.pi * (n % 30) / 29)
        yield show(actor, n, move(1.0, 0, _middle(actor.main_face(n % len(actor))), to), VGA)


def whip_pan():
    """The camera is torn from side to side, 70 px a frame, with the smear that makes."""
    actor, smear = Actor(P2), np.zeros((31, 31), np.float32)
    smear[15] = 1 / 31
    for n in range(60):
        x = 320 + 260 * (abs((n * 70 / 520) % 2 - 1) * 2 - 1)
        picture, cast = show(actor, n, move(1.0, 0, _middle(actor.main_face(n % len(actor))), (x, 200)), VGA)
        yield cv2.filter2D(picture, -1, smear), cast


def motion_blur():
    """Shake and smear of 25 px in changing directions."""
    actor, chance = Actor(BEARD), np.random.default_rng(3)
    for n in range(len(actor)):
        kernel = np.zeros((25, 25), np.float32)
        angle = chance.uniform(0, np.pi)
        end = np.array([np.cos(angle), np.sin(angle)]) * 12
        cv2.line(kernel, [int(v) for v in 12 - end], [int(v) for v in 12 + end], 1.0)
        to = np.array([180, 144]) + chance.normal(0, 6, 2)
        picture, cast = show(actor, n, move(1.0, 0, (180, 144), to), (360, 288))
        yield cv2.filter2D(picture, -1, kernel / kernel.sum()), cast


def low_rate():
    """5 frames a second: every face jumps."""
    actor = Actor("intel_asl/walk.mkv")
    return (show(actor, n, _fit(actor, VGA), VGA) for n in list(range(0, len(actor), 6)) * 2)


def bar():
    """A bar as wide as most of the face passes over it again and again."""
    actor = Actor(P1)
    for n in range(len(actor)):
        box = actor.main_face(n)
        width = box[2] - box[0]
        left = int(box[0] - width + (n % 25) / 25 * 2.4 * width)
        hidden = [left, 0, left + int(0.7 * width), 480]
        picture = actor.frames[n].copy()
        picture[:, max(0, hidden[0]):max(0, hidden[2])] = (90, 110, 130)
        yield picture, [dict(face, hidden=hidden) for face in actor.faces[n]]


def hand():
    """A hand over the face, for long, darker and softer than filmed."""
    actor = Actor(WOMAN, 150, 400)
    for n in range(0, len(actor), 2):
        picture, cast = show(actor, n, _fit(actor, (640, 360)), (640, 360))
        yield (cv2.GaussianBlur(picture, (0, 0), 1.5) * 0.6).astype(np.uint8), cast


def profile():
    """A head turning away and back, slowly, near."""
    actor = Actor(TURNING)
    for n in range(3 * len(actor)):
        yield show(actor, n // 3, _fit(actor, (960, 540)), (960, 540))


def three():
    """Three people side by side."""
    actors = [Actor(name) for name in (P1, P2, P3)]
    for n in range(90):
        shown = [show(actor, n, move(1.0, to=(640 * k, 0)), (1920, 480)) for k, actor in enumerate(actors)]
        yield sum(picture for picture, _ in shown), [face for _, cast in shown for face in cast]


def crossing():
    """Two people in frames that pass before each other."""
    front, back = Actor(GLASSES), Actor(SPEECH)
    for n in range(100):
        x = 320 + 300 * np.cos(2 * np.pi * n / 50)
        picture, behind = show(back, n, move(1.0, about=(180, 144), to=(640 - x, 240)), VGA)
        picture, cast = show(front, n, move(1.0, about=(180, 144), to=(x, 240)), VGA, picture)
        edge = [x - 180, 96, x + 180, 384]
        yield picture, cast + [dict(face, hidden=edge) for face in behind]


def inset():
    """A small talking face in the corner of a still screen (a consultation by video)."""
    actor, ground = Actor(SPEECH), np.full((720, 1280, 3), 235, np.uint8)
    for n in range(75):
        yield show(actor, n, move(0.5, to=(1090, 560)), (1280, 720), ground)


# name: (scene, fps, crf)
ALL = {scene.__name__: (scene, 30, 12) for scene in (
    rotate90, rotate270, upside_down, upside_down_speech, roll45, slow_rotation, fast_roll, tiny, tiny_four, cuts5, cuts1,
    flashes, one_frame_first, one_frame_last, fades, fade_white, strobe, low_light, backlight, noise, gray, jpeg_damage,
    mirror, squeezed, combed, zoom, huge, entering, whip_pan, motion_blur, bar, hand, profile, three, crossing, inset)}
ALL["crf45"] = (crf45, 30, 45)
ALL["crf51"] = (crf51, 30, 51)
ALL["low_rate"] = (low_rate, 5, 12)
