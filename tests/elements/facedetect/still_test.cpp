// Faces that planned sweeps do not find, in real pictures as clinics take them.
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/network_finder.hpp"
#include "elements/facedetect/tracker.hpp"
#include "tests/support/frames.hpp"
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace deid::facedetect {
namespace {

class StillPicture : public testing::Test {
protected:
  NetworkFinder finder{{}, {}};

  /// Returns a picture, or this frame of a clip, of the shared footage; empty when the file is absent.
  static cv::Mat picture(const std::string& name, int frame = 0) {
    const auto file = test::shared_dir() / "data" / name;
    return std::filesystem::exists(file) ? test::decode(file, {frame}).at(0) : cv::Mat();
  }

  std::vector<FaceRegion> regions(cv::Mat rgb, Heads heads) {
    std::deque<PendingFrame> pending(1);
    pending[0].view = video::rgb_view(rgb);
    Settings settings;
    settings.heads = heads;
    finder.prepare(rgb.size(), Pace::ahead);
    Tracker tracker(finder);
    tracker.reset(rgb.size(), finder.sweep_area(), Pace::ahead);
    tracker.step(pending, settings);
    tracker.finish(pending);
    return pending[0].faces;
  }

  static bool covered(const std::vector<FaceRegion>& regions, const cv::Rect2f& face) {
    return std::ranges::any_of(
        regions, [&](const FaceRegion& r) { return (r.box & face).area() >= .8F * face.area(); });
  }
};

cv::Mat lying(const cv::Mat& upright) {
  cv::Mat turned;
  cv::rotate(upright, turned, cv::ROTATE_90_CLOCKWISE);
  return turned;
}

TEST_F(StillPicture, EyesBetweenVeilsAreCoveredHoweverThePictureIsTurned) {
  const cv::Mat rgb = picture("clinic/historic/face_veils.jpg");
  if (rgb.empty())
    GTEST_SKIP() << "The shared footage is absent.";
  // the eyes of both, from brow to cheek
  const std::vector<cv::Rect2f> eyes{{184, 113, 48, 38}, {411, 100, 52, 48}};
  const auto upright = regions(rgb, Heads::facing);
  for (const cv::Rect2f& box : eyes)
    EXPECT_TRUE(covered(upright, box)) << box;
  const auto turned = regions(lying(rgb), Heads::facing);
  for (const cv::Rect2f& box : eyes)
    EXPECT_TRUE(covered(turned, {static_cast<float>(rgb.rows) - box.br().y, box.x, box.height, box.width}))
        << box;
}

TEST_F(StillPicture, WhoIsSeenFromBehindIsCoveredWhenAskedFor) {
  const cv::Mat rgb = picture("intel_samples/one-by-one-person-detection.mp4", 89);
  if (rgb.empty())
    GTEST_SKIP() << "The shared footage is absent.";
  const cv::Rect2f head(434, 20, 50, 50);
  const auto all = regions(rgb, Heads::all);
  ASSERT_TRUE(covered(all, head));
  EXPECT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].origin, Origin::body);
  EXPECT_TRUE(all[0].landmarks.empty());
  EXPECT_TRUE(regions(rgb, Heads::facing).empty());
}

TEST_F(StillPicture, AnEmptyRoomHasNoCover) {
  const cv::Mat rgb = picture("intel_samples/one-by-one-person-detection.mp4", 449);
  if (rgb.empty())
    GTEST_SKIP() << "The shared footage is absent.";
  EXPECT_TRUE(regions(rgb, Heads::all).empty());
}

} // namespace
} // namespace deid::facedetect
