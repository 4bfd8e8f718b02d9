#!/usr/bin/env python3
"""Makes NIfTI files with nibabel, and compares what deid wrote with them.

nibabel_check.py make DIR           files of every type, version, form and several orientations
nibabel_check.py compare IN OUT     geometry, type, scaling and stored voxels are the same, and OUT's texts are empty;
                                    of folders: of each file
"""
import gzip
import sys
from pathlib import Path

import nibabel as nib
import numpy as np

TYPES = "u1 i1 u2 i2 u4 i4 u8 i8 f4 f8".split()
TURNED = np.array([[0, -0.9, 0.1, 90], [1.1, 0, 0.2, -126], [-0.1, 0.3, 1.2, -72], [0, 0, 0, 1]])


def make(folder):
    random = np.random.default_rng(1)
    for index, kind in enumerate(TYPES):
        for order in "<>":
            voxels = random.integers(0, 100, (5, 4, 3)).astype(order + kind)
            affine = TURNED if index % 2 else np.diag([-1.0, 2, 3, 1])
            name = kind + ("big" if order == ">" else "little")
            for cls, end in ((nib.Nifti1Image, ".nii.gz"), (nib.Nifti2Image, ".nii"), (nib.Nifti1Pair, ".hdr")):
                image = cls(voxels, affine, dtype=voxels.dtype)
                header = image.header.as_byteswapped(">") if order == ">" else image.header
                header["descrip"] = b"JANE DOE"
                header["db_name" if cls is not nib.Nifti2Image else "aux_file"] = b"JANE DOE"
                extensions = [nib.nifti1.Nifti1Extension("comment", b"JANE DOE")] if end != ".hdr" else []
                written = cls(voxels, affine, header, dtype=voxels.dtype)
                written.header.extensions.extend(extensions)
                nib.save(written, folder / (name + cls.__name__ + end))


def stored(image):
    return np.asanyarray(image.dataobj.get_unscaled())


def compare(original, result):
    was, now = nib.load(original), nib.load(result)
    kept = "sizeof_hdr dim dim_info intent_p1 intent_code datatype bitpix pixdim scl_slope scl_inter slice_start slice_end" \
           " slice_code slice_duration xyzt_units cal_max cal_min qform_code sform_code quatern_b quatern_c quatern_d" \
           " qoffset_x qoffset_y qoffset_z srow_x srow_y srow_z magic"
    for field in kept.split():
        assert np.array_equal(was.header[field], now.header[field], equal_nan=was.header[field].dtype.kind == "f"), field
    assert type(was) is type(now)
    assert was.header.endianness == now.header.endianness
    assert np.array_equal(was.affine, now.affine)
    assert stored(was).dtype == stored(now).dtype
    assert stored(was).tobytes() == stored(now).tobytes()
    for field in "descrip aux_file intent_name".split():
        assert now.header[field].tobytes().strip(b"\0") == b"", field
    assert not list(getattr(now.header, "extensions", []))
    raw = Path(result).read_bytes()
    assert b"JANE" not in raw and b"JANE" not in (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else b"")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        was, now = Path(sys.argv[2]), Path(sys.argv[3])
        for name in sorted(p.name for p in was.iterdir() if p.suffix != ".img") if was.is_dir() else [""]:
            compare(was / name, now / name)
