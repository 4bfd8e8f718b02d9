#include "pipelines/deid/media/film.hpp"
#include "pipelines/deid/picture/picture.hpp"
#include "pipelines/deid/review/pictures/film_pictures.hpp"
#include "pipelines/deid/review/pictures/store.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/turned.hpp"
#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <numeric>
#include <random>

// Whether the page shows the frame that it says it shows.
namespace deid::review::page::test {
namespace {

constexpr int frames = 90;

/// A busy machine is no failure.
LaneLimits patient() {
  LaneLimits limits;
  limits.patience = 200;
  return limits;
}

/// The brightness of each frame of the clips; frames near to each other differ by 7 or more.
int brightness(int frame) {
  return 30 + (frame * 7) % 190;
}

class ReviewPictures : public testing::Test {
protected:
  void SetUp() override {
    if (std::system("command -v ffmpeg >/dev/null") != 0)
      GTEST_SKIP() << "ffmpeg is missing; it makes the clips.";
  }
  /// A clip whose frame n has brightness(n). how: options of the encoder.
  std::filesystem::path clip(const std::string& name, const std::string& how,
                             const std::string& size = "160x96") const {
    const auto file = scratch.path() / name;
    const std::string line =
        "ffmpeg -nostdin -v error -f lavfi -i \"color=gray:s=" + size +
        ":r=30,format=gray,"
        "geq=lum='30+mod(N*7,190)',scale=in_range=full:out_range=full,format=yuvj420p\" -frames:v " +
        std::to_string(frames) + " " + how + " '" + file.string() + "'";
    EXPECT_EQ(std::system(line.c_str()), 0) << line;
    return file;
  }
  static cv::Mat decoded(const std::string& jpeg) {
    return cli::decode(cli::Bytes(jpeg.begin(), jpeg.end()), "picture.jpg").pixels;
  }
  /// A computer with much other work may not decode in time. Then the lane says "try again", and the page
  /// does.
  static std::string picture_of(Lane& lane, int frame) {
    constexpr int tries = 5;
    for (int attempt = 1;; ++attempt)
      try {
        return lane.picture(frame, frame % 5 == 0);
      } catch (const cli::Failure& e) {
        if (attempt == tries || std::string(e.what()).find("try again") == std::string::npos)
          throw;
      }
  }
  /// Whether the pictures are those of these frames of the clip, asked for in a disorderly way.
  static void expect_all(Lane& lane, int count, int first = 0) {
    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    std::ranges::shuffle(order, std::mt19937(7)); // NOLINT: the same order each time
    for (const int frame : order) {
      std::string picture;
      ASSERT_NO_THROW(picture = picture_of(lane, frame)) << frame;
      ASSERT_NEAR(cv::mean(decoded(picture))[0], brightness(frame + first), 3) << frame;
    }
  }
  const deid::test::Scratch scratch{};
};

TEST_F(ReviewPictures, EveryFrameIsTheOneThatIsAskedFor) {
  for (const auto& [name, how] : std::vector<std::pair<std::string, std::string>>{
           {"long.mp4", "-c:v libx264 -qp 8 -g 300 -bf 3"},
           {"short.mkv", "-c:v libx264 -qp 8 -g 12 -bf 2"},
           {"open.ts", "-c:v libx264 -qp 8 -g 20 -bf 2 -x264-params open-gop=1"},
           {"intra.avi", "-c:v mjpeg -q:v 2"},
           {"vp9.webm", "-c:v libvpx-vp9 -crf 10 -b:v 0 -g 25 -cpu-used 8"}}) {
    Lane lane(clip(name, how), scratch.path(), patient());
    SCOPED_TRACE(name);
    expect_all(lane, frames);
  }
}

TEST_F(ReviewPictures, FramesThatAnEditListHidesAreNotCounted) {
  const auto whole = clip("whole.mp4", "-c:v libx264 -qp 8 -g 30 -bf 2");
  const auto cut = scratch.path() / "cut.mp4";
  const std::string line =
      "ffmpeg -nostdin -v error -ss 0.4 -i '" + whole.string() + "' -c copy '" + cut.string() + "'";
  ASSERT_EQ(std::system(line.c_str()), 0);
  const auto film = cli::read_film(cut);
  const auto shown = static_cast<int>(film.shown_times().size());
  ASSERT_LT(shown, static_cast<int>(film.frames.size())) << "the clip has no edit list";
  Lane lane(cut, scratch.path(), patient());
  expect_all(lane, shown, frames - shown);
}

TEST_F(ReviewPictures, AFilmThatIsTurnedIsShownUpright) {
  const auto plain = clip("plain.mp4", "-c:v libx264 -qp 8 -vf drawbox=0:0:80:96:black:fill");
  const auto turned = scratch.path() / "turned.mp4";
  const std::string line =
      "ffmpeg -nostdin -v error " + deid::test::turned_copy_of(plain) + " '" + turned.string() + "'";
  ASSERT_EQ(std::system(line.c_str()), 0);
  const std::string direction = cli::read_film(turned).direction;
  ASSERT_TRUE(direction == "90r" || direction == "90l") << direction;
  Lane lane(turned, scratch.path(), patient());
  const cv::Mat picture = decoded(lane.picture(5, false));
  ASSERT_EQ(picture.size(), cv::Size(96, 160));
  const double top = cv::mean(picture(cv::Rect(0, 0, 96, 70)))[0],
               bottom = cv::mean(picture(cv::Rect(0, 90, 96, 70)))[0];
  // the black left half is on top after a turn to the right, and below after one to the left
  EXPECT_LT(direction == "90r" ? top : bottom, 25);
  EXPECT_GT(direction == "90r" ? bottom : top, 40);
}

TEST_F(ReviewPictures, ASmallPictureIsSmallAndAWholeOneIsWhole) {
  Lane lane(clip("wide.mp4", "-c:v libx264 -qp 8 -preset ultrafast", "1920x1080"), scratch.path(), patient());
  EXPECT_EQ(decoded(lane.picture(80, false)).size(), cv::Size(720, 405));
  EXPECT_EQ(decoded(lane.picture(80, true)).size(), cv::Size(1920, 1080));
}

TEST_F(ReviewPictures, AFullStoreStillGivesEveryFrame) {
  LaneLimits limits = patient();
  limits.most = 8'000; // a few pictures
  Lane lane(clip("long.mp4", "-c:v libx264 -qp 8 -g 300 -bf 3"), scratch.path(), limits);
  expect_all(lane, frames);
}

TEST_F(ReviewPictures, NoCopyOfTheVideoHasAName) {
  const auto file = clip("long.mp4", "-c:v libx264 -qp 8");
  const deid::test::Scratch folder;
  Lane lane(file, folder.path());
  EXPECT_FALSE(lane.picture(40, false).empty());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST_F(ReviewPictures, AWrongFrameAndAWrongFileAreRefusedWithASentence) {
  Lane lane(clip("long.mp4", "-c:v libx264 -qp 8"), scratch.path(), patient());
  EXPECT_THROW((void)lane.picture(frames, false), UserError);
  EXPECT_THROW((void)lane.picture(-1, false), UserError);
  deid::test::write(scratch.path() / "text.mp4", "no video");
  for (const char* name : {"text.mp4", "absent.mp4"}) {
    Lane broken(scratch.path() / name, scratch.path());
    EXPECT_THROW((void)broken.picture(0, false), UserError) << name;
    EXPECT_TRUE(broken.progress().at("error").is_string()) << name;
  }
}

TEST_F(ReviewPictures, TheOriginalIsNotOpenedBeforeItIsAskedForAndNeverWhenForbidden) {
  const auto original = clip("original.mp4", "-c:v libx264 -qp 8");
  const auto result = clip("result.mp4", "-c:v libx264 -qp 8");
  FilmPictures shown({original, result, scratch.path(), false});
  EXPECT_FALSE(shown.picture(Side::result, 3, false).empty());
  EXPECT_TRUE(shown.progress().at("original").is_null());
  EXPECT_FALSE(shown.picture(Side::original, 3, false).empty());
  FilmPictures hidden({original, result, scratch.path(), true});
  EXPECT_THROW((void)hidden.picture(Side::original, 3, false), UserError);
  EXPECT_TRUE(hidden.progress().at("original").is_null());
}

TEST_F(ReviewPictures, AnotherResultIsShownAfterARender) {
  const auto first = clip("first.mp4", "-c:v libx264 -qp 8");
  const auto second = clip("second.mp4", "-c:v libx264 -qp 8 -vf negate");
  FilmPictures pictures({first, first, scratch.path(), false});
  ASSERT_NEAR(cv::mean(decoded(pictures.picture(Side::result, 3, false)))[0], brightness(3), 3);
  pictures.result_is(second);
  EXPECT_NEAR(cv::mean(decoded(pictures.picture(Side::result, 3, false)))[0], 255 - brightness(3), 3);
}

TEST(ReviewStore, ForgetsTheOldestAndKeepsTheRest) {
  const deid::test::Scratch scratch;
  Store store(scratch.path(), 10, 100);
  for (std::size_t frame = 0; frame < 10; ++frame)
    ASSERT_TRUE(store.put(frame, std::string(30, static_cast<char>('a' + frame))));
  EXPECT_EQ(store.count(), 3);
  EXPECT_TRUE(store.full());
  EXPECT_FALSE(store.get(6).has_value());
  for (std::size_t frame = 7; frame < 10; ++frame)
    EXPECT_EQ(store.get(frame), std::string(30, static_cast<char>('a' + frame)));
}

} // namespace
} // namespace deid::review::page::test
