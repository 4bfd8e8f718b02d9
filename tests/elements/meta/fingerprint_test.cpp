#include "elements/meta/fingerprint.hpp"
#include "tests/elements/meta/footage.hpp"
#include "tests/elements/video/test_frame.hpp"
#include <gtest/gtest.h>

namespace deid {
namespace {

using test::Kind;
using test::kinds;
using test::Sample;
using test::TestFrame;

TEST(Fingerprint, IsTheSameInEveryLayoutAndRange) {
  Fingerprint first;
  for (const Kind& kind : kinds())
    for (const bool full : {false, true}) {
      TestFrame frame(kind, 133, 77);
      frame.view.full_range = full;
      const auto luma = [](int x, int y) { return 16 + (x * 160) / 133 + (y * 50) / 77; };
      frame.fill([&](int p, int x, int y, int) {
        if (p != 0)
          return 128;
        const bool is_yuv = kind.layout != video::Layout::packed && !full;
        return is_yuv ? static_cast<int>(std::lround(luma(x, y) * 219 / 255.0)) + 16 : luma(x, y);
      });
      const Fingerprint now = fingerprint(frame.view);
      if (&kind == &kinds().front() && !full)
        first = now;
      for (std::size_t i = 0; i < now.luma.size(); ++i)
        ASSERT_NEAR(now.luma.at(i), first.luma.at(i), 1) << kind.name << " " << full << " " << i;
    }
}

TEST(Fingerprint, OfTinyFramesReadsInsideOnly) {
  for (const Kind& kind : kinds())
    for (const cv::Size size : {cv::Size(1, 1), cv::Size(2, 3), cv::Size(31, 17)}) {
      TestFrame frame(kind, size.width, size.height);
      frame.view.full_range = true;
      frame.fill([](int p, int, int, int) { return p == 0 ? 50 : 128; });
      for (const std::uint8_t luma : fingerprint(frame.view).luma)
        ASSERT_EQ(luma, 50) << kind.name;
    }
}

TEST(Fingerprint, AFewLevelsOfNoiseMatchAndAnotherPictureDoesNot) {
  Fingerprint then;
  for (std::size_t i = 0; i < then.luma.size(); ++i)
    then.luma.at(i) = static_cast<std::uint8_t>((i * 7919) % 200 + 20);
  Fingerprint noisy = then;
  for (std::size_t i = 0; i < noisy.luma.size(); ++i)
    noisy.luma.at(i) = static_cast<std::uint8_t>(noisy.luma.at(i) + (i % 3) - 1);
  EXPECT_TRUE(matches(then, then, true));
  EXPECT_TRUE(matches(then, noisy, true));
  EXPECT_TRUE(matches(then, noisy, false));
  Fingerprint mirrored = then;
  for (int y = 0; y < Fingerprint::rows; ++y)
    std::reverse(mirrored.luma.begin() + y * Fingerprint::columns,
                 mirrored.luma.begin() + (y + 1) * Fingerprint::columns);
  EXPECT_FALSE(matches(then, mirrored, false));
  EXPECT_FALSE(matches(then, Fingerprint{}, false));
}

// A small face put into a stamped scene changes few blocks, but changes them much.
TEST(Fingerprint, AFewBlocksThatChangeALotAreAnotherPicture) {
  Fingerprint then;
  for (std::size_t i = 0; i < then.luma.size(); ++i)
    then.luma.at(i) = static_cast<std::uint8_t>((i * 7919) % 150 + 20);
  for (const int blocks : {1, 4, 20}) {
    Fingerprint now = then;
    for (int i = 0; i < blocks; ++i)
      now.luma.at(static_cast<std::size_t>(200 + i)) += 50;
    EXPECT_FALSE(matches(then, now, true)) << blocks;
    EXPECT_FALSE(matches(then, now, false)) << blocks;
  }
}

TEST(Fingerprint, APictureLikeItsMirrorImageMustBeExact) {
  Fingerprint then;
  then.luma.fill(100);
  Fingerprint now = then;
  now.luma[0] = 101;
  EXPECT_TRUE(matches(then, then, false));
  EXPECT_FALSE(matches(then, now, false));
}

std::vector<Fingerprint> prints(const std::vector<Sample>& frames) {
  std::vector<Fingerprint> all;
  for (const Sample& frame : frames) {
    GstVideoInfo info;
    gst_video_info_from_caps(&info, gst_sample_get_caps(frame.get()));
    MappedFrame mapped(gst_sample_get_buffer(frame.get()), info, GST_MAP_READ);
    all.push_back(fingerprint(mapped.view()));
  }
  return all;
}

/// Real clips: near-symmetric talking heads in front of a plain wall, a close-up, a walker.
class Footage : public testing::TestWithParam<std::string> {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  void SetUp() override {
    const std::filesystem::path deps = std::filesystem::path(DEID_DEPS_DIR) / "footage" / GetParam();
    const std::filesystem::path file =
        std::filesystem::exists(deps) ? deps : test::shared_data() / GetParam();
    if (!std::filesystem::exists(file))
      GTEST_SKIP() << "the clip " << GetParam()
                   << " is not here (DEID_SHARED names the folder that holds data/)";
    frames_ = test::decode(file, 8, 8);
    ASSERT_GE(frames_.size(), 4U);
    then_ = prints(frames_);
  }
  /// Returns how many frames still match after `elements`.
  std::size_t matching(const std::string& elements) {
    const std::vector<Fingerprint> now = prints(test::through(frames_, elements));
    EXPECT_EQ(now.size(), then_.size()) << elements;
    std::size_t count = 0;
    for (std::size_t i = 0; i < std::min(now.size(), then_.size()); ++i)
      count += matches(then_[i], now[i], false) ? 1 : 0;
    return count;
  }
  std::vector<Sample> frames_;
  std::vector<Fingerprint> then_;
};
INSTANTIATE_TEST_SUITE_P(Clips, Footage,
                         testing::Values("single_face.mp4", "WolfgangLanger_Pexels.mp4", "grid/bbaf2n.mpg",
                                         "grid/brbk7n.mpg", "grid/id2_vcd_swwp2s.mpg", "grid/lbax4n.mpg",
                                         "grid/lrwp9a.mpg", "intel_asl/help.mkv", "pose2sim/cam03.mp4"),
                         [](const auto& clip) {
                           std::string name = clip.param;
                           std::replace_if(
                               name.begin(), name.end(), [](char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

TEST_P(Footage, SurvivesWhatKeepsThePicture) {
  for (const char* elements :
       {"identity", "videoconvert ! video/x-raw,format=BGRx", "videoconvert ! video/x-raw,format=NV12",
        "videoconvert ! video/x-raw,format=GRAY8",
        "videoconvert ! video/x-raw,format=RGB ! videoconvert ! video/x-raw,format=I420",
        "x264enc speed-preset=ultrafast tune=zerolatency quantizer=35 pass=quant ! avdec_h264"})
    EXPECT_EQ(matching(elements), then_.size()) << elements;
}

TEST_P(Footage, SurvivesScaling) {
  GstVideoInfo info;
  gst_video_info_from_caps(&info, gst_sample_get_caps(frames_.front().get()));
  for (const double factor : {0.5, 0.33, 1.5}) {
    const std::string size = "width=" + std::to_string(std::lround(info.width * factor)) +
                             ",height=" + std::to_string(std::lround(info.height * factor));
    EXPECT_EQ(matching("videoscale add-borders=false ! video/x-raw," + size), then_.size()) << size;
  }
}

TEST_P(Footage, RefusesWhatMovesThePicture) {
  for (const char* elements :
       {"videoflip video-direction=horiz", "videoflip video-direction=vert", "videoflip video-direction=180",
        "videoflip video-direction=90r", "videoflip video-direction=90l", "videoflip video-direction=ul-lr",
        "videoflip video-direction=ur-ll", "videocrop left=64", "videocrop top=64 bottom=2",
        "videobox left=-80 top=-40",
        "videoflip video-direction=horiz ! x264enc speed-preset=ultrafast quantizer=40 pass=quant ! "
        "avdec_h264"})
    EXPECT_EQ(matching(elements), 0U) << elements;
}

TEST_P(Footage, RefusesAnotherClipsFrames) {
  const std::filesystem::path other = std::filesystem::path(DEID_DEPS_DIR) / "footage" / "no_face.mp4";
  for (const Fingerprint& now : prints(test::decode(other, 3, 5)))
    for (const Fingerprint& then : then_)
      EXPECT_FALSE(matches(then, now, false));
}

} // namespace
} // namespace deid
