#pragma once
#include "elements/base/error.hpp"
#include "elements/base/plain_shell.hpp"
#include "elements/base/property_table.hpp"
#include "elements/volume/volume_buffer.hpp"
#include <gst/base/gstbasesink.h>
#include <memory>
#include <string>
#include <utility>

namespace deid::volume {

[[noreturn]] inline void refuse_volume(const char* cause) {
  throw ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "The volume was not written.", cause);
}

/// What all sinks of one volume share: the output appears at the end of the stream, whole or not at all.
/// `Format` says the rest:
///   type_name, title, description: of the element
///   Settings, with `location`; static void add_properties(PropertyTable<Settings>&)
///   no_location: the sentence when nothing is named; second_volume: the cause when two volumes come
///   static void check(const Settings&); throws ElementError
///   Writer, with commit(); Error, with a sentence
///   static std::unique_ptr<Writer> write(const Settings&, const MappedVolume&); throws Error, ElementError
///   static void start_log(); static void log_written(GstElement*)
/// Thread: streaming thread, but for the properties.
template <class Format> class FileSink {
public:
  static GType type() { return Shell::type(GST_TYPE_BASE_SINK, Format::type_name, class_init, begin); }

private:
  using Settings = typename Format::Settings;

  static const PropertyTable<Settings>& properties() {
    static const auto table = [] {
      PropertyTable<Settings> all;
      Format::add_properties(all);
      return all;
    }();
    return table;
  }

  struct Inside {
    std::mutex mutex{}; ///< guards settings
    Settings settings{};
    Settings now{}; ///< of this run; streaming thread, as the writer
    std::unique_ptr<typename Format::Writer> writer{};

    bool set(guint id, const GValue* value) { return properties().set(settings, id, value); }
    bool get(guint id, GValue* value) const { return properties().get(settings, id, value); }
  };
  using Shell = PlainShell<Inside, GstBaseSink, GstBaseSinkClass>;

  /// Error has a sentence.
  template <class Work> static void or_error(Work&& work) {
    try {
      std::forward<Work>(work)();
    } catch (const typename Format::Error& error) {
      throw ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE, error.what(), "no file was written");
    }
  }

  static GstFlowReturn render(GstBaseSink* sink, GstBuffer* buffer) {
    return guarded(GST_ELEMENT(sink), [&] {
      Inside& inside = Shell::inside(sink);
      if (inside.writer) {
        inside.writer.reset();
        refuse_volume(Format::second_volume);
      }
      const MappedVolume volume(buffer, GST_MAP_READ);
      or_error([&] { inside.writer = Format::write(inside.now, volume); });
      return GST_FLOW_OK;
    });
  }

  static void finish(Inside& inside) {
    if (!inside.writer)
      refuse_volume("the stream ended without a volume");
    const auto writer = std::move(inside.writer);
    or_error([&] { writer->commit(); });
  }

  /// The output gets its name at the end of the stream: an error before leaves none.
  static gboolean event(GstBaseSink* sink, GstEvent* what) {
    if (GST_EVENT_TYPE(what) == GST_EVENT_EOS) {
      const bool done = guarded_bool(GST_ELEMENT(sink), [&] {
        finish(Shell::inside(sink));
        return true;
      });
      if (!done) {
        gst_event_unref(what);
        return FALSE;
      }
      Format::log_written(GST_ELEMENT(sink));
    } else if (GST_EVENT_TYPE(what) == GST_EVENT_FLUSH_STOP) {
      Shell::inside(sink).writer.reset();
    }
    return GST_BASE_SINK_CLASS(Shell::above())->event(sink, what);
  }

  static gboolean start(GstBaseSink* sink) {
    return guarded_bool(GST_ELEMENT(sink), [&] {
      Inside& inside = Shell::inside(sink);
      const std::lock_guard lock(inside.mutex);
      if (inside.settings.location.empty())
        throw ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, Format::no_location,
                           "the property location is empty");
      Format::check(inside.settings);
      inside.now = inside.settings;
      return true;
    });
  }

  static gboolean stop(GstBaseSink* sink) {
    Shell::inside(sink).writer.reset();
    return TRUE;
  }

  static void class_init(gpointer klass, gpointer) {
    Format::start_log();
    Shell::set_up(klass);
    properties().install(G_OBJECT_CLASS(klass));
    auto* element_class = GST_ELEMENT_CLASS(klass);
    gst_element_class_set_static_metadata(element_class, Format::title, "Sink/File", Format::description,
                                          "gst-deid developers");
    const Ref<GstCaps> caps(gst_caps_from_string(DEID_VOLUME_CAPS));
    gst_element_class_add_pad_template(
        element_class, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps.get()));
    auto* sink_class = GST_BASE_SINK_CLASS(klass);
    sink_class->render = render;
    sink_class->event = event;
    sink_class->start = start;
    sink_class->stop = stop;
  }

  static void begin(GstBaseSink* sink) { gst_base_sink_set_sync(sink, FALSE); } // a file keeps no pace
};

} // namespace deid::volume
