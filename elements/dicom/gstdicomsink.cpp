/// SECTION:element-dicomsink
///
/// Writes one volume that came from DICOM as a folder of slices, whole or not at all. See docs/dicomsink.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 deiddicomsrc location=series ! deiddicomsink location=out
#include "elements/dicom/gstdicomsink.hpp"
#include "elements/volume/dicom/series.hpp"
#include "elements/volume/file_sink.hpp"

GST_DEBUG_CATEGORY_STATIC(dicom_sink_debug);
#define GST_CAT_DEFAULT dicom_sink_debug

namespace {

struct Series {
  static constexpr auto type_name = "GstDeidDicomSink", title = "DICOM sink",
                        description = "Writes a volume as a DICOM series, whole or not at all",
                        no_location = "No folder is named.",
                        second_volume = "a second volume came; a folder holds one series";
  struct Settings {
    std::string location;
  };
  using Writer = deid::dicom::SeriesWriter;
  using Error = deid::dicom::SeriesError;

  static void start_log() {
    GST_DEBUG_CATEGORY_INIT(dicom_sink_debug, "deiddicomsink", 0, "writes DICOM series");
  }
  static void log_written(GstElement* element) { GST_INFO_OBJECT(element, "the series is written"); }
  static void add_properties(deid::PropertyTable<Settings>& table) {
    table.text(
        {"location", "Location", "The folder, which is not there yet or is empty"}, deid::Mutable::ready,
        [](auto& s) -> auto& { return s.location; });
  }
  static void check(const Settings&) {}
  static std::unique_ptr<Writer> write(const Settings& settings, const deid::volume::MappedVolume& volume) {
    const deid::volume::Attached& attached = volume.attached();
    if (attached.header_kind != "dicom")
      deid::volume::refuse_volume(
          "the volume did not come from dicomsrc, so nobody knows its slices; niftisink can write it");
    auto writer = std::make_unique<Writer>(settings.location);
    writer->write(attached.about, volume.voxels(), attached.header, {attached.face_changed});
    return writer;
  }
};

} // namespace

GType gst_deid_dicom_sink_get_type() {
  static const GType type = deid::volume::FileSink<Series>::type();
  return type;
}
