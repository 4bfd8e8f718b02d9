#!/usr/bin/env python3
"""Compares a DICOM series that deid wrote with its original, by pydicom.

pydicom_check.py IN OUT   slices lie at the same places, their stored numbers are the same, and OUT names nobody
"""
import sys
from pathlib import Path

import numpy
import pydicom

SAME = "Rows Columns BitsAllocated BitsStored HighBit PixelRepresentation PixelSpacing ImageOrientationPatient" \
       " ImagePositionPatient RescaleSlope RescaleIntercept SliceThickness RepetitionTime InstanceNumber Modality" \
       " SOPClassUID PhotometricInterpretation".split()
EMPTY = "PatientName PatientID PatientBirthDate PatientSex StudyDate StudyTime AccessionNumber StudyID Manufacturer" \
        " ReferringPhysicianName".split()


def series(folder):
    sets = [pydicom.dcmread(file) for file in Path(folder).iterdir()]
    return sorted(sets, key=lambda one: int(one.InstanceNumber))


def one_new(uids, old):
    assert len(set(uids)) == 1 and uids[0].startswith("2.25.") and uids[0] != old and len(uids[0]) <= 64
    pydicom.uid.UID(uids[0]).is_valid or sys.exit("a UID is not valid")


was, now = series(sys.argv[1]), series(sys.argv[2])
assert len(was) == len(now) > 0
for before, after in zip(was, now):
    for name in SAME:
        assert before.get(name) == after.get(name), name
    for name in EMPTY:
        assert not after[name].value, name
    assert after.file_meta.TransferSyntaxUID == pydicom.uid.ExplicitVRLittleEndian
    assert after.file_meta.MediaStorageSOPInstanceUID == after.SOPInstanceUID != before.SOPInstanceUID
    assert after.PatientIdentityRemoved == "YES"
    assert after.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
    assert not [element for element in after.iterall() if element.tag.is_private]
    assert numpy.array_equal(before.pixel_array, after.pixel_array) == (len(sys.argv) == 3)
for name in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
    one_new([one[name].value for one in now], was[0][name].value)
assert len({one.SOPInstanceUID for one in now}) == len(now)
