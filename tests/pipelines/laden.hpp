#pragma once
#include <filesystem>
#include <string>

namespace deid::test {

/// A name in every text beside the picture of a laden file, and in the file's own name.
inline const std::string patient = "Quillfeather";

/// Makes files with all data that can travel beside a picture, as far as the container holds it: cover
/// picture, title, artist, comment, place, dates, device, XMP with IPTC's digital source type, maker notes,
/// chapters, subtitles, time code track, attachment, second video track, sound, and names of the tracks.
class Laden {
public:
  /// folder: for the parts. clip: a video with a face. Needs ffmpeg and exiftool.
  Laden(std::filesystem::path folder, const std::filesystem::path& clip);
  /// extension: mp4, mov, mkv, webm or avi.
  std::filesystem::path video(const std::string& extension) const;
  /// Three JPEG pictures; returns the pattern of their names for multifilesrc.
  std::filesystem::path pictures() const;

  static constexpr int frames = 8;

  /// Fails when any of this data is in the file: in its bytes, for exiftool or for ffprobe. sound: the file
  /// has a track of sound.
  void expect_clean(const std::filesystem::path& file, bool sound = false) const;
  /// Fails unless the data is there; so expect_clean() can fail.
  void expect_laden(const std::filesystem::path& file) const;

private:
  std::string in(const char* name) const { return "'" + (folder_ / name).string() + "'"; }
  std::string exif_words() const;
  std::filesystem::path folder_;
};

} // namespace deid::test
