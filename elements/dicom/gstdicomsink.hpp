#pragma once
#include <gst/gst.h>

/// dicomsink: writes one volume of dicomsrc as a folder of DICOM files, whole or not at all. The plugin
/// registers it as "dicomsink" and "deiddicomsink".
GType gst_deid_dicom_sink_get_type();
