#include "pipelines/deid/media/mp4.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/big_endian.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <fcntl.h>
#include <functional>
#include <optional>
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

bool read_at(int fd, off_t at, std::uint8_t* to, std::size_t n) {
  return pread(fd, to, n, at) == static_cast<ssize_t>(n);
}

/// Reads the head of the box at `begin`; `end` is the end of what surrounds it. Returns nothing when the
/// structure is broken.
std::optional<Box> box_at(int fd, off_t begin, off_t end) {
  std::array<std::uint8_t, 16> head{};
  if (!read_at(fd, begin, head.data(), 8))
    return std::nullopt;
  std::uint64_t size = big_endian(head.data(), 4);
  off_t header = 8;
  if (size == 1) { // the size stands behind the type, in 8 bytes
    if (!read_at(fd, begin, head.data(), 16))
      return std::nullopt;
    size = big_endian(head.data() + 8, 8);
    header = 16;
  }
  if (size == 0) // to the end
    size = static_cast<std::uint64_t>(end - begin);
  if (size < static_cast<std::uint64_t>(header) || size > static_cast<std::uint64_t>(end - begin))
    return std::nullopt;
  return Box{std::string(reinterpret_cast<const char*>(head.data()) + 4, 4), begin, begin + header,
             begin + static_cast<off_t>(size)};
}

/// Calls visit for every box in [begin, end). visit returns true to enter the box. Returns false when the
/// structure is broken.
bool walk(int fd, off_t begin, off_t end, const std::function<bool(const Box&)>& visit) {
  while (begin + 8 <= end) {
    const auto box = box_at(fd, begin, end);
    if (!box || (visit(*box) && !walk(fd, box->body, box->end, visit)))
      return false;
    begin = box->end;
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
    throw Failure("The output's index could not be written.");
}

/// mvhd, tkhd and mdhd all begin with version (1), flags (3), creation time, modification time (4 or 8 bytes
/// each).
void zero_times(int fd, const Box& box) {
  std::uint8_t version = 0;
  if (!read_at(fd, box.body, &version, 1))
    throw Failure("The output's index cannot be read back.");
  const std::array<std::uint8_t, 16> zeros{};
  write_at(fd, box.body + 4, zeros.data(), version == 1 ? 16 : 8);
}

/// Duration in the mvhd box [s] (version 0, which our muxer writes).
double movie_seconds(int fd, const Box& box) {
  std::array<std::uint8_t, 20> b{};
  if (!read_at(fd, box.body, b.data(), b.size()) || b[0] != 0)
    return 0;
  const auto ticks = static_cast<double>(big_endian(b.data() + 12, 4));
  return ticks > 0 ? static_cast<double>(big_endian(b.data() + 16, 4)) / ticks : 0;
}

/// lower: also when a greater value stands there.
void put(int fd, off_t at, int bytes, std::uint64_t value, bool lower) {
  std::array<std::uint8_t, 8> b{};
  if (!read_at(fd, at, b.data(), static_cast<std::size_t>(bytes)) ||
      (!lower && big_endian(b.data(), bytes) >= value))
    return;
  for (int i = 0; i < bytes; ++i)
    b[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(value >> (8 * (bytes - 1 - i)) & 0xff);
  write_at(fd, at, b.data(), static_cast<std::size_t>(bytes));
}

/// The muxer adds up decoding steps. When the last frames are shown for longer, its lengths and its edit list
/// end too early. When the last frames are missing, they end too late: the muxer was told that the last frame
/// there lasts until the next one.
class Lengths {
public:
  Lengths(int fd, std::int64_t length, FramesMissing missing)
      : fd_(fd), seconds_(1e-9 * static_cast<double>(length)), lower_(missing == FramesMissing::yes) {}
  void mend(const Box& box) {
    std::array<std::uint8_t, 32> b{};
    if (seconds_ <= 0 || !read_at(fd_, box.body, b.data(), b.size()))
      return;
    const Layout& at = b[0] == 1 ? wide : narrow;
    const auto scale = static_cast<double>(big_endian(b.data() + at.scale, 4));
    if (box.type == "mvhd")
      movie_ = scale;
    if (box.type == "mvhd") {
      put(fd_, box.body + at.length, at.bytes, ticks(scale), lower_);
    } else if (box.type == "mdhd") {
      put(fd_, box.body + at.length, at.bytes, ticks(scale) + (lower_ ? start_ : 0), lower_);
    } else if (box.type == "tkhd") {
      put(fd_, box.body + at.track_length, at.bytes, ticks(movie_), lower_);
    } else if (box.type == "elst") {
      const auto entries = static_cast<off_t>(big_endian(b.data() + 4, 4));
      if (entries == 1 && b[0] == 0)
        start_ = big_endian(b.data() + 12, 4);
      if (entries > 0)
        put(fd_, box.body + 8 + (entries - 1) * at.edit, at.bytes, ticks(movie_), lower_);
    }
  }

private:
  /// Places in a box of version 0 or 1 [byte].
  struct Layout {
    int bytes;         ///< of a length
    int scale, length; ///< in mvhd and mdhd
    int track_length;  ///< in tkhd
    int edit;          ///< size of an entry of elst
  };
  static constexpr Layout narrow{.bytes = 4, .scale = 12, .length = 16, .track_length = 20, .edit = 12},
      wide{.bytes = 8, .scale = 20, .length = 24, .track_length = 28, .edit = 20};

  /// All ones mean "as long as the samples".
  std::uint64_t ticks(double scale) const {
    return static_cast<std::uint64_t>(std::min(4294967295.0, std::ceil(seconds_ * scale)));
  }
  int fd_;
  double seconds_, movie_ = 0;
  bool lower_;
  std::uint64_t start_ = 0; ///< of the edit list, in ticks of the track that follows it
};

/// The muxer truncates a track's length to 32 bits, so players would stop early. All ones mean "as long as
/// the samples".
void mend_length(int fd, const Box& box, double seconds) {
  std::array<std::uint8_t, 16> b{};
  if (!read_at(fd, box.body, b.data(), b.size()) || b[0] != 0)
    return;
  if (seconds * static_cast<double>(big_endian(b.data() + 12, 4)) >= 4294967295.0)
    write_at(fd, box.body + 16, "\xff\xff\xff\xff", 4);
}

/// The place of a length in the file.
struct Length {
  off_t place = 0;
  int bytes = 4;
  std::uint64_t scale = 1; ///< ticks per second
};

/// The length in an mvhd or mdhd; nothing where it is 0, which means "unknown".
std::optional<Length> length_in(int fd, const Box& box) {
  std::array<std::uint8_t, 32> b{};
  if (!read_at(fd, box.body, b.data(), b.size()))
    return std::nullopt;
  const int bytes = b[0] == 1 ? 8 : 4, at = b[0] == 1 ? 24 : 16;
  const std::uint64_t scale = big_endian(b.data() + at - 4, 4);
  if (scale == 0 || big_endian(b.data() + at, bytes) == 0)
    return std::nullopt;
  return Length{box.body + at, bytes, scale};
}

/// Sets all lengths to one value, longer than any film as far as their bytes allow.
void lengthen(const std::vector<Length>& lengths, std::vector<Patch>& patches) {
  std::uint64_t seconds = 100'000'000; // three years
  for (const Length& l : lengths)
    if (l.bytes == 4)
      seconds = std::min(seconds, 0xfffffffe / l.scale); // all ones would mean "unknown"
  for (const Length& l : lengths) {
    std::string text;
    for (int i = l.bytes - 1; i >= 0; --i)
      text += static_cast<char>(seconds * l.scale >> (8 * i) & 0xff);
    patches.push_back({l.place, text});
  }
}

std::string four_bytes(std::uint64_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8)
    text += static_cast<char>(value >> shift & 0xff);
  return text;
}

/// The last box in [begin, end), which must end at `end` except for at most `rest` bytes.
Box last_box(int fd, off_t begin, off_t end, off_t rest) {
  std::optional<Box> last;
  const bool whole = walk(fd, begin, end, [&](const Box& box) {
    last = box;
    return false;
  });
  std::array<std::uint8_t, 4> size{};
  if (!whole || !last || end - last->end > rest || !read_at(fd, last->start, size.data(), size.size()) ||
      big_endian(size.data(), 4) == 0)
    throw Failure("The output cannot be marked as synthetic: its structure is not as expected.");
  return *last;
}

/// Makes a box with a length of 4 bytes longer.
void grow(int fd, const Box& box, off_t end) {
  const auto size = static_cast<std::uint64_t>(end - box.start);
  if (box.body - box.start != 8 || size > 0xffffffff)
    throw Failure("The output cannot be marked as synthetic: its index is too large.");
  write_at(fd, box.start, four_bytes(size).data(), 4);
}

} // namespace

