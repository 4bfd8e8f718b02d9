#pragma once
#include <gst/gst.h>

/// niftisrc: reads a NIfTI file and pushes one buffer of volume/x-raw, with metadata and without names.
/// The plugin registers it as "niftisrc" and "deidniftisrc".
GType gst_deid_nifti_src_get_type();
