#!/usr/bin/env python3
"""judge.py BEFORE AFTER [--brain MASK] [--views FOLDER_BEFORE FOLDER_AFTER FOLDER_STRANGER...]

Judges a remodelled scan by means that the product does not use. Prints one JSON object.
  nibabel reads both files: grid, place, type and scaling must be the same; texts of the header are listed
  brainextractor (a Python port of BET) finds the brain, unless --brain names its mask: voxels in it that changed
  scipy finds both skins by a threshold, the largest part and a filled outside: distances in the front of the head
  dlib's detector, its 68 points and its network compare pictures of deidvolumerender (one PNG a view)
Needs: pip install nibabel==5.4.2 scipy==1.17.1 brainextractor==0.3.0 dlib-bin==20.0.1.post1 face_recognition_models==0.3.0 "setuptools<80"
"""
import argparse
import json
from pathlib import Path

import nibabel
import numpy
from scipy import ndimage


def values_of(image):
    return numpy.asarray(image.dataobj, dtype=numpy.float32)


def stored(image):
    return numpy.asanyarray(image.dataobj.get_unscaled())


def brain_of(image):
    from brainextractor import BrainExtractor
    extractor = BrainExtractor(img=nibabel.Nifti1Image(values_of(image), image.affine))
    extractor.run()
    return numpy.asarray(extractor.compute_mask()) > 0


def otsu(values):
    counts, edges = numpy.histogram(values, 256)
    middle = (edges[:-1] + edges[1:]) / 2
    below, moment = numpy.cumsum(counts), numpy.cumsum(counts * middle)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        between = (moment[-1] * below / below[-1] - moment) ** 2 / (below * (below[-1] - below))
    return middle[numpy.nanargmax(between)]


def head_of(values, limit):
    labels, _ = ndimage.label(values > limit)
    head = labels == numpy.bincount(labels.ravel())[1:].argmax() + 1
    head = ndimage.binary_closing(head, iterations=3)
    for index in range(head.shape[2]):
        head[:, :, index] = ndimage.binary_fill_holes(head[:, :, index])
    return head


def distance(mask, spacing):
    return ndimage.distance_transform_edt(~mask, sampling=spacing) - ndimage.distance_transform_edt(mask, sampling=spacing)


def front_of(image, brain):
    """Voxels before the brain's middle and below its upper third: where a face is."""
    points = numpy.argwhere(brain)
    world = nibabel.affines.apply_affine(image.affine, points)
    middle, top = world.mean(0), numpy.percentile(world[:, 2], 67)
    grid = numpy.stack(numpy.meshgrid(*map(numpy.arange, brain.shape), indexing="ij"), -1)
    place = nibabel.affines.apply_affine(image.affine, grid)
    return (place[..., 1] > middle[1] + 35) & (place[..., 2] < min(top, middle[2]))


def skin(before, after, brain):
    spacing = before.header.get_zooms()[:3]
    old, new = values_of(before), values_of(after)
    limit = old.min() + .45 * (otsu(old) - old.min())
    front = front_of(before, brain)
    old_distance, new_distance = (distance(head_of(values, limit), spacing) for values in (old, new))
    there = front & (numpy.abs(old_distance) < 1.1 * max(spacing))
    off = numpy.abs(new_distance[there])
    outer = front & (old_distance < 0) & (old_distance > -10)
    same = numpy.abs(old - new)[outer] <= .02 * (limit - old.min())
    rough = lambda values, at: numpy.abs(ndimage.laplace(values))[at].mean()
    inner = front & (old_distance < -1) & (old_distance > -15) & (new_distance < -1) & (new_distance > -15)
    return {"mean_mm": float(off.mean()), "p95_mm": float(numpy.percentile(off, 95)), "share_under_1_mm": float((off < 1).mean()),
            "outer_10_mm_kept": float(same.mean()), "sharpness": float(rough(new, inner) / rough(old, inner))}


class Dlib:
    def __init__(self):
        import dlib
        import face_recognition_models as models
        self.dlib = dlib
        self.detector = dlib.get_frontal_face_detector()
        self.points = dlib.shape_predictor(models.pose_predictor_model_location())
        self.network = dlib.face_recognition_model_v1(models.face_recognition_model_location())

    def describe(self, folder):
        found = []
        for file in sorted(Path(folder).glob("*.png")):
            picture = self.dlib.load_rgb_image(str(file))
            faces = self.detector(picture, 1)
            found.append(numpy.array(self.network.compute_face_descriptor(picture, self.points(picture, faces[0]))) if faces else None)
        return found


def apart(first, second):
    all_pairs = [numpy.linalg.norm(a - b) for a, b in zip(first, second) if a is not None and b is not None]
    return float(numpy.mean(all_pairs)) if all_pairs else None


def likeness(before, after, strangers):
    judge = Dlib()
    own, result, others = judge.describe(before), judge.describe(after), [judge.describe(folder) for folder in strangers]
    firsts = [number for number, (a, b) in enumerate(zip(result, own)) if a is not None and b is not None and all(
        c[number] is None or numpy.linalg.norm(a - c[number]) > numpy.linalg.norm(a - b) for c in others)]
    return {"to_own": apart(result, own), "strangers_to_own": [apart(other, own) for other in others],
            "views_with_a_face": sum(a is not None and b is not None for a, b in zip(result, own)), "own_first_in_views": firsts}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--brain")
    parser.add_argument("--views", nargs="+", default=[])
    options = parser.parse_args()
    before, after = nibabel.load(options.before), nibabel.load(options.after)
    brain = values_of(nibabel.load(options.brain)) > 0 if options.brain else brain_of(before)
    changed = stored(before) != stored(after)
    texts = {name: bytes(after.header[name].tobytes()).strip(b"\0").decode("latin1") for name in ("descrip", "aux_file", "db_name", "intent_name")}
    result = {"grid_same": before.shape == after.shape and bool((before.affine == after.affine).all()),
              "type_same": before.get_data_dtype() == after.get_data_dtype(),
              "scaling_same": before.dataobj.slope == after.dataobj.slope and before.dataobj.inter == after.dataobj.inter,
              "texts": {name: text for name, text in texts.items() if text}, "extensions": len(after.header.extensions),
              "voxels_changed": int(changed.sum()), "brain_voxels": int(brain.sum()),
              "brain_voxels_changed": int((changed & brain).sum()), "skin": skin(before, after, brain)}
    if options.views:
        result["dlib"] = likeness(*options.views[:2], options.views[2:])
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