std::vector<Patch> without_edits(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return {};
  std::vector<Patch> patches;
  std::vector<Length> lengths;
  walk(fd, 0, size_of(fd), [&](const Box& box) {
    if (box.type == "edts")
      patches.push_back({box.start + 4, "free"});
    if (box.type == "mvhd" || box.type == "mdhd")
      if (const auto length = length_in(fd, box))
        lengths.push_back(*length);
    return is_container(box.type);
  });
  close(fd);
  lengthen(lengths, patches);
  return patches;
}

void scrub_mp4(int fd, UserData user_data, std::int64_t length, FramesMissing missing) {
  bool index = false;
  double seconds = 0;
  Lengths lengths(fd, length, missing);
  const bool whole = walk(fd, 0, size_of(fd), [&](const Box& box) {
    index = index || box.type == "moov";
    if (box.type == "mvhd" || box.type == "tkhd" || box.type == "mdhd")
      zero_times(fd, box);
    if (box.type == "mvhd")
      seconds = movie_seconds(fd, box);
    if (box.type == "mdhd")
      mend_length(fd, box, seconds);
    lengths.mend(box);
    if (user_data == UserData::remove && (box.type == "udta" || box.type == "meta"))
      write_at(fd, box.start + 4, "free", 4);
    return is_container(box.type) || box.type == "edts";
  });
  if (!whole || !index)
    throw Failure("The output's index cannot be read back; it is not published.");
}

void add_xmp(int fd, XmpPlace place, std::string_view packet) {
  const off_t end = size_of(fd);
  const Box last = last_box(fd, 0, end, 0);
  if (place == XmpPlace::mp4) {
    const std::string head = four_bytes(24 + packet.size()) +
                             "uuid\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";
    write_at(fd, end, head.data(), head.size());
    write_at(fd, end + static_cast<off_t>(head.size()), packet.data(), packet.size());
    return;
  }
  if (last.type != "moov")
    throw Failure("The output cannot be marked as synthetic: its index is not at its end.");
  const Box data = last_box(fd, last.body, last.end, 0);
  const std::string item = four_bytes(8 + packet.size()) + "XMP_" + std::string(packet);
  const bool has_data = data.type == "udta";
  // QuickTime allows four zeros behind the last item.
  const off_t at = has_data ? last_box(fd, data.body, data.end, 4).end : last.end;
  const std::string added = has_data ? item : four_bytes(8 + item.size()) + "udta" + item;
  write_at(fd, at, added.data(), added.size());
  const off_t longer = at + static_cast<off_t>(added.size());
  if (has_data)
    grow(fd, data, longer);
  grow(fd, last, longer);
}

} // namespace deid::cli
