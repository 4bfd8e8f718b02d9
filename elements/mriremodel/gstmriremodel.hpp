#pragma once
#include <gst/gst.h>

/// mriremodel: gives the head in a scan another face and other ears, and leaves the brain bit by bit as it
/// was. The plugin registers it as "mriremodel" and "deidmriremodel".
GType gst_deid_mri_remodel_get_type();
