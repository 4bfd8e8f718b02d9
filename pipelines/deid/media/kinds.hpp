#pragma once
#include <filesystem>
#include <string>

namespace deid::cli {

/// What a file that was found in a folder is to a batch.
struct FileKind {
  enum class What {
    video,   ///< to be processed; what cannot be read then fails by name
    other,   ///< no video, by its name and by its content
    left_out ///< looks like a video and is not processed: `why` says why
  };
  What what = What::other;
  std::string why{}; ///< half a sentence
};

/// Whether the name ends as a video's does: the one list of these endings.
bool is_named_as_video(const std::filesystem::path& file);

/// Looks at the name and at the first bytes: a video is a video whatever its name is. Requires gst_init.
/// Never throws.
FileKind kind_of_file(const std::filesystem::path& file);

/// "H.264", "MPEG", ... of a stream without a container, whose frames have no times; else empty. Requires
/// gst_init. Never throws.
std::string bare_stream(const std::filesystem::path& file);

/// ".mp4" of "A.MP4".
std::string lower_extension(const std::filesystem::path& file);

} // namespace deid::cli
