/// SECTION:element-dicomsink
///
/// Writes one volume that came from DICOM as a folder of slices, whole or not at all. See docs/dicomsink.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 deiddicomsrc location=series ! deiddicomsink location=out
#include "elements/dicom/gstdicomsink.hpp"
#include "elements/base/error.hpp"
#include "elements/base/plain_shell.hpp"
#include "elements/base/property_table.hpp"
#include "elements/volume/dicom/series.hpp"
#include "elements/volume/volume_buffer.hpp"
#include <gst/base/gstbasesink.h>
#include <memory>
#include <string>

GST_DEBUG_CATEGORY_STATIC(dicom_sink_debug);
#define GST_CAT_DEFAULT dicom_sink_debug

namespace {

using deid::Mutable;

// --- properties ---

struct Settings {
  std::string location;
};

const deid::PropertyTable<Settings>& properties() {
  static const auto table = [] {
    deid::PropertyTable<Settings> all;
    all.text(
        {"location", "Location", "The folder, which is not there yet or is empty"}, Mutable::ready,
        [](auto& s) -> auto& { return s.location; });
    return all;
  }();
  return table;
}

struct Inside {
  std::mutex mutex{}; ///< guards settings
  Settings settings{};
  Settings now{}; ///< of this run; streaming thread, as the files
  std::unique_ptr<deid::dicom::SeriesWriter> files{};

  bool set(guint id, const GValue* value) { return properties().set(settings, id, value); }
  bool get(guint id, GValue* value) const { return properties().get(settings, id, value); }
};

using Shell = deid::PlainShell<Inside, GstBaseSink, GstBaseSinkClass>;

// --- flow ---

[[noreturn]] void refuse(const char* cause) {
  throw deid::ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "The volume was not written.", cause);
}

/// SeriesError has a sentence.
template <class Work> void or_error(Work&& work) {
  try {
    std::forward<Work>(work)();
  } catch (const deid::dicom::SeriesError& error) {
    throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE, error.what(),
                             "no file was written");
  }
}

GstFlowReturn render(GstBaseSink* sink, GstBuffer* buffer) {
  return deid::guarded(GST_ELEMENT(sink), [&] {
    Inside& inside = Shell::inside(sink);
    if (inside.files) {
      inside.files.reset();
      refuse("a second volume came; a folder holds one series");
    }
    const deid::volume::MappedVolume volume(buffer, GST_MAP_READ);
    const deid::volume::Attached& attached = volume.attached();
    if (attached.header_kind != "dicom")
      refuse("the volume did not come from dicomsrc, so nobody knows its slices; niftisink can write it");
    or_error([&] {
      inside.files = std::make_unique<deid::dicom::SeriesWriter>(inside.now.location);
      inside.files->write(attached.about, volume.voxels(), attached.header, {attached.face_changed});
    });
    return GST_FLOW_OK;
  });
}

void finish(Inside& inside) {
  if (!inside.files)
    refuse("the stream ended without a volume");
  const auto files = std::move(inside.files);
  or_error([&] { files->commit(); });
}

/// The folder gets its name at the end of the stream: an error before leaves none.
gboolean event(GstBaseSink* sink, GstEvent* what) {
  if (GST_EVENT_TYPE(what) == GST_EVENT_EOS) {
    const bool done = deid::guarded_bool(GST_ELEMENT(sink), [&] {
      finish(Shell::inside(sink));
      return true;
    });
    if (!done) {
      gst_event_unref(what);
      return FALSE;
    }
    GST_INFO_OBJECT(sink, "the series is written");
  } else if (GST_EVENT_TYPE(what) == GST_EVENT_FLUSH_STOP) {
    Shell::inside(sink).files.reset();
  }
  return GST_BASE_SINK_CLASS(Shell::above())->event(sink, what);
}

gboolean start(GstBaseSink* sink) {
  return deid::guarded_bool(GST_ELEMENT(sink), [&] {
    Inside& inside = Shell::inside(sink);
    const std::lock_guard lock(inside.mutex);
    if (inside.settings.location.empty())
      throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "No folder is named.",
                               "the property location is empty");
    inside.now = inside.settings;
    return true;
  });
}

gboolean stop(GstBaseSink* sink) {
  Shell::inside(sink).files.reset();
  return TRUE;
}

// --- class ---

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(dicom_sink_debug, "deiddicomsink", 0, "writes DICOM series");
  Shell::set_up(klass);
  properties().install(G_OBJECT_CLASS(klass));
  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_static_metadata(element_class, "DICOM sink", "Sink/File",
                                        "Writes a volume as a DICOM series, whole or not at all",
                                        "gst-deid developers");
  const deid::Ref<GstCaps> caps(gst_caps_from_string(DEID_VOLUME_CAPS));
  gst_element_class_add_pad_template(element_class,
                                     gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps.get()));
  auto* sink_class = GST_BASE_SINK_CLASS(klass);
  sink_class->render = render;
  sink_class->event = event;
  sink_class->start = start;
  sink_class->stop = stop;
}

void begin(GstBaseSink* sink) {
  gst_base_sink_set_sync(sink, FALSE); // a file keeps no pace
}

} // namespace

GType gst_deid_dicom_sink_get_type() {
  static const GType type = Shell::type(GST_TYPE_BASE_SINK, "GstDeidDicomSink", class_init, begin);
  return type;
}
