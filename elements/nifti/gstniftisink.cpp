/// SECTION:element-niftisink
///
/// Writes one volume as a NIfTI file, whole or not at all. See docs/niftisink.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 deidniftisrc location=in.nii.gz ! deidniftisink location=out.nii.gz
#include "elements/nifti/gstniftisink.hpp"
#include "elements/volume/file_sink.hpp"
#include "elements/volume/nifti/reader.hpp"
#include "elements/volume/nifti/writer.hpp"

GST_DEBUG_CATEGORY_STATIC(nifti_sink_debug);
#define GST_CAT_DEFAULT nifti_sink_debug

namespace {

/// The header that the source read, when it is one of this format and fits the voxels.
deid::nifti::Header header_of(const deid::volume::Attached& attached) {
  namespace nifti = deid::nifti;
  if (attached.header_kind != "nifti")
    return nifti::header_for(attached.about);
  const std::size_t behind = 4; // "no extension follows"
  const std::span<const std::byte> bytes(attached.header);
  if (bytes.size() <= behind)
    deid::volume::refuse_volume("the metadata's header is too short");
  try {
    const nifti::Header header = nifti::parse(bytes.first(bytes.size() - behind)).header;
    if (nifti::describe(header) == attached.about)
      return header;
  } catch (const nifti::FileError& error) {
    deid::volume::refuse_volume(("the metadata's header is damaged: " + std::string(error.what())).c_str());
  }
  deid::volume::refuse_volume("the metadata's header describes another volume");
}

struct Nifti {
  static constexpr auto type_name = "GstDeidNiftiSink", title = "NIfTI sink",
                        description = "Writes a volume as a NIfTI file, whole or not at all",
                        no_location = "No file is named.",
                        second_volume = "a second volume came; a NIfTI file of this element holds one";
  struct Settings {
    std::string location;
    int compression = 6;
  };
  using Writer = deid::nifti::FileWriter;
  using Error = deid::nifti::FileError;

  static void start_log() {
    GST_DEBUG_CATEGORY_INIT(nifti_sink_debug, "deidniftisink", 0, "writes NIfTI files");
  }
  static void log_written(GstElement* element) { GST_INFO_OBJECT(element, "the file is written"); }
  static void add_properties(deid::PropertyTable<Settings>& table) {
    table.text(
        {"location", "Location", "The file: .nii, .nii.gz, or one of a pair .hdr and .img"},
        deid::Mutable::ready, [](auto& s) -> auto& { return s.location; });
    table.number(
        {"compression", "Compression", "How hard a .gz is packed: 1 is fast, 9 is small [1..9]"},
        deid::Mutable::ready, [](auto& s) -> auto& { return s.compression; }, 1, 9);
  }
  static void check(const Settings& settings) {
    if (!deid::nifti::is_nifti_name(settings.location))
      throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE,
                               settings.location + " is no name of a NIfTI file.",
                               "it ends in none of .nii, .nii.gz, .hdr, .img");
  }
  static std::unique_ptr<Writer> write(const Settings& settings, const deid::volume::MappedVolume& volume) {
    auto writer =
        std::make_unique<Writer>(settings.location, header_of(volume.attached()), settings.compression);
    writer->write(volume.voxels());
    return writer;
  }
};

} // namespace

GType gst_deid_nifti_sink_get_type() {
  static const GType type = deid::volume::FileSink<Nifti>::type();
  return type;
}
