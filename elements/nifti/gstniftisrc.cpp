/// SECTION:element-niftisrc
///
/// Reads a NIfTI file into one buffer. Names, texts and extensions of the header end here.
/// See docs/niftisrc.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 deidniftisrc location=in.nii.gz ! deidniftisink location=out.nii.gz
#include "elements/nifti/gstniftisrc.hpp"
#include "elements/volume/file_source.hpp"
#include "elements/volume/nifti/reader.hpp"

GST_DEBUG_CATEGORY_STATIC(nifti_src_debug);
#define GST_CAT_DEFAULT nifti_src_debug

namespace {

struct Nifti {
  static constexpr auto type_name = "GstDeidNiftiSrc", title = "NIfTI source",
                        description = "Reads a NIfTI volume without the names in its header",
                        location_about = "The file: .nii, .nii.gz, or one of a pair .hdr and .img",
                        stats_about = "Voxels read, and what the file held beside them",
                        no_location = "No file is named.", refused = "the file is refused",
                        header_kind = "nifti";
  using Reading = deid::nifti::Reading;
  using Error = deid::nifti::FileError;

  static void start_log() {
    GST_DEBUG_CATEGORY_INIT(nifti_src_debug, "deidniftisrc", 0, "reads NIfTI files");
  }
  static void log(GstElement* element, const Reading& reading) {
    GST_INFO_OBJECT(
        element, "%dx%dx%d voxels; %zu header fields and %" G_GUINT64_FORMAT " bytes of extensions dropped",
        reading.volume.about.size[0], reading.volume.about.size[1], reading.volume.about.size[2],
        reading.dropped.fields.size(), reading.dropped.extension_bytes);
  }
  static Reading read(const std::string& location) { return deid::nifti::read_file(location); }
  static std::vector<std::byte> header(const Reading& reading) {
    return deid::nifti::to_bytes(reading.header, false);
  }
  static GstStructure* stats(guint64 voxels, const deid::nifti::Dropped& dropped) {
    std::string fields;
    for (const std::string& field : dropped.fields)
      fields += (fields.empty() ? "" : ", ") + field;
    return gst_structure_new("stats", "voxels", G_TYPE_UINT64, voxels, "dropped-fields", G_TYPE_STRING,
                             fields.c_str(), "dropped-extension-bytes", G_TYPE_UINT64,
                             dropped.extension_bytes, nullptr);
  }
};

} // namespace

GType gst_deid_nifti_src_get_type() {
  static const GType type = deid::volume::FileSource<Nifti>::type();
  return type;
}
