#include "pipelines/deid/media/gif.hpp"
#include <cstring>
#include <fstream>

namespace deid::cli {
namespace {

int byte(std::istream& in) {
  return in.get();
}

/// Skips a GIF data stream: length-prefixed pieces up to an empty one. Returns false at the end of the file.
bool skip_pieces(std::istream& in) {
  for (int n = byte(in); n != 0; n = byte(in)) {
    if (n < 0)
      return false;
    in.ignore(n);
  }
  return true;
}

void skip_palette(std::istream& in, int flags) {
  if (flags & 0x80)
    in.ignore(3 << ((flags & 7) + 1));
}

/// Reads an extension block. A graphic control extension states the next picture's duration [1/100 s].
bool read_extension(std::istream& in, std::int64_t& delay) {
  const int label = byte(in);
  if (label != 0xf9)
    return skip_pieces(in);
  unsigned char control[6]{}; // size, flags, delay (2, little end first), transparent colour, end
  if (!in.read(reinterpret_cast<char*>(control), sizeof control))
    return false;
  delay = control[2] | control[3] << 8;
  return control[5] == 0;
}

} // namespace

bool is_gif(const std::filesystem::path& file) {
  char head[4]{};
  return std::ifstream(file, std::ios::binary).read(head, sizeof head) && std::memcmp(head, "GIF8", 4) == 0;
}

std::vector<std::int64_t> gif_times(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  char head[13]{};
  if (!is_gif(file) || !in.read(head, sizeof head))
    return {};
  skip_palette(in, head[10]);
  std::vector<std::int64_t> times{0};
  std::int64_t delay = 0;
  for (int block = byte(in); in; block = byte(in)) {
    if (block == 0x3b)
      return times;
    if (block == 0x21 && read_extension(in, delay))
      continue;
    if (block != 0x2c)
      return {};
    in.ignore(8);
    skip_palette(in, byte(in));
    in.ignore(1); // LZW code size
    if (!skip_pieces(in))
      return {};
    // Browsers and ffmpeg show pictures with less than 1/50 s for 1/10 s.
    times.push_back(times.back() + (delay < 2 ? 10 : delay) * 10'000'000);
    delay = 0;
  }
  return {};
}

} // namespace deid::cli
