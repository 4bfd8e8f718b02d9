#pragma once
#include <glib-object.h>

/// The element `oksmeter`.
GType gst_deid_oks_meter_get_type();
