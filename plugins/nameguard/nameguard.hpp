#pragma once
#include <gst/gst.h>
#include <span>

namespace deid::plugins {

/// An element under its short name and under one that no other plugin uses (same GType under both).
struct OfferedElement {
  const char* name;  ///< e.g. "faceblur"; static storage
  const char* alias; ///< e.g. "deidfaceblur"; static storage
  GType type;        ///< with a type name of our own: two plugins must never register the same one
  bool stock_name;   ///< another plugin has an element of this name, too: take it over and keep it
};

/// Registers the elements and keeps the stock names ours.
///
/// Why: gstreamer1.0-opencv has a `facedetect` and a `faceblur`, too. Its faceblur lets faces through when
/// its cascade file is missing, GStreamer gives a name to whoever registered it last, and rank plays no part.
/// So
/// - whenever another plugin registers a stock name in this process, ours is registered again (the plugin
/// scanner loads
///   all new plugins in one process, so the cache never holds the other's);
/// - the plugin depends on libgstopencv.so, so a cached registry is read anew when that appears, changes or
/// vanishes. Not covered: a process that loads the opencv plugin through another of its elements, and does
/// not have ours loaded, gets opencv's. The aliases are safe there as well.
///
/// DEID_KEEP_STOCK_NAMES=1 in the environment leaves the stock names alone; the aliases remain. Set with an
/// old cache it leaves the names without an element (the cache no longer holds the other's): delete the cache
/// to get the other's.
///
/// Requires: called once, from plugin_init; offered has static storage. Returns false when nothing could be
/// registered. Threads: names may be taken back in any thread that loads a plugin.
bool register_elements(GstPlugin* plugin, std::span<const OfferedElement> offered) noexcept;

} // namespace deid::plugins
