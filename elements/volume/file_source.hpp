#pragma once
#include "elements/base/error.hpp"
#include "elements/base/plain_shell.hpp"
#include "elements/base/property_table.hpp"
#include "elements/volume/volume_buffer.hpp"
#include <gst/base/gstpushsrc.h>
#include <string>
#include <utility>

namespace deid::volume {

/// What all sources of one volume share: one buffer, then the end of the stream. `Format` says the rest:
///   type_name, title, description: of the element
///   location_about, stats_about: of its properties
///   no_location, refused: the sentence when nothing is named, and the cause when the input is refused
///   header_kind: of the metadata, see Attached
///   Reading, with `volume` and `dropped`; Error, with a sentence
///   static Reading read(const std::string& location); throws Error
///   static std::vector<std::byte> header(Reading&): for the metadata
///   static GstStructure* stats(voxels, dropped): the property "stats"
///   static void start_log(); static void log(GstElement*, const Reading&)
/// Thread: streaming thread, but for the properties.
template <class Format> class FileSource {
public:
  static GType type() { return Shell::type(GST_TYPE_PUSH_SRC, Format::type_name, class_init, begin); }

private:
  using Reading = typename Format::Reading;
  struct Settings {
    std::string location;
  };
  static constexpr guint stats_id = 2;

  static const PropertyTable<Settings>& properties() {
    static const auto table = [] {
      PropertyTable<Settings> all;
      all.text(
          {"location", "Location", Format::location_about}, Mutable::ready,
          [](auto& s) -> auto& { return s.location; });
      return all;
    }();
    return table;
  }

  struct Inside {
    std::mutex mutex{}; ///< guards settings, dropped and voxels
    Settings settings{};
    decltype(Reading::dropped) dropped{}; ///< what the last input held beside its volume
    guint64 voxels = 0;
    bool sent = false; ///< streaming thread

    bool set(guint id, const GValue* value) { return properties().set(settings, id, value); }
    bool get(guint id, GValue* value) const {
      if (id != stats_id)
        return properties().get(settings, id, value);
      g_value_take_boxed(value, Format::stats(voxels, dropped));
      return true;
    }
  };
  using Shell = PlainShell<Inside, GstPushSrc, GstPushSrcClass>;

  static Reading read(const std::string& location) {
    if (location.empty())
      throw ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, Format::no_location,
                         "the property location is empty");
    try {
      return Format::read(location);
    } catch (const typename Format::Error& error) {
      throw ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ, error.what(), Format::refused);
    }
  }

  static GstFlowReturn create(GstPushSrc* src, GstBuffer** out) {
    return guarded(GST_ELEMENT(src), [&] {
      Inside& inside = Shell::inside(src);
      if (std::exchange(inside.sent, true))
        return GST_FLOW_EOS;
      std::string location;
      {
        const std::lock_guard lock(inside.mutex);
        location = inside.settings.location;
      }
      Reading reading = read(location);
      Format::log(GST_ELEMENT(src), reading);
      {
        const std::lock_guard lock(inside.mutex);
        inside.dropped = reading.dropped;
        inside.voxels = reading.volume.about.voxels();
      }
      if (!gst_base_src_set_caps(GST_BASE_SRC(src), caps_of(reading.volume.about).get()))
        throw ElementError(GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
                           "The next element does not take this volume.", "caps are refused downstream");
      Attached attached{reading.volume.about, Format::header_kind, Format::header(reading)};
      auto buffer = new_buffer(std::move(reading.volume.voxels), std::move(attached));
      GST_BUFFER_PTS(buffer.get()) = 0;
      *out = buffer.release();
      return GST_FLOW_OK;
    });
  }

  /// Caps are known when the input is read; until then there is nothing to negotiate.
  static gboolean negotiate(GstBaseSrc*) { return TRUE; }
  static gboolean start(GstBaseSrc* src) {
    Shell::inside(src).sent = false;
    return TRUE;
  }
  static gboolean is_seekable(GstBaseSrc*) { return FALSE; }

  static void class_init(gpointer klass, gpointer) {
    Format::start_log();
    Shell::set_up(klass);
    auto* object_class = G_OBJECT_CLASS(klass);
    properties().install(object_class);
    g_object_class_install_property(
        object_class, stats_id,
        g_param_spec_boxed("stats", "Statistics", Format::stats_about, GST_TYPE_STRUCTURE,
                           static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
    auto* element_class = GST_ELEMENT_CLASS(klass);
    gst_element_class_set_static_metadata(element_class, Format::title, "Source/File", Format::description,
                                          "gst-deid developers");
    const Ref<GstCaps> caps(gst_caps_from_string(DEID_VOLUME_CAPS));
    gst_element_class_add_pad_template(element_class,
                                       gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps.get()));
    auto* src_class = GST_BASE_SRC_CLASS(klass);
    src_class->negotiate = negotiate;
    src_class->start = start;
    src_class->is_seekable = is_seekable;
    GST_PUSH_SRC_CLASS(klass)->create = create;
  }

  static void begin(GstPushSrc* src) { gst_base_src_set_format(GST_BASE_SRC(src), GST_FORMAT_TIME); }
};

} // namespace deid::volume
