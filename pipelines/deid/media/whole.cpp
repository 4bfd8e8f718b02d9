#include "pipelines/deid/media/whole.hpp"
#include "pipelines/deid/media/big_endian.hpp"
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <string>

namespace deid::cli {
namespace {

using Head = std::array<unsigned char, 16>;

bool read_head(std::ifstream& in, std::uint64_t at, Head& head) {
  head = {};
  in.clear();
  in.seekg(static_cast<std::streamoff>(at));
  in.read(reinterpret_cast<char*>(head.data()), static_cast<std::streamsize>(head.size()));
  return in.gcount() >= 8;
}

bool named(const Head& head, std::initializer_list<const char*> names) {
  return std::ranges::any_of(names, [&](const char* n) { return std::memcmp(head.data() + 4, n, 4) == 0; });
}

/// Walks over the outermost boxes.
bool boxes_cut(std::ifstream& in, std::uint64_t size) {
  Head head;
  for (std::uint64_t at = 0; at < size;) {
    if (!read_head(in, at, head))
      return true;
    std::uint64_t length = big_endian(head.data(), 4);
    if (length == 1)
      length = big_endian(head.data() + 8, 8);
    if (length == 0)
      return false; // the box extends to the end of the file
    if (length < 8)
      return at == 0; // the appended data is no box
    if (length > size - at)
      return true;
    at += length;
  }
  return false;
}

/// Walks over the RIFF lists; a file larger than 1 GB has several.
bool riff_cut(std::ifstream& in, std::uint64_t size) {
  Head head;
  for (std::uint64_t at = 0; at + 12 <= size && read_head(in, at, head);) {
    if (std::memcmp(head.data(), "RIFF", 4) != 0)
      return false;
    std::uint64_t length = 0;
    for (int i = 7; i >= 4; --i)
      length = length << 8 | head[static_cast<std::size_t>(i)];
    if (length == 0)
      return true; // the writer never filled in the length
    if (length + 8 > size - at)
      return true;
    at += length + 8 + length % 2;
  }
  return false;
}

/// Reads an EBML number, whose first byte gives its length. All ones mean unknown and return 0.
std::uint64_t number(const unsigned char* p, std::uint64_t& at, bool keep_mark) {
  int bytes = 1;
  while (bytes < 8 && !(p[0] & (0x80 >> (bytes - 1))))
    ++bytes;
  std::uint64_t v = keep_mark ? p[0] : p[0] & (0xff >> bytes);
  for (int i = 1; i < bytes; ++i)
    v = v << 8 | p[i];
  at += static_cast<std::uint64_t>(bytes);
  return !keep_mark && v == (std::uint64_t{1} << (7 * bytes)) - 1 ? 0 : v;
}

bool matroska_cut(std::ifstream& in, std::uint64_t size) {
  constexpr std::uint64_t segment = 0x18538067;
  Head head;
  for (std::uint64_t at = 0; at < size && read_head(in, at, head);) {
    std::uint64_t used = 0;
    const std::uint64_t id = number(head.data(), used, true);
    const std::uint64_t length = number(head.data() + used, used, false);
    if (id == segment)
      return length != 0 && length > size - at - used;
    at += used + length;
  }
  return true; // no segment at all
}

/// Packets of 188 bytes, with 4 bytes before (M2TS) or 16 behind each.
bool transport_cut(std::ifstream& in, std::uint64_t size) {
  Head head;
  const auto synchronous = [&](std::uint64_t first, std::uint64_t step) {
    for (std::uint64_t i = 0; i < 4 && first + i * step + 8 <= size; ++i)
      if (!read_head(in, first + i * step, head) || head[0] != 0x47)
        return false;
    return size > first + step;
  };
  if (synchronous(0, 188))
    return size % 188 != 0;
  if (synchronous(4, 192))
    return size % 192 != 0;
  return synchronous(0, 204) && size % 204 != 0;
}

/// End of the program stream packet that begins here; 0: none begins here.
std::uint64_t program_packet_end(std::ifstream& in, std::uint64_t at) {
  Head head;
  if (!read_head(in, at, head) || head[0] != 0 || head[1] != 0 || head[2] != 1)
    return 0;
  if (head[3] != 0xBA)
    return at + 6 + big_endian(head.data() + 4, 2);
  return at + ((head[4] & 0xC0) == 0x40 ? 14U + (head[13] & 7U) : 12U); // MPEG-2, MPEG-1
}

/// Follows the packets from the last pack on.
bool program_cut(std::ifstream& in, std::uint64_t size) {
  constexpr std::uint64_t tail = 1 << 20;
  const std::uint64_t begin = size > tail ? size - tail : 0;
  std::string bytes(static_cast<std::size_t>(size - begin), '\0');
  in.clear();
  in.seekg(static_cast<std::streamoff>(begin));
  in.read(bytes.data(), std::ssize(bytes));
  const auto pack = bytes.rfind(std::string("\0\0\1\xBA", 4));
  if (pack == std::string::npos)
    return false;
  for (std::uint64_t at = begin + pack; at < size;) {
    const std::uint64_t end = program_packet_end(in, at);
    if (end == 0 || bytes[static_cast<std::size_t>(at - begin) + 3] == '\xB9')
      return false; // the end code, or padding
    if (end > size)
      return true;
    at = end;
  }
  return false;
}

} // namespace

bool is_cut_off(const std::filesystem::path& file) {
  std::error_code ec;
  const std::uint64_t size = std::filesystem::file_size(file, ec);
  std::ifstream in(file, std::ios::binary);
  Head head;
  if (ec || !read_head(in, 0, head))
    return false;
  if (std::memcmp(head.data(), "RIFF", 4) == 0)
    return riff_cut(in, size);
  if (big_endian(head.data(), 4) == 0x1BA)
    return program_cut(in, size);
  if (big_endian(head.data(), 4) == 0x1A45DFA3)
    return matroska_cut(in, size);
  if (named(head, {"ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"}))
    return boxes_cut(in, size);
  return transport_cut(in, size);
}

} // namespace deid::cli
