// The search of the originals of an evaluation, on a real face that moves.
#include "pipelines/deid/evaluate/face_search.hpp"
#include "tests/support/frames.hpp"
#include <gst/gst.h>
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace deid::cli {
namespace {

constexpr std::int64_t frame_time = 33'333'333;
const cv::Size size(640, 384);

/// A frame with a person whose picture is `right` px beside its place; without a place, an empty wall.
cv::Mat scene(std::optional<int> right) {
  static const cv::Mat person = [] {
    gst_init(nullptr, nullptr);
    cv::Mat whole = test::decode(std::filesystem::path(DEID_DEPS_DIR) / "portraits/astronaut.png", {0}).at(0),
            small;
    cv::resize(whole, small, {300, 300}, 0, 0, cv::INTER_AREA);
    return small;
  }();
  cv::Mat frame(size, CV_8UC3, cv::Scalar(140, 130, 120));
  if (right)
    person.copyTo(frame(cv::Rect(100 + *right, 60, person.cols, person.rows)));
  return frame;
}

/// Shows all frames to the search and returns the faces of each one.
std::vector<std::vector<evaluate::Seen>> faces_of(FaceSearch& search, const std::vector<cv::Mat>& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i)
    search.look_ahead(static_cast<std::int64_t>(i) * frame_time, video::rgb_view(frames[i]));
  std::vector<std::vector<evaluate::Seen>> all;
  for (std::size_t i = 0; i < frames.size(); ++i)
    all.push_back(search.faces(static_cast<std::int64_t>(i) * frame_time, video::rgb_view(frames[i])));
  return all;
}

/// The faces that CenterFace finds in this frame.
std::vector<evaluate::Seen> searched(const cv::Mat& frame) {
  FaceSearch alone(size);
  return alone.faces(0, video::rgb_view(frame));
}

TEST(FaceSearch, AThirdOfTheFramesTellsTheFacesOfAll) {
  std::vector<cv::Mat> frames;
  for (int i = 0; i < 13; ++i)
    frames.push_back(scene(2 * i));
  FaceSearch search(size);
  const auto all = faces_of(search, frames);
  EXPECT_EQ(search.searched(), 5U); // frames 0, 3, 6, 9, 12
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto own = searched(frames[i]);
    ASSERT_EQ(own.size(), 1U) << i;
    ASSERT_EQ(all[i].size(), 1U) << i;
    const cv::Rect2f common = own[0].box & all[i][0].box;
    EXPECT_GT(common.area(), .85F * std::max(own[0].box.area(), all[i][0].box.area())) << i;
    ASSERT_EQ(all[i][0].marks.size(), 5U);
    EXPECT_LT(cv::norm(all[i][0].marks[2] - own[0].marks[2]), 4) << i;
  }
}

TEST(FaceSearch, AFaceInOneFrameAloneIsFound) {
  std::vector<cv::Mat> frames(10, scene({}));
  frames[4] = scene(0); // frames 3 and 6 are searched in any case
  FaceSearch search(size);
  const auto all = faces_of(search, frames);
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(all[i].size(), i == 4 ? 1U : 0U) << i;
}

TEST(FaceSearch, FramesWhoseNeighboursDisagreeAreSearched) {
  std::vector<cv::Mat> frames;
  for (int i = 0; i < 7; ++i)
    frames.push_back(scene(40 * i)); // too far for one face
  FaceSearch search(size);
  const auto all = faces_of(search, frames);
  EXPECT_EQ(search.searched(), 7U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(all[i].size(), 1U) << i;
    EXPECT_NEAR(all[i][0].box.x - all[0][0].box.x, 40 * static_cast<float>(i), 6) << i;
  }
}

TEST(FaceSearch, TheLastFramesAreSearched) {
  const std::vector<cv::Mat> frames(5, scene(0)); // frame 4 has no searched frame after it
  FaceSearch search(size);
  EXPECT_EQ(faces_of(search, frames).back().size(), 1U);
  EXPECT_EQ(search.searched(), 3U);
}

TEST(FaceSearch, ASlowVideoIsSearchedInEveryFrame) {
  const cv::Mat frame = scene(0);
  FaceSearch search(size);
  for (std::int64_t i = 0; i < 4; ++i)
    search.look_ahead(100'000'000 * i, video::rgb_view(frame));
  EXPECT_EQ(search.searched(), 4U);
}

} // namespace
} // namespace deid::cli
