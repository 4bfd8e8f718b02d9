/// SECTION:element-niftisink
///
/// Writes one volume as a NIfTI file, whole or not at all. See docs/niftisink.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 deidniftisrc location=in.nii.gz ! deidniftisink location=out.nii.gz
#include "elements/nifti/gstniftisink.hpp"
#include "elements/base/error.hpp"
#include "elements/base/plain_shell.hpp"
#include "elements/base/property_table.hpp"
#include "elements/volume/nifti/writer.hpp"
#include "elements/volume/volume_buffer.hpp"
#include <gst/base/gstbasesink.h>
#include <memory>
#include <string>

GST_DEBUG_CATEGORY_STATIC(nifti_sink_debug);
#define GST_CAT_DEFAULT nifti_sink_debug

namespace {

using deid::Mutable;

// --- properties ---

struct Settings {
  std::string location;
  int compression = 6;
};

const deid::PropertyTable<Settings>& properties() {
  static const auto table = [] {
    deid::PropertyTable<Settings> all;
    all.text(
        {"location", "Location", "The file: .nii, .nii.gz, or one of a pair .hdr and .img"}, Mutable::ready,
        [](auto& s) -> auto& { return s.location; });
    all.number(
        {"compression", "Compression", "How hard a .gz is packed: 1 is fast, 9 is small [1..9]"},
        Mutable::ready, [](auto& s) -> auto& { return s.compression; }, 1, 9);
    return all;
  }();
  return table;
}

struct Inside {
  std::mutex mutex{}; ///< guards settings
  Settings settings{};
  Settings now{}; ///< of this run; streaming thread, as the file
  std::unique_ptr<deid::nifti::FileWriter> file{};

  bool set(guint id, const GValue* value) { return properties().set(settings, id, value); }
  bool get(guint id, GValue* value) const { return properties().get(settings, id, value); }
};

using Shell = deid::PlainShell<Inside, GstBaseSink, GstBaseSinkClass>;

// --- flow ---

[[noreturn]] void refuse(const char* cause) {
  throw deid::ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "The volume was not written.", cause);
}

/// The header that the source read, when it is one of this format and fits the voxels.
deid::nifti::Header header_of(const deid::volume::Attached& attached) {
  namespace nifti = deid::nifti;
  if (attached.header_kind != "nifti")
    return nifti::header_for(attached.about);
  const std::size_t behind = 4; // "no extension follows"
  const std::span<const std::byte> bytes(attached.header);
  if (bytes.size() <= behind)
    refuse("the metadata's header is too short");
  try {
    const nifti::Header header = nifti::parse(bytes.first(bytes.size() - behind)).header;
    if (nifti::describe(header) == attached.about)
      return header;
  } catch (const nifti::FileError& error) {
    refuse(("the metadata's header is damaged: " + std::string(error.what())).c_str());
  }
  refuse("the metadata's header describes another volume");
}

/// FileError has a sentence with the file's name.
template <class Work> void or_error(Work&& work) {
  try {
    std::forward<Work>(work)();
  } catch (const deid::nifti::FileError& error) {
    throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE, error.what(),
                             "no file was written");
  }
}

GstFlowReturn render(GstBaseSink* sink, GstBuffer* buffer) {
  return deid::guarded(GST_ELEMENT(sink), [&] {
    Inside& inside = Shell::inside(sink);
    if (inside.file) {
      inside.file.reset();
      refuse("a second volume came; a NIfTI file of this element holds one");
    }
    const deid::volume::MappedVolume volume(buffer, GST_MAP_READ);
    or_error([&] {
      inside.file = std::make_unique<deid::nifti::FileWriter>(
          inside.now.location, header_of(volume.attached()), inside.now.compression);
      inside.file->write(volume.voxels());
    });
    return GST_FLOW_OK;
  });
}

void finish(Inside& inside) {
  if (!inside.file)
    refuse("the stream ended without a volume");
  const auto file = std::move(inside.file);
  or_error([&] { file->commit(); });
}

/// The file gets its name at the end of the stream: an error before leaves none.
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
    GST_INFO_OBJECT(sink, "the file is written");
  } else if (GST_EVENT_TYPE(what) == GST_EVENT_FLUSH_STOP) {
    Shell::inside(sink).file.reset();
  }
  return GST_BASE_SINK_CLASS(Shell::above())->event(sink, what);
}

gboolean start(GstBaseSink* sink) {
  return deid::guarded_bool(GST_ELEMENT(sink), [&] {
    Inside& inside = Shell::inside(sink);
    const std::lock_guard lock(inside.mutex);
    if (inside.settings.location.empty())
      throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "No file is named.",
                               "the property location is empty");
    if (!deid::nifti::is_nifti_name(inside.settings.location))
      throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE,
                               inside.settings.location + " is no name of a NIfTI file.",
                               "it ends in none of .nii, .nii.gz, .hdr, .img");
    inside.now = inside.settings;
    return true;
  });
}

gboolean stop(GstBaseSink* sink) {
  Shell::inside(sink).file.reset();
  return TRUE;
}

// --- class ---

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(nifti_sink_debug, "deidniftisink", 0, "writes NIfTI files");
  Shell::set_up(klass);
  properties().install(G_OBJECT_CLASS(klass));
  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_static_metadata(element_class, "NIfTI sink", "Sink/File",
                                        "Writes a volume as a NIfTI file, whole or not at all",
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

GType gst_deid_nifti_sink_get_type() {
  static const GType type = Shell::type(GST_TYPE_BASE_SINK, "GstDeidNiftiSink", class_init, begin);
  return type;
}
