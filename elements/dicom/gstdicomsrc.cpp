/// SECTION:element-dicomsrc
///
/// Reads a folder with one DICOM series into one buffer. All attributes but listed ones end here.
/// See docs/dicomsrc.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 deiddicomsrc location=series ! deiddicomsink location=out
#include "elements/dicom/gstdicomsrc.hpp"
#include "elements/base/error.hpp"
#include "elements/base/plain_shell.hpp"
#include "elements/base/property_table.hpp"
#include "elements/volume/dicom/series.hpp"
#include "elements/volume/volume_buffer.hpp"
#include <gst/base/gstpushsrc.h>
#include <string>

GST_DEBUG_CATEGORY_STATIC(dicom_src_debug);
#define GST_CAT_DEFAULT dicom_src_debug

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
        {"location", "Location", "The folder, which holds one series and nothing else"}, Mutable::ready,
        [](auto& s) -> auto& { return s.location; });
    return all;
  }();
  return table;
}
constexpr guint stats_id = 2;

/// What the last series held beside its volume.
struct Stats {
  deid::dicom::Dropped dropped{};
  guint64 voxels = 0;
};

GstStructure* structure_of(const Stats& stats) {
  std::string tags;
  for (const std::string& tag : stats.dropped.attributes)
    tags += (tags.empty() ? "" : " ") + tag;
  return gst_structure_new("stats", "voxels", G_TYPE_UINT64, stats.voxels, "dropped-attributes",
                           G_TYPE_STRING, tags.c_str(), "dropped-private", G_TYPE_UINT64,
                           static_cast<guint64>(stats.dropped.private_attributes), nullptr);
}

struct Inside {
  std::mutex mutex{}; ///< guards settings and stats
  Settings settings{};
  Stats stats{};
  bool sent = false; ///< streaming thread

  bool set(guint id, const GValue* value) { return properties().set(settings, id, value); }
  bool get(guint id, GValue* value) const {
    if (id != stats_id)
      return properties().get(settings, id, value);
    g_value_take_boxed(value, structure_of(stats));
    return true;
  }
};

using Shell = deid::PlainShell<Inside, GstPushSrc, GstPushSrcClass>;

// --- flow ---

deid::dicom::Reading read(const std::string& location) {
  if (location.empty())
    throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "No folder is named.",
                             "the property location is empty");
  try {
    return deid::dicom::read_series(location);
  } catch (const deid::dicom::SeriesError& error) {
    throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ, error.what(),
                             "the series is refused");
  }
}

void push_caps(GstBaseSrc* src, const deid::volume::Description& about) {
  if (!gst_base_src_set_caps(src, deid::volume::caps_of(about).get()))
    throw deid::ElementError(GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
                             "The next element does not take this volume.", "caps are refused downstream");
}

GstFlowReturn create(GstPushSrc* src, GstBuffer** out) {
  return deid::guarded(GST_ELEMENT(src), [&] {
    Inside& inside = Shell::inside(src);
    if (std::exchange(inside.sent, true))
      return GST_FLOW_EOS;
    std::string location;
    {
      const std::lock_guard lock(inside.mutex);
      location = inside.settings.location;
    }
    deid::dicom::Reading reading = read(location);
    GST_INFO_OBJECT(src, "%dx%dx%d voxels; %zu attributes and %zu private ones dropped",
                    reading.volume.about.size[0], reading.volume.about.size[1], reading.volume.about.size[2],
                    reading.dropped.attributes.size(), reading.dropped.private_attributes);
    {
      const std::lock_guard lock(inside.mutex);
      inside.stats = {reading.dropped, reading.volume.about.voxels()};
    }
    push_caps(GST_BASE_SRC(src), reading.volume.about);
    const auto about = reading.volume.about;
    auto buffer = deid::volume::new_buffer(std::move(reading.volume.voxels),
                                           {about, "dicom", std::move(reading.header)});
    GST_BUFFER_PTS(buffer.get()) = 0;
    *out = buffer.release();
    return GST_FLOW_OK;
  });
}

/// Caps are known when the series is read; until then there is nothing to negotiate.
gboolean negotiate(GstBaseSrc*) {
  return TRUE;
}

gboolean start(GstBaseSrc* src) {
  Shell::inside(src).sent = false;
  return TRUE;
}

gboolean is_seekable(GstBaseSrc*) {
  return FALSE;
}

// --- class ---

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(dicom_src_debug, "deiddicomsrc", 0, "reads DICOM series");
  Shell::set_up(klass);
  auto* object_class = G_OBJECT_CLASS(klass);
  properties().install(object_class);
  g_object_class_install_property(
      object_class, stats_id,
      g_param_spec_boxed("stats", "Statistics", "Voxels read, and what the series held beside them",
                         GST_TYPE_STRUCTURE,
                         static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_static_metadata(element_class, "DICOM source", "Source/File",
                                        "Reads a DICOM series without the names in its headers",
                                        "gst-deid developers");
  const deid::Ref<GstCaps> caps(gst_caps_from_string(DEID_VOLUME_CAPS));
  gst_element_class_add_pad_template(element_class,
                                     gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps.get()));
  auto* src_class = GST_BASE_SRC_CLASS(klass);
  src_class->negotiate = negotiate;
  src_class->start = start;
  src_class->is_seekable = is_seekable;
  GST_PUSH_SRC_CLASS(klass)->create = create;
}

void begin(GstPushSrc* src) {
  gst_base_src_set_format(GST_BASE_SRC(src), GST_FORMAT_TIME);
}

} // namespace

GType gst_deid_dicom_src_get_type() {
  static const GType type = Shell::type(GST_TYPE_PUSH_SRC, "GstDeidDicomSrc", class_init, begin);
  return type;
}
