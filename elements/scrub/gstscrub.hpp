#pragma once
#include <gst/gst.h>

/// scrub: data of any kind goes through as it is; tags, chapters and metadata that could name a person end
/// here. Registered by the plugin as "scrub" and "deidscrub".
GType gst_deid_scrub_get_type();
