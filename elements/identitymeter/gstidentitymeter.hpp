#pragma once
#include <glib-object.h>

/// The element `identitymeter`.
GType gst_deid_identity_meter_get_type();
