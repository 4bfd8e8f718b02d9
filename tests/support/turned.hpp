#pragma once
#include <cstdlib>
#include <filesystem>
#include <string>

namespace deid::test {

/// Returns ffmpeg's options that copy a film and mark it as filmed by a phone that was turned by 90 degrees.
/// FFmpeg 6 and later have an option for it; earlier ones take the tag "rotate", which later ones ignore.
inline std::string turned_copy_of(const std::filesystem::path& film) {
  static const bool option =
      std::system("ffmpeg -hide_banner -h full 2>/dev/null | grep -q -- '^-display_rotation'") == 0;
  const std::string in = "-i '" + film.string() + "' -c copy";
  return option ? "-display_rotation:v:0 90 " + in : in + " -metadata:s:v:0 rotate=90";
}

} // namespace deid::test
