// A frame is the same whichever way it is reached, upright, and compared with another decoder's.
#include "models/files/sha256.hpp"
#include "pipelines/deid/review/frames.hpp"
#include "pipelines/deid/review/look.hpp"
#include "pipelines/deid/review/render.hpp"
#include "tests/pipelines/clip.hpp"
#include "tests/pipelines/review/made.hpp"
#include "tests/support/turned.hpp"
#include <opencv2/imgproc.hpp>

namespace deid::test {
namespace {

using review::Frames;

class FramesTest : public ClipTest {
protected:
  static std::string sum(const cv::Mat& picture) {
    files::Sha256 all;
    const cv::Mat whole = picture.clone();
    all.add(std::as_bytes(std::span(whole.data, whole.total() * whole.elemSize())));
    return all.hex();
  }
  static std::vector<std::string> in_order(const std::filesystem::path& file) {
    Frames frames(file);
    std::vector<std::string> all;
    for (int i = 0; i < frames.count(); ++i)
      all.push_back(sum(frames.gray(i)));
    return all;
  }
};

TEST_F(FramesTest, AFrameIsTheSameWhicheverWayItIsReached) {
  for (const auto& [name, codec] : std::vector<std::pair<std::string, std::string>>{
           {"b.mp4", "-c:v libx264 -bf 3 -g 40 -pix_fmt yuv420p"},
           {"open.mkv", "-c:v libx264 -bf 3 -g 40 -x264-params open-gop=1 -pix_fmt yuv420p"},
           {"intra.avi", "-c:v mjpeg -pix_fmt yuvj420p"}}) {
    const auto file = make(name, "-f lavfi -i testsrc=duration=30:size=64x48:rate=25 " + codec);
    if (IsSkipped())
      return;
    const std::vector<std::string> all = in_order(file);
    ASSERT_EQ(all.size(), 750U) << name;
    Frames frames(file);
    for (const int at : {700, 0, 749, 41, 39, 40, 400, 1, 399, 740, 20, 500, 499, 498})
      EXPECT_EQ(sum(frames.gray(at)), all[static_cast<std::size_t>(at)]) << name << " " << at;
  }
}

TEST_F(FramesTest, FramesOfAnEditListAreNumberedAsTheyAreShown) {
  const auto whole =
      make("whole.mp4", "-f lavfi -i testsrc=duration=4:size=64x48:rate=25 -c:v libx264 -bf 2 -g 25");
  if (IsSkipped())
    return;
  const auto cut = make("cut.mp4", "-ss 1.52 -i '" + whole.string() + "' -c copy");
  Frames shown(cut), all(whole);
  ASSERT_LT(shown.count(), all.count());
  const int offset = all.count() - shown.count();
  EXPECT_EQ(sum(shown.gray(0)), sum(all.gray(offset)));
  EXPECT_EQ(sum(shown.gray(shown.count() - 1)), sum(all.gray(all.count() - 1)));
}

TEST_F(FramesTest, AFrameIsUpright) {
  const auto file =
      make("plain.mp4", "-f lavfi -i testsrc=duration=0.4:size=64x48:rate=25 -c:v libx264 -pix_fmt yuv420p");
  if (IsSkipped())
    return;
  const auto turned = make("turned.mp4", turned_copy_of(file));
  Frames before(file), after(turned);
  EXPECT_EQ(after.size(), cv::Size(48, 64));
  cv::Mat expected;
  cv::rotate(before.gray(3), expected, cv::ROTATE_90_COUNTERCLOCKWISE); // as ffmpeg turns it
  EXPECT_EQ(cv::norm(expected, after.gray(3), cv::NORM_INF), 0);
}

TEST_F(FramesTest, APictureHasRoomForTheVectorsThatSwscaleWrites) {
  const auto file =
      make("grid.mp4", "-f lavfi -i testsrc=duration=0.4:size=360x288:rate=25 -c:v libx264 -pix_fmt yuv420p");
  if (IsSkipped())
    return;
  Frames frames(file); // 360 px are no whole number of vectors: libswscale wrote behind the last row
  for (const cv::Mat& picture : {frames.rgb(0), frames.gray(0)}) {
    cv::Size whole;
    cv::Point at;
    picture.locateROI(whole, at);
    EXPECT_EQ(picture.size(), cv::Size(360, 288));
    EXPECT_GE(whole.width - at.x - picture.cols, 64);
  }
}

TEST_F(FramesTest, RefusesWhatIsNotThere) {
  const auto file = make_plain("plain.mp4");
  if (IsSkipped())
    return;
  Frames frames(file);
  EXPECT_EQ(frames.rgb(0).type(), CV_8UC3);
  EXPECT_NE(refused([&] { frames.gray(20); }), "");
  EXPECT_NE(refused([&] { frames.gray(-1); }), "");
  EXPECT_NE(refused([&] { const Frames none(dir / "none.mp4"); }), "");
}

TEST(SameDetail, IsHighForTheSamePixelsAndLowForACover) {
  cv::Mat original(120, 160, CV_8UC1);
  cv::RNG(3).fill(original, cv::RNG::UNIFORM, 0, 256);
  cv::GaussianBlur(original, original, {0, 0}, 1.2);
  const cv::Rect2d box(40, 30, 60, 60);
  cv::Mat coded = original.clone(), noise(original.size(), CV_8UC1), blurred, masked = original.clone();
  cv::RNG(4).fill(noise, cv::RNG::UNIFORM, 0, 5);
  coded += noise;
  cv::blur(original, blurred, {31, 31});
  masked(cv::Rect(30, 20, 80, 80)).setTo(0);
  EXPECT_GT(*review::same_detail(original, original, box), .99);
  EXPECT_GT(*review::same_detail(original, coded, box), .9);
  EXPECT_LT(*review::same_detail(original, blurred, box), .4);
  EXPECT_LT(*review::same_detail(original, masked, box), .1);
  EXPECT_FALSE(review::same_detail(cv::Mat(120, 160, CV_8UC1, cv::Scalar(9)), original, box))
      << "there is nothing to compare";
  EXPECT_FALSE(review::same_detail(original, original, {0, 0, 4, 4}));
}

TEST(Share, IsReadFromALineOfProgress) {
  EXPECT_DOUBLE_EQ(review::share_in("visit.mp4   34 %  25.0 fps  3 s left"), .34);
  EXPECT_DOUBLE_EQ(review::share_in("  100 %"), 1);
  EXPECT_LT(review::share_in("note: 1234 % of it"), 0);
  EXPECT_LT(review::share_in("visit.mp4  12 frames"), 0);
}

} // namespace
} // namespace deid::test
