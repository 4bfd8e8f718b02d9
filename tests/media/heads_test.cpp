// The clean-up of a finished file's head, byte by byte, on small files that are made here.
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/mkv.hpp"
#include "tests/support/scratch.hpp"
#include <fcntl.h>
#include <functional>
#include <gtest/gtest.h>
#include <unistd.h>

namespace deid::test {
namespace {

std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i)
    text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

/// An open file that is closed with the object.
struct Opened {
  explicit Opened(const std::filesystem::path& file) : fd(open(file.c_str(), O_RDWR | O_CLOEXEC)) {}
  ~Opened() { close(fd); }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  int fd;
};

/// Returns the content of a file after `clean` has worked on it.
std::string after(const std::string& content, const std::function<void(int)>& clean) {
  const Scratch scratch;
  const auto file = scratch.path() / "file";
  write(file, content);
  clean(Opened(file).fd);
  return read(file);
}

// --- MP4 ---

std::string box(const std::string& type, const std::string& body) {
  return big_endian(8 + body.size(), 4) + type + body;
}

/// The values that scrub_mp4() may change.
struct Index {
  bool wide = false; ///< version 1: lengths and times of 8 bytes
  std::uint64_t time = 7;
  std::uint64_t movie_scale = 1000, movie = 500;
  std::uint64_t track = 500;
  std::uint64_t first_edit = 100, last_edit = 400;
  std::uint64_t media_scale = 90000, media = 45000;
  std::string user_data = "udta";
};

std::string times(const Index& x) {
  const int bytes = x.wide ? 8 : 4;
  return std::string(1, x.wide ? '\1' : '\0') + big_endian(0, 3) + big_endian(x.time, bytes) +
         big_endian(x.time, bytes);
}

/// mvhd or mdhd.
std::string header(const Index& x, const char* type, std::uint64_t scale, std::uint64_t length) {
  return box(type,
             times(x) + big_endian(scale, 4) + big_endian(length, x.wide ? 8 : 4) + std::string(20, '.'));
}

std::string moov(const Index& x) {
  const int bytes = x.wide ? 8 : 4;
  const auto edit = [&](std::uint64_t length) {
    return big_endian(length, bytes) + big_endian(3, bytes) + big_endian(0x10000, 4);
  };
  const std::string track = box("tkhd", times(x) + big_endian(1, 4) + big_endian(0, 4) +
                                            big_endian(x.track, bytes) + std::string(20, '.'));
  const std::string edits = box("elst", std::string(1, x.wide ? '\1' : '\0') + big_endian(0, 3) +
                                            big_endian(2, 4) + edit(x.first_edit) + edit(x.last_edit));
  return header(x, "mvhd", x.movie_scale, x.movie) +
         box("trak", track + box("edts", edits) + box("mdia", header(x, "mdhd", x.media_scale, x.media))) +
         box(x.user_data, "a name");
}

std::string mp4(const Index& x) {
  return box("ftyp", "isom") + box("moov", moov(x)) + box("mdat", std::string(40, 'x'));
}

std::string scrubbed(const std::string& content, std::int64_t length,
                     cli::UserData user_data = cli::UserData::remove) {
  return after(content, [&](int fd) { cli::scrub_mp4(fd, user_data, length); });
}

TEST(Mp4, TimesBecomeZeroAndUserDataFreeSpace) {
  for (const bool wide : {false, true}) {
    Index x{.wide = wide}, clean = x;
    clean.time = 0;
    clean.user_data = "free";
    EXPECT_EQ(scrubbed(mp4(x), 0), mp4(clean)) << wide;
    clean.user_data = "udta";
    EXPECT_EQ(scrubbed(mp4(x), 0, cli::UserData::keep), mp4(clean)) << wide;
  }
}

TEST(Mp4, LengthsAreRaisedToTheFilms) {
  for (const bool wide : {false, true}) {
    const Index x{.wide = wide, .time = 0, .user_data = "free"};
    Index longer = x;
    longer.movie = longer.track = longer.last_edit = 1000;
    longer.media = 90000;
    EXPECT_EQ(scrubbed(mp4(x), 1'000'000'000), mp4(longer)) << wide;
    EXPECT_EQ(scrubbed(mp4(longer), 250'000'000), mp4(longer)) << wide;
  }
}

TEST(Mp4, ATrackOfTooManyTicksIsAsLongAsItsSamples) {
  const Index x{.time = 0, .movie_scale = 1, .movie = 100'000, .media = 5, .user_data = "free"};
  Index all_ones = x;
  all_ones.media = 0xffffffff;
  EXPECT_EQ(scrubbed(mp4(x), 0), mp4(all_ones));
}

TEST(Mp4, SizesOfEightBytesAndToTheEndAreRead) {
  const Index x{}, clean{.time = 0, .user_data = "free"};
  const auto file = [](const Index& of) {
    const std::string body = moov(of);
    return big_endian(1, 4) + "moov" + big_endian(16 + body.size(), 8) + body + big_endian(0, 4) + "mdat" +
           std::string(40, 'x');
  };
  EXPECT_EQ(scrubbed(file(x), 0), file(clean));
}

TEST(Mp4, ABrokenStructureIsRefused) {
  const std::string good = mp4({});
  EXPECT_THROW(scrubbed(box("ftyp", "isom") + box("mdat", "none"), 0), cli::Failure);
  EXPECT_THROW(scrubbed(good + big_endian(4, 4) + "skip", 0), cli::Failure);   // smaller than its own head
  EXPECT_THROW(scrubbed(good + big_endian(999, 4) + "skip", 0), cli::Failure); // larger than the file
  EXPECT_THROW(scrubbed(good + big_endian(1, 4) + "skip", 0), cli::Failure);   // without its 8 bytes
}

std::string marked(const std::string& content, cli::XmpPlace place) {
  return after(content, [&](int fd) { cli::add_xmp(fd, place, "<packet/>"); });
}

TEST(Mp4, XmpFollowsTheFileInItsOwnBox) {
  const std::string film = mp4({});
  const std::string xmp =
      box("uuid", "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac<packet/>");
  EXPECT_EQ(marked(film, cli::XmpPlace::mp4), film + xmp);
}

TEST(Mp4, QuickTimesXmpIsTheLastItemOfTheUserData) {
  const std::string note = box("\xa9"
                               "cmt",
                               "synthetic"),
                    xmp = box("XMP_", "<packet/>"), start = box("ftyp", "qt  ") + box("mdat", "pictures");
  const auto film = [&](const std::string& items) {
    return start + box("moov", box("mvhd", "times") + box("udta", items));
  };
  const std::string result = film(note + xmp);
  EXPECT_EQ(marked(film(note), cli::XmpPlace::quicktime), result);
  EXPECT_EQ(marked(film(note + std::string(4, '\0')), cli::XmpPlace::quicktime), result);
  EXPECT_EQ(marked(start + box("moov", box("mvhd", "times")), cli::XmpPlace::quicktime), film(xmp));
}

TEST(Mp4, AFileWithoutAPlaceForXmpIsRefused) {
  const std::string open = box("ftyp", "isom") + big_endian(0, 4) + "mdat and no end";
  EXPECT_THROW(marked(open, cli::XmpPlace::mp4), cli::Failure);
  EXPECT_THROW(marked(mp4({}), cli::XmpPlace::quicktime), cli::Failure) << "pictures come last";
  EXPECT_THROW(marked(box("moov", ""), cli::XmpPlace::quicktime), cli::Failure);
}

// --- Matroska ---

/// An element of up to 126 bytes.
std::string element(const std::string& id, const std::string& body) {
  return id + static_cast<char>(0x80 | body.size()) + body;
}

const std::string date = element("\x44\x61", "12345678"), name = element("\x7B\xA9", "the name"),
                  tags = element("\x12\x54\xC3\x67", "abc");

std::string mkv(const std::string& of_info, const std::string& of_head, char matrix) {
  const std::string colour = element("\x55\xB0", element("\x55\xB1", std::string(1, matrix)));
  const std::string tracks = element("\x16\x54\xAE\x6B", element("\xAE", element("\xE0", colour)));
  const std::string cluster = element("\x1F\x43\xB6\x75", "pictures");
  return element("\x1A\x45\xDF\xA3", "head") + "\x18\x53\x80\x67\x01" + std::string(7, '\xff') +
         element("\x15\x49\xA9\x66", of_info) + of_head + tracks + cluster + tags;
}

TEST(Mkv, TheDateAndTheTagsBeforeThePicturesAreBlanked) {
  const std::string no_date = std::string("\xEC\x01\0\0\0\0\0\0\2\0\0", 11),
                    no_tags = std::string("\xEC\x86\0\0\0\0\0\0", 8);
  const std::string file = mkv(name + date, tags, 6);
  EXPECT_EQ(after(file, [](int fd) { cli::scrub_mkv(fd, cli::UserData::remove); }),
            mkv(name + no_date, no_tags, 6));
  EXPECT_EQ(after(file, [](int fd) { cli::scrub_mkv(fd, cli::UserData::keep); }),
            mkv(name + no_date, tags, 6));
}

TEST(Mkv, TheMatrixIsSetWhenItIsOneOfBt601) {
  const std::string file = mkv(name, "", 6);
  for (const unsigned matrix : {0U, 1U, 5U, 6U})
    EXPECT_EQ(after(file, [&](int fd) { cli::scrub_mkv(fd, cli::UserData::remove, matrix); }),
              mkv(name, "", matrix == 5 ? 5 : 6))
        << matrix;
}

TEST(Mkv, AnotherHeadIsRefused) {
  const auto scrub = [](const std::string& content) {
    return after(content, [](int fd) { cli::scrub_mkv(fd, cli::UserData::remove); });
  };
  EXPECT_THROW(scrub("no Matroska"), cli::Failure);
  EXPECT_THROW(scrub(element("\x1A\x45\xDF\xA3", "head") + tags), cli::Failure);
  EXPECT_THROW(scrub(mkv(name, "", 6).substr(0, 30)), cli::Failure);
}

} // namespace
} // namespace deid::test
