// The list of a film's pictures before processing, and the detection of incomplete files.
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/film.hpp"
#include "pipelines/deid/media/finished.hpp"
#include "pipelines/deid/media/mp4.hpp"
#include "pipelines/deid/media/whole.hpp"
#include "pipelines/deid/run/timetable.hpp"
#include "tests/pipelines/clip.hpp"
#include "tests/support/scratch.hpp"
#include <fstream>

namespace deid::test {
namespace {
using cli::Timetable;

struct FilmTest : ClipTest {};

TEST_F(FilmTest, AnEditListHidesFramesAndMovesTheOthers) {
  const auto whole = make(
      "a.mp4", "-f lavfi -i testsrc=duration=1:size=64x48:rate=25 -c:v libx264 -bf 0 -g 50 -pix_fmt yuv420p");
  const auto trimmed = make("b.mp4", "-ss 0.4 -i '" + whole.string() + "' -c copy");
  if (IsSkipped())
    return;
  const cli::Film film = cli::read_film(trimmed);
  ASSERT_EQ(film.frames.size(), 25U);
  for (std::size_t i = 0; i < 25; ++i) {
    EXPECT_EQ(film.frames[i].shown, i >= 10) << i;
    if (i >= 10) {
      EXPECT_EQ(film.frames[i].time, static_cast<std::int64_t>(i - 10) * 40'000'000) << i;
    }
  }
  EXPECT_EQ(film.end, 600'000'000);
  EXPECT_EQ("1/" + std::to_string(film.timescale), probe(trimmed, "time_base"));
  EXPECT_TRUE(film.damage.empty()) << film.damage;
  EXPECT_EQ(cli::read_film(trimmed, cli::Look::decoded).shown_times(), film.shown_times());
}

TEST_F(FilmTest, MatroskaSaysHowItsPicturesAreTurned) {
  const auto plain = make_plain("a.mkv");
  if (IsSkipped())
    return;
  if (!have("mkvmerge"))
    GTEST_SKIP() << "mkvmerge is not installed; it writes the turned files";
  const auto film = [&](const std::string& degrees) {
    const auto file = dir / ("turned" + degrees + ".mkv");
    output_of("mkvmerge -q -o '" + file.string() + "' --projection-pose-roll 0:" + degrees + " '" +
              plain.string() + "'");
    return cli::read_film(file);
  };
  for (const auto& [degrees, direction] :
       {std::pair{"0", ""}, std::pair{"90", "90l"}, std::pair{"180", "180"}, std::pair{"-90", "90r"}}) {
    EXPECT_EQ(film(degrees).direction, direction) << degrees;
    EXPECT_FALSE(film(degrees).oblique) << degrees;
  }
  EXPECT_EQ(film("45").direction, "");
  EXPECT_TRUE(film("45").oblique);
}

TEST_F(FilmTest, Mp4SaysHowItsPicturesAreTurned) {
  const auto plain = make_plain("a.mp4");
  if (IsSkipped())
    return;
  const std::string bytes = read(plain);
  const auto matrix = bytes.find("tkhd") + 4 + 40; // version 0: 40 bytes before the matrix
  ASSERT_LT(matrix, bytes.size());
  const auto film = [&](int a, int b, int c, int d) {
    std::string turned = bytes;
    for (const auto& [place, value] : {std::pair{0, a}, std::pair{1, b}, std::pair{3, c}, std::pair{4, d}})
      for (int i = 0; i < 4; ++i)
        turned[matrix + static_cast<std::size_t>(4 * place + i)] =
            static_cast<char>(static_cast<unsigned>(value * 0x10000) >> (8 * (3 - i)) & 0xff);
    write(dir / "turned.mp4", turned);
    return cli::read_film(dir / "turned.mp4");
  };
  const auto direction = [&](int a, int b, int c, int d) { return film(a, b, c, d).direction; };
  EXPECT_EQ(direction(1, 0, 0, -1), "vert");
  EXPECT_EQ(direction(-1, 0, 0, 1), "horiz");
  EXPECT_EQ(direction(-1, 0, 0, -1), "180");
  EXPECT_EQ(direction(0, 1, 1, 0), "ul-lr");
  EXPECT_EQ(direction(0, 1, -1, 0), "90r");
  EXPECT_EQ(direction(0, -1, 1, 0), "90l");
  EXPECT_EQ(direction(0, -1, -1, 0), "ur-ll");
  EXPECT_EQ(direction(1, 1, -1, 1), "");
  EXPECT_TRUE(film(1, 1, -1, 1).oblique);
  EXPECT_FALSE(film(0, 1, 1, 0).oblique);
}

TEST_F(FilmTest, TransportStreamsBeginAtTheirFirstFrame) {
  const auto file = make(
      "a.ts", "-f lavfi -i testsrc=duration=0.4:size=64x48:rate=25 -c:v mpeg2video -output_ts_offset 100");
  if (IsSkipped())
    return;
  const cli::Film film = cli::read_film(file);
  EXPECT_GT(film.origin, 100'000'000'000);
  EXPECT_EQ(film.shown_times().front(), 0);
  EXPECT_EQ(film.frames.size(), 10U);
}

TEST_F(FilmTest, RefusesWhatHasNoFilm) {
  const auto sound = make("a.mp4", "-f lavfi -i sine=duration=0.5 -c:a aac");
  if (IsSkipped())
    return;
  EXPECT_THROW(cli::read_film(sound), cli::Failure);
  EXPECT_THROW(cli::read_film(dir / "none.mp4"), cli::Failure);
  std::ofstream(dir / "text.mkv") << "only words";
  EXPECT_THROW(cli::read_film(dir / "text.mkv"), cli::Failure);
}

TEST_F(FilmTest, AFinishedFileThatShowsSomethingElseIsNotKept) {
  const auto file = make_plain("a.mp4");
  if (IsSkipped())
    return;
  std::vector<std::int64_t> times = cli::read_film(file).shown_times();
  EXPECT_NO_THROW(cli::verify_finished(file, times));
  times[7] += 5'000'000;
  EXPECT_THROW(cli::verify_finished(file, times), cli::Failure);
  times[7] -= 5'000'000;
  times.push_back(times.back() + 40'000'000);
  EXPECT_THROW(cli::verify_finished(file, times), cli::Failure);
}

TEST_F(FilmTest, TheEndOfAFileIsHeldAgainstItsStructure) {
  for (const char* name : {"a.mp4", "a.avi", "a.mkv", "a.ts", "a.mpg"}) {
    const auto file = make(name, "-f lavfi -i testsrc=duration=0.4:size=64x48:rate=25 -c:v " +
                                     std::string(std::string(name) == "a.mpg" ? "mpeg1video" : "mpeg4"));
    if (IsSkipped())
      return;
    EXPECT_FALSE(cli::is_cut_off(file)) << name;
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 10);
    EXPECT_TRUE(cli::is_cut_off(file)) << name;
  }
  std::ofstream(dir / "text") << "words that are no video, and of no known structure at all";
  EXPECT_FALSE(cli::is_cut_off(dir / "text"));
  EXPECT_FALSE(cli::is_cut_off(dir / "none"));
}

TEST_F(FilmTest, PatchesOfADamagedMp4AreNone) {
  std::ofstream(dir / "a.mp4", std::ios::binary) << std::string("\0\0\0\x08"
                                                                "moov"
                                                                "\xff\xff\xff\xff"
                                                                "trak",
                                                                16);
  EXPECT_TRUE(cli::without_edits(dir / "a.mp4").empty());
  EXPECT_TRUE(cli::without_edits(dir / "none.mp4").empty());
}

TEST(TimetableTest, GivesEachPictureItsTimeAndKnowsTheHiddenOnes) {
  cli::Film film;
  film.frames = {{0, 0, false}, {40, 0, false}, {80, 500, true}, {120, 540, true}};
  film.end = 600;
  Timetable table(film, false);
  EXPECT_EQ(table.begin(), 500);
  EXPECT_EQ(table.next(0).kind, Timetable::Kind::hidden);
  EXPECT_EQ(table.next(-1).kind, Timetable::Kind::hidden);
  const auto first = table.next(80), second = table.next(120);
  EXPECT_EQ(first.kind, Timetable::Kind::shown);
  EXPECT_EQ(first.time, 0);
  EXPECT_EQ(first.duration, 40);
  EXPECT_EQ(second.time, 40);
  EXPECT_EQ(second.duration, 60);
  EXPECT_EQ(table.next(160).kind, Timetable::Kind::beyond);
  EXPECT_EQ(table.decoded(), 5U);
}

TEST(TimetableTest, MissingPicturesMoveNoOther) {
  cli::Film film;
  for (int i = 0; i < 6; ++i)
    film.frames.push_back({i * 40, i * 40, true});
  film.end = 240;
  Timetable table(film, true);
  EXPECT_EQ(table.next(1000).time, 0); // the decoder's clock begins anywhere
  EXPECT_EQ(table.next(1041).time, 40);
  EXPECT_EQ(table.next(1160).time, 160); // two are missing
  EXPECT_EQ(table.next(1200).time, 200);
  EXPECT_EQ(table.decoded(), 4U);
}

} // namespace
} // namespace deid::test
