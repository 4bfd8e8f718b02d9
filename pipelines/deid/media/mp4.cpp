#include "pipelines/deid/media/mp4.hpp"
#include "pipelines/deid/failure.hpp"
#include <array>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace deid::cli {
namespace {

struct Box {
  std::string type;
  off_t start = 0, body = 0, end = 0; ///< file positions
};

std::uint64_t big_endian(const std::uint8_t* p, int bytes) {
  std::uint64_t v = 0;
  for (int i = 0; i < bytes; ++i)
    v = v << 8 | p[i];
  return v;
}

bool read_at(int fd, off_t at, std::uint8_t* to, std::size_t n) {
  return pread(fd, to, n, at) == static_cast<ssize_t>(n);
}

/// Calls visit for every box in [begin, end); visit returns true to look inside. False when the structure is
/// broken.
bool walk(int fd, off_t begin, off_t end, const std::function<bool(const Box&)>& visit) {
  while (begin + 8 <= end) {
    std::array<std::uint8_t, 16> head{};
    if (!read_at(fd, begin, head.data(), 8))
      return false;
    std::uint64_t size = big_endian(head.data(), 4);
    off_t header = 8;
    if (size == 1) {
      if (!read_at(fd, begin, head.data(), 16))
        return false;
      size = big_endian(head.data() + 8, 8);
      header = 16;
    }
    if (size == 0)
      size = static_cast<std::uint64_t>(end - begin);
    if (size < static_cast<std::uint64_t>(header) || size > static_cast<std::uint64_t>(end - begin))
      return false;
    const Box box{std::string(reinterpret_cast<const char*>(head.data()) + 4, 4), begin, begin + header,
                  begin + static_cast<off_t>(size)};
    if (visit(box) && !walk(fd, box.body, box.end, visit))
      return false;
    begin = box.end;
  }
  return true;
}

bool is_container(std::string_view type) {
  return type == "moov" || type == "trak" || type == "mdia" || type == "mvex" || type == "moof" ||
         type == "traf";
}

off_t size_of(int fd) {
  struct stat st {};
  return fstat(fd, &st) == 0 ? st.st_size : 0;
}

void write_at(int fd, off_t at, const void* from, std::size_t n) {
  if (pwrite(fd, from, n, at) != static_cast<ssize_t>(n))
    throw Failure("The output could not be written while its dates were removed.");
}

/// mvhd, tkhd and mdhd all begin: version (1), flags (3), creation time, modification time (4 bytes each, or
/// 8).
void zero_times(int fd, const Box& box) {
  std::uint8_t version = 0;
  if (!read_at(fd, box.body, &version, 1))
    throw Failure("The output's index cannot be read back.");
  const std::array<std::uint8_t, 16> zeros{};
  write_at(fd, box.body + 4, zeros.data(), version == 1 ? 16 : 8);
}

/// Length of the film as mvhd (version 0, as our muxer writes it) has it [s].
double movie_seconds(int fd, const Box& box) {
  std::array<std::uint8_t, 20> b{};
  if (!read_at(fd, box.body, b.data(), b.size()) || b[0] != 0)
    return 0;
  const auto ticks = static_cast<double>(big_endian(b.data() + 12, 4));
  return ticks > 0 ? static_cast<double>(big_endian(b.data() + 16, 4)) / ticks : 0;
}

/// The muxer writes a track's length with 32 bits even if it needs more, and players would stop early; all
/// ones mean "as long as the samples are".
void mend_length(int fd, const Box& box, double seconds) {
  std::array<std::uint8_t, 16> b{};
  if (!read_at(fd, box.body, b.data(), b.size()) || b[0] != 0)
    return;
  if (seconds * static_cast<double>(big_endian(b.data() + 12, 4)) >= 4294967295.0)
    write_at(fd, box.body + 16, "\xff\xff\xff\xff", 4);
}

} // namespace

std::uint32_t mp4_video_timescale(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  std::uint32_t current = 0, found = 0;
  walk(fd, 0, size_of(fd), [&](const Box& box) {
    std::array<std::uint8_t, 4> b{};
    std::uint8_t version = 0;
    if (box.type == "mdhd" && read_at(fd, box.body, &version, 1) &&
        read_at(fd, box.body + (version == 1 ? 20 : 12), b.data(), 4))
      current = static_cast<std::uint32_t>(big_endian(b.data(), 4));
    if (box.type == "hdlr" && read_at(fd, box.body + 8, b.data(), 4) &&
        std::memcmp(b.data(), "vide", 4) == 0 && found == 0)
      found = current;
    return is_container(box.type);
  });
  close(fd);
  return found;
}

void scrub_mp4(int fd, UserData user_data) {
  bool index = false;
  double seconds = 0;
  const bool whole = walk(fd, 0, size_of(fd), [&](const Box& box) {
    index = index || box.type == "moov";
    if (box.type == "mvhd" || box.type == "tkhd" || box.type == "mdhd")
      zero_times(fd, box);
    if (box.type == "mvhd")
      seconds = movie_seconds(fd, box);
    if (box.type == "mdhd")
      mend_length(fd, box, seconds);
    if (user_data == UserData::remove && (box.type == "udta" || box.type == "meta"))
      write_at(fd, box.start + 4, "free", 4);
    return is_container(box.type);
  });
  if (!whole || !index)
    throw Failure("The output's index cannot be read back; it is not published.");
}

} // namespace deid::cli
