#pragma once
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace deid::test {

/// The colours by ffprobe: "unknown" where the file states none.
struct Colours {
  std::string range{}, matrix{}, transfer{}, primaries{};
  bool operator==(const Colours&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Colours& colours);

/// The first video track of a file as ffmpeg and ffprobe read it, which know nothing of this project.
struct Seen {
  std::vector<double> times{};     ///< of the decoded frames [s]; not a number where ffprobe has none
  std::vector<std::string> md5s{}; ///< of the frames' bytes, rotated upright; empty unless requested
  std::string size{};              ///< of the frames, rotated upright: "64x48"; the same
  Colours colours{};
  std::string pixel_format{}; ///< as ffmpeg names it
  std::string pixel_aspect{};
  double tick = 0; ///< unit of the container's times [s]
};
Seen look_at(const std::filesystem::path& file, bool pixels);

/// Returns the time of the one beep in a clip's first sound track, from the first picture on [s]; nothing
/// when there is none. Like a player it aligns sound and pictures by their times. seen: the result of
/// look_at() for the file.
std::optional<double> beep(const std::filesystem::path& file, const Seen& seen);

/// The smallest peak signal to noise ratio of all frames [dB], turned upright and paired by their order; 99
/// where they are equal, 0 where their numbers differ.
double least_psnr(const std::filesystem::path& a, const std::filesystem::path& b);

} // namespace deid::test
