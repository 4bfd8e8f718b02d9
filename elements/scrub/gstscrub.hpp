#pragma once
#include <gst/gst.h>

/// scrub: buffers of any kind pass unchanged. Tags, chapters and metadata that could name a person end here.
/// The plugin registers it as "scrub" and "deidscrub".
GType gst_deid_scrub_get_type();
