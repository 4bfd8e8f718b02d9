#include "pipelines/deid/media/mkv.hpp"
#include "pipelines/deid/failure.hpp"
#include <algorithm>
#include <array>
#include <cstdint>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace deid::cli {
namespace {

constexpr std::uint64_t ebml = 0x1A45DFA3, segment = 0x18538067, info = 0x1549A966, date = 0x4461,
                        cluster = 0x1F43B675, tags = 0x1254C367, tracks = 0x1654AE6B, entry = 0xAE,
                        video = 0xE0, colours = 0x55B0, coefficients = 0x55B1;

[[noreturn]] void unreadable() {
  throw Failure("The output's head cannot be read back; it is not published.");
}

struct Element {
  std::uint64_t id = 0;
  off_t start = 0, body = 0, end = 0; ///< file positions
};

/// Reads an EBML number, whose first byte gives its length. keep_mark keeps the length bit, as in IDs.
std::uint64_t number(int fd, off_t& at, bool keep_mark, bool& unknown) {
  std::array<std::uint8_t, 8> b{};
  if (pread(fd, b.data(), 1, at) != 1 || b[0] == 0)
    unreadable();
  int bytes = 1;
  while (!(b[0] & (0x80 >> (bytes - 1))))
    ++bytes;
  if (pread(fd, b.data(), static_cast<std::size_t>(bytes), at) != bytes)
    unreadable();
  std::uint64_t v = keep_mark ? b[0] : b[0] & (0xff >> bytes);
  bool ones = (b[0] | (0xff << (8 - bytes) & 0xff)) == 0xff;
  for (int i = 1; i < bytes; ++i) {
    v = v << 8 | b[static_cast<std::size_t>(i)];
    ones = ones && b[static_cast<std::size_t>(i)] == 0xff;
  }
  unknown = ones && !keep_mark;
  at += bytes;
  return v;
}

Element element_at(int fd, off_t at, off_t limit) {
  Element e;
  bool unknown = false;
  e.start = at;
  e.id = number(fd, at, true, unknown);
  const std::uint64_t size = number(fd, at, false, unknown);
  e.body = at;
  if (!unknown && size > static_cast<std::uint64_t>(limit - at))
    unreadable();
  e.end = unknown ? limit : at + static_cast<off_t>(size);
  return e;
}

/// Overwrites an element with a Void element of the same length. The Void's own length field takes 1 byte or
/// 8.
void blank(int fd, const Element& e) {
  const auto length = e.end - e.start;
  const off_t head = length < 10 ? 2 : 9;
  std::vector<std::uint8_t> none(static_cast<std::size_t>(std::max<off_t>(2, length)));
  none[0] = 0xEC;
  none[1] = head == 2 ? static_cast<std::uint8_t>(0x80 | (length - 2)) : 0x01;
  for (off_t i = 2; i < head; ++i)
    none[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>((length - 9) >> (8 * (8 - i)) & 0xff);
  constexpr off_t most = 1 << 20; // a longer head is damaged
  if (length < 2 || length > most ||
      pwrite(fd, none.data(), static_cast<std::size_t>(length), e.start) != length)
    throw Failure("The output could not be written while its date was removed.");
}

/// Sets the matrix in the head of the tracks.
void set_matrix(int fd, const Element& in, std::uint8_t matrix) {
  for (off_t at = in.body; at < in.end;) {
    const Element child = element_at(fd, at, in.end);
    if (child.id == entry || child.id == video || child.id == colours)
      set_matrix(fd, child, matrix);
    if (child.id == coefficients && child.end - child.body == 1 && pwrite(fd, &matrix, 1, child.body) != 1)
      throw Failure("The output could not be written while its colours were corrected.");
    at = child.end;
  }
}

/// Blanks the date in the file's info.
void blank_date(int fd, const Element& file_info) {
  for (off_t at = file_info.body; at < file_info.end;) {
    const Element field = element_at(fd, at, file_info.end);
    if (field.id == date)
      blank(fd, field);
    at = field.end;
  }
}

/// Returns the element at a place. Refuses the file when the element has another id.
Element expected(int fd, std::uint64_t id, off_t at, off_t limit) {
  const Element found = element_at(fd, at, limit);
  if (found.id != id)
    unreadable();
  return found;
}

} // namespace

void scrub_mkv(int fd, UserData user_data, unsigned matrix) {
  struct stat st {};
  if (fstat(fd, &st) != 0)
    unreadable();
  const Element head = expected(fd, ebml, 0, st.st_size);
  const Element body = expected(fd, segment, head.end, st.st_size);
  for (off_t at = body.body; at < body.end;) {
    const Element child = element_at(fd, at, body.end);
    if (child.id == cluster)
      return; // the head ends here
    if (child.id == tags && user_data == UserData::remove)
      blank(fd, child);
    if (child.id == tracks && (matrix == 5 || matrix == 6))
      set_matrix(fd, child, static_cast<std::uint8_t>(matrix));
    if (child.id == info)
      blank_date(fd, child);
    at = child.end;
  }
}

} // namespace deid::cli
