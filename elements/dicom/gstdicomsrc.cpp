/// SECTION:element-dicomsrc
///
/// Reads a folder with one DICOM series into one buffer. All attributes but listed ones end here.
/// See docs/dicomsrc.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 deiddicomsrc location=series ! deiddicomsink location=out
#include "elements/dicom/gstdicomsrc.hpp"
#include "elements/volume/dicom/series.hpp"
#include "elements/volume/file_source.hpp"

GST_DEBUG_CATEGORY_STATIC(dicom_src_debug);
#define GST_CAT_DEFAULT dicom_src_debug

namespace {

struct Series {
  static constexpr auto type_name = "GstDeidDicomSrc", title = "DICOM source",
                        description = "Reads a DICOM series without the names in its headers",
                        location_about = "The folder, which holds one series and nothing else",
                        stats_about = "Voxels read, and what the series held beside them",
                        no_location = "No folder is named.", refused = "the series is refused",
                        header_kind = "dicom";
  using Reading = deid::dicom::Reading;
  using Error = deid::dicom::SeriesError;

  static void start_log() {
    GST_DEBUG_CATEGORY_INIT(dicom_src_debug, "deiddicomsrc", 0, "reads DICOM series");
  }
  static void log(GstElement* element, const Reading& reading) {
    GST_INFO_OBJECT(element, "%dx%dx%d voxels; %zu attributes and %zu private ones dropped",
                    reading.volume.about.size[0], reading.volume.about.size[1], reading.volume.about.size[2],
                    reading.dropped.attributes.size(), reading.dropped.private_attributes);
  }
  static Reading read(const std::string& location) { return deid::dicom::read_series(location); }
  static std::vector<std::byte> header(Reading& reading) { return std::move(reading.header); }
  static GstStructure* stats(guint64 voxels, const deid::dicom::Dropped& dropped) {
    std::string tags;
    for (const std::string& tag : dropped.attributes)
      tags += (tags.empty() ? "" : " ") + tag;
    return gst_structure_new("stats", "voxels", G_TYPE_UINT64, voxels, "dropped-attributes", G_TYPE_STRING,
                             tags.c_str(), "dropped-private", G_TYPE_UINT64,
                             static_cast<guint64>(dropped.private_attributes), nullptr);
  }
};

} // namespace

GType gst_deid_dicom_src_get_type() {
  static const GType type = deid::volume::FileSource<Series>::type();
  return type;
}
