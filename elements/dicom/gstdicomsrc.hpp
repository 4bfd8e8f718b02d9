#pragma once
#include <gst/gst.h>

/// dicomsrc: reads a folder with one DICOM series and pushes one buffer of volume/x-raw, with metadata and
/// without names. The plugin registers it as "dicomsrc" and "deiddicomsrc".
GType gst_deid_dicom_src_get_type();
