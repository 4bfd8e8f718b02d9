#pragma once
#include <filesystem>
#include <string>

namespace deid::cli {

/// How a batch treats a file that it found in a folder.
struct FileKind {
  enum class What {
    video,   ///< processed; a file that cannot be read then fails by name
    other,   ///< no video, by its name and by its content
    left_out ///< looks like a video but is not processed, for the reason `why`
  };
  What what = What::other;
  std::string why{}; ///< half a sentence
};

/// Whether the file name has one of the known video extensions; this is their only list.
bool is_named_as_video(const std::filesystem::path& file);

/// Checks the name and the first bytes: a video is recognised under any name. Requires gst_init. Never
/// throws.
FileKind kind_of_file(const std::filesystem::path& file);

/// Returns "H.264", "MPEG", ... for a stream without a container, whose frames have no times; else an empty
/// text. Requires gst_init. Never throws.
std::string bare_stream(const std::filesystem::path& file);

/// Returns the extension in lower case: ".mp4" of "A.MP4".
std::string lower_extension(const std::filesystem::path& file);

} // namespace deid::cli
