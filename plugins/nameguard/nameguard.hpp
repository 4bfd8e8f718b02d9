#pragma once
#include <gst/gst.h>
#include <span>

namespace deid::plugins {

/// An element under its short name and under an alias that no other plugin uses; both have the same GType.
struct OfferedElement {
  const char* name;  ///< e.g. "faceblur"; static storage
  const char* alias; ///< e.g. "deidfaceblur"; static storage
  GType type;        ///< its type name must be our own: two plugins must never register the same one
  bool stock_name;   ///< another plugin has an element of this name, too; ours takes the name and keeps it
};

/// Registers the elements and keeps the stock names ours.
/// Reason: gstreamer1.0-opencv has a `facedetect` and a `faceblur`, too. Its faceblur lets faces through when
/// its cascade file is missing. GStreamer gives a name to the plugin that registered it last; rank has no
/// effect.
/// - Whenever another plugin registers a stock name in this process, ours is registered again. The plugin
///   scanner loads all new plugins in one process, so the cache never holds the other element.
/// - The plugin depends on libgstopencv.so, so GStreamer reads a cached registry anew when that file appears,
///   changes or vanishes.
/// Not covered: a process that loads the opencv plugin through another of its elements, and has not loaded
/// ours, gets opencv's elements. The aliases are safe there, too.
/// DEID_KEEP_STOCK_NAMES=1 in the environment leaves the stock names alone; the aliases remain. With an old
/// cache the names then have no element, because the cache does not hold the other plugin's. Delete the cache
/// to get them.
/// Requires: called once, from plugin_init; `offered` has static storage. Returns false when nothing could be
/// registered. Threads: names may be taken back in any thread that loads a plugin.
bool register_elements(GstPlugin* plugin, std::span<const OfferedElement> offered) noexcept;

} // namespace deid::plugins
