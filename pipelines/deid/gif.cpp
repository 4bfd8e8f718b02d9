#include "pipelines/deid/gif.hpp"
#include <cstring>
#include <fstream>

namespace deid::cli {
namespace {

int byte(std::istream& in) {
  return in.get();
}

/// A GIF data stream: length-prefixed pieces up to an empty one. False at the end of the file.
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

} // namespace

std::int64_t gif_frames(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  char head[13]{};
  if (!in.read(head, sizeof head) || std::memcmp(head, "GIF8", 4) != 0)
    return 0;
  skip_palette(in, head[10]);
  std::int64_t frames = 0;
  for (int block = byte(in); in; block = byte(in)) {
    if (block == 0x3b)
      return frames;
    if (block == 0x2c) {
      in.ignore(8);
      skip_palette(in, byte(in));
      ++frames;
    }
    in.ignore(1); // extension label, or LZW code size
    if ((block != 0x2c && block != 0x21) || !skip_pieces(in))
      return 0;
  }
  return 0;
}

} // namespace deid::cli
