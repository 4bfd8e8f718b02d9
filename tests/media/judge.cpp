#include "tests/media/judge.hpp"
#include "tests/pipelines/clip.hpp"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <sstream>

namespace deid::test {
namespace {
namespace fs = std::filesystem;

std::string quoted(const fs::path& file) {
  return " '" + file.string() + "' ";
}

double ratio(const std::string& text) {
  const auto slash = text.find('/');
  return slash == std::string::npos ? 0 : std::stod(text) / std::stod(text.substr(slash + 1));
}

/// "0.040000" -> 0.04; "N/A" -> not a number.
double seconds(const std::string& text) {
  return text.empty() || text[0] == 'N' ? std::nan("") : std::stod(text);
}

/// Parses ffprobe's output: a line "frame|time" for each frame, then one "stream|..." .
void read_probe(const fs::path& file, Seen& seen) {
  std::istringstream lines(
      output_of("ffprobe -v error -select_streams v:0 -show_entries "
                "frame=best_effort_timestamp_time:stream=time_base,color_range,color_space,color_transfer,"
                "color_primaries,sample_aspect_ratio,pix_fmt -of compact" +
                quoted(file)));
  const auto value = [](const std::string& line, const std::string& key) {
    const auto at = line.find("|" + key + "=");
    const auto begin = at + key.size() + 2;
    return at == std::string::npos ? std::string() : line.substr(begin, line.find('|', begin) - begin);
  };
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("frame|"))
      seen.times.push_back(seconds(value(line, "best_effort_timestamp_time")));
    if (!line.starts_with("stream|") || seen.tick > 0)
      continue;
    seen.tick = ratio(value(line, "time_base"));
    seen.pixel_aspect = value(line, "sample_aspect_ratio");
    seen.colours = {value(line, "color_range"), value(line, "color_space"), value(line, "color_transfer"),
                    value(line, "color_primaries")};
    seen.pixel_format = value(line, "pix_fmt");
  }
}

/// One line of framemd5: stream, dts, pts, duration, size, hash.
void read_hashes(const std::string& text, Seen& seen) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#dimensions"))
      seen.size = line.substr(line.rfind(' ') + 1);
    else if (!line.empty() && line[0] != '#')
      seen.md5s.push_back(line.substr(line.rfind(' ') + 1));
  }
}

/// Sound as a player plays it from time 0 on, with silence in gaps.
std::vector<std::int16_t> sound_of(const fs::path& file, int rate) {
  const std::string bytes =
      output_of("ffmpeg -nostdin -v error -copyts -i" + quoted(file) +
                "-map 0:a:0 -af aresample=async=1:first_pts=0:min_hard_comp=0.001 -ac 1 -ar " +
                std::to_string(rate) + " -f s16le -");
  std::vector<std::int16_t> samples(bytes.size() / 2);
  std::memcpy(samples.data(), bytes.data(), samples.size() * 2);
  return samples;
}

} // namespace

std::ostream& operator<<(std::ostream& out, const Colours& c) {
  return out << c.range << " " << c.matrix << " " << c.transfer << " " << c.primaries;
}

Seen look_at(const fs::path& file, bool pixels) {
  Seen seen;
  read_probe(file, seen);
  if (pixels)
    read_hashes(output_of("ffmpeg -nostdin -v error -i" + quoted(file) +
                          "-map 0:v:0 -fps_mode passthrough -c:v rawvideo -f framemd5 -"),
                seen);
  return seen;
}

std::optional<double> beep(const fs::path& file, const Seen& seen) {
  constexpr int rate = 48000, half = rate / 20; // the centre of the energy within 50 ms of the loudest sample
  const auto samples = sound_of(file, rate);
  if (samples.empty() || seen.times.empty())
    return std::nullopt;
  const auto loudest =
      std::ranges::max_element(samples, {}, [](std::int16_t s) { return std::abs(static_cast<int>(s)); });
  const auto peak = loudest - samples.begin();
  double energy = 0, moment = 0;
  for (auto i = std::max<std::ptrdiff_t>(0, peak - half);
       i < std::min<std::ptrdiff_t>(std::ssize(samples), peak + half); ++i) {
    const double e = std::pow(samples[static_cast<std::size_t>(i)], 2);
    energy += e;
    moment += e * static_cast<double>(i);
  }
  if (energy < std::pow(1000.0, 2))
    return std::nullopt;
  return moment / energy / rate - seen.times.front();
}

double least_psnr(const fs::path& a, const fs::path& b) {
  const auto bytes_of = [](const fs::path& file) {
    return output_of("ffmpeg -nostdin -v error -i" + quoted(file) +
                     "-map 0:v:0 -fps_mode passthrough -c:v rawvideo -f rawvideo -");
  };
  const std::string x = bytes_of(a), y = bytes_of(b);
  const std::size_t frames = look_at(a, true).md5s.size();
  if (x.size() != y.size() || frames == 0)
    return 0;
  double least = 99;
  const std::size_t size = x.size() / frames;
  for (std::size_t f = 0; f < frames; ++f) {
    double sum = 0;
    for (std::size_t i = f * size; i < (f + 1) * size; ++i)
      sum += std::pow(static_cast<unsigned char>(x[i]) - static_cast<unsigned char>(y[i]), 2);
    if (sum > 0)
      least = std::min(least, 10 * std::log10(255.0 * 255.0 * static_cast<double>(size) / sum));
  }
  return least;
}

} // namespace deid::test
