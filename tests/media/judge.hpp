#pragma once
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace deid::test {

/// What ffprobe says of the colours: "unknown" where the file says nothing.
struct Colours {
  std::string range{}, matrix{}, transfer{}, primaries{};
  bool operator==(const Colours&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Colours& colours);

/// What ffmpeg and ffprobe, which know nothing of this project, see in a file's first video track.
struct Seen {
  std::vector<double> times{};     ///< of the decoded frames [s]; not a number where ffprobe knows none
  std::vector<std::string> md5s{}; ///< of their bytes, turned upright; empty unless asked for
  std::string size{};              ///< of the frames, turned upright: "64x48"; likewise
  Colours colours{};
  std::string pixel_format{}; ///< as ffmpeg names it
  std::string pixel_aspect{};
  double tick = 0; ///< in which the container counts time [s]
};
Seen look_at(const std::filesystem::path& file, bool pixels);

/// When the one beep of a clip's first sound track sounds, from the first picture on [s]; nothing when there
/// is none. Players put sound and pictures together by their times, and so does this. seen: what look_at()
/// said of the file.
std::optional<double> beep(const std::filesystem::path& file, const Seen& seen);

/// The smallest peak signal to noise ratio of all frames [dB], turned upright and paired by their order; 99
/// where they are equal, 0 where their numbers differ.
double least_psnr(const std::filesystem::path& a, const std::filesystem::path& b);

} // namespace deid::test
