#pragma once
#include <gst/gst.h>

/// niftisink: writes one buffer of volume/x-raw as a NIfTI file, whole or not at all.
/// The plugin registers it as "niftisink" and "deidniftisink".
GType gst_deid_nifti_sink_get_type();
