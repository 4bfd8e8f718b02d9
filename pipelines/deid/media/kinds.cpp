#include "pipelines/deid/media/kinds.hpp"
#include "elements/base/gst_ptr.hpp"
#include <algorithm>
#include <fstream>
#include <gst/base/gsttypefindhelper.h>
#include <map>
#include <set>
#include <vector>

namespace deid::cli {
namespace {
namespace fs = std::filesystem;

/// GStreamer's guess from the first bytes of a file.
struct Content {
  bool readable = false;
  bool system = true;   ///< MPEG only: a container, not a bare stream
  std::string type{};   ///< "video/quicktime"; empty: unknown
  unsigned certain = 0; ///< [0..100], a GstTypeFindProbability
};

Content content_of(const fs::path& file) {
  constexpr std::streamsize enough = 64 * 1024; // for GStreamer's typefinders
  std::vector<char> head(static_cast<std::size_t>(enough));
  std::ifstream in(file, std::ios::binary);
  Content content;
  if (!in)
    return content;
  in.read(head.data(), enough);
  content.readable = !in.bad();
  if (in.gcount() == 0)
    return content;
  GstTypeFindProbability certain = GST_TYPE_FIND_NONE;
  const Ref<GstCaps> caps(gst_type_find_helper_for_data(nullptr, reinterpret_cast<const guint8*>(head.data()),
                                                        static_cast<gsize>(in.gcount()), &certain));
  if (caps && !gst_caps_is_empty(caps.get()) && !gst_caps_is_any(caps.get())) {
    const GstStructure* structure = gst_caps_get_structure(caps.get(), 0);
    gboolean system = TRUE;
    gst_structure_get_boolean(structure, "systemstream", &system);
    content.system = system;
    content.type = gst_structure_get_name(structure);
    content.certain = static_cast<unsigned>(certain);
  }
  return content;
}

/// Containers of video whose type does not begin with "video/".
bool is_video_type(const std::string& type) {
  static const std::set<std::string> others{"application/mxf",          "application/vnd.rn-realmedia",
                                            "application/x-yuv4mpeg",   "application/ogg",
                                            "application/x-gst-av-nut", "application/x-shockwave-flash"};
  return type.starts_with("video/") || others.contains(type);
}

bool is_picture_type(const std::string& type) {
  return type.starts_with("image/"); // motion JPEG begins like a picture
}

} // namespace

std::string lower_extension(const fs::path& file) {
  std::string e = file.extension().string();
  std::ranges::transform(e, e.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return e;
}

bool is_named_as_video(const fs::path& file) {
  static const std::set<std::string> known{".mp4",    ".m4v",   ".mov",  ".qt",   ".mkv",  ".mk3d",
                                           ".webm",   ".avi",   ".divx", ".xvid", // films
                                           ".3gp",    ".3gpp",  ".3g2",  ".3gp2", ".f4v",  ".flv",
                                           ".wmv",    ".asf",   ".rm",   ".rmvb", // phones, web
                                           ".mpg",    ".mpeg",  ".mpe",  ".mpv",  ".m2p",  ".vob",
                                           ".vro",    ".evo",   ".mod",  ".tod",                   // MPEG
                                           ".ts",     ".tp",    ".trp",  ".m2t",  ".m2ts", ".mts", // streams
                                           ".ogv",    ".ogm",   ".gif",  ".mxf",  ".gxf",  ".dv",
                                           ".dif",    ".nut",   ".mj2",  ".mjp2", ".wtv", // others
                                           ".dvr-ms", ".amv",   ".lrv",  ".insv", ".360",  ".swf",
                                           ".nsv",    ".bik",   ".smk",  ".fli",  ".flc", //
                                           ".h264",   ".264",   ".avc",  ".h265", ".265",  ".hevc",
                                           ".m1v",    ".m2v",   ".ivf",  ".obu",  ".vc1", // no container
                                           ".mjpg",   ".mjpeg", ".y4m"};
  return known.contains(lower_extension(file));
}

std::string bare_stream(const fs::path& file) {
  static const std::map<std::string, std::string> names{{"video/x-h264", "H.264"},
                                                        {"video/x-h265", "H.265"},
                                                        {"image/jpeg", "motion JPEG"},
                                                        {"video/x-av1", "AV1"}};
  const Content content = content_of(file);
  if (content.type == "video/mpeg" && !content.system)
    return "MPEG";
  const auto found = names.find(content.type);
  return found == names.end() ? "" : found->second;
}

FileKind kind_of_file(const fs::path& file) {
  using What = FileKind::What;
  const Content content = content_of(file);
  const bool named = is_named_as_video(file), certain = content.certain >= GST_TYPE_FIND_LIKELY;
  if (named && certain && !is_video_type(content.type) && !is_picture_type(content.type))
    return {What::left_out, "it is named like a video but holds " + content.type};
  if (named)
    return {What::video, ""};
  if (!content.readable)
    return {What::left_out, "it cannot be opened, so its content is unknown"};
  if (!is_video_type(content.type))
    return {What::other, ""};
  if (certain)
    return {What::video, ""};
  return {What::left_out,
          "it may be a video (" + content.type + ") but is not named like one; rename it if it is"};
}

} // namespace deid::cli
