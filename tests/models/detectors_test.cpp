#include "models/blazeface/blazeface.hpp"
#include "models/centerface/centerface.hpp"
#include "models/manifest/manifest.hpp"
#include "models/ssd/suppression.hpp"
#include "tests/support/frames.hpp"
#include <gmock/gmock.h>
#include <opencv2/imgproc.hpp>

namespace deid::models {
namespace {

FaceDetection at(float x, float score, float size = 10) {
  FaceDetection face;
  face.box = {x, 0, size, size};
  face.score = score;
  face.keypoints.fill({x, 5});
  return face;
}

TEST(Suppression, Overlap) {
  EXPECT_FLOAT_EQ(overlap({0, 0, 10, 10}, {0, 0, 10, 10}), 1.F);
  EXPECT_FLOAT_EQ(overlap({0, 0, 10, 10}, {5, 0, 10, 10}), 1.F / 3);
  EXPECT_FLOAT_EQ(overlap({0, 0, 10, 10}, {10, 0, 10, 10}), 0.F);
  EXPECT_FLOAT_EQ(overlap({0, 0, 0, 0}, {0, 0, 0, 0}), 0.F);
}

TEST(Suppression, WeightedTakesTheMeanByScore) {
  const auto faces = suppress_weighted<FaceDetection>({at(1, .3F), at(0, .9F), at(100, .5F)}, .3F);
  ASSERT_EQ(faces.size(), 2U);
  EXPECT_FLOAT_EQ(faces[0].score, .9F);
  EXPECT_FLOAT_EQ(faces[0].box.x, .25F);
  EXPECT_FLOAT_EQ(faces[0].keypoints[3].x, .25F);
  EXPECT_FLOAT_EQ(faces[1].box.x, 100);
}

TEST(Suppression, PlainKeepsTheBest) {
  const auto faces = suppress<FaceDetection>({at(1, .3F), at(0, .9F), at(100, .95F)}, .3F);
  ASSERT_EQ(faces.size(), 2U);
  EXPECT_FLOAT_EQ(faces[0].box.x, 100);
  EXPECT_FLOAT_EQ(faces[1].box.x, 0);
  EXPECT_TRUE(suppress<FaceDetection>({}, .3F).empty());
  EXPECT_TRUE(suppress_weighted<FaceDetection>({}, .3F).empty());
}

TEST(MeshRoi, IsOneAndAHalfBoxesWithLevelEyes) {
  FaceDetection face;
  face.box = {10, 20, 40, 60};
  face.keypoints[0] = {20, 30};
  face.keypoints[1] = {40, 50};
  const RotatedRoi roi = mesh_roi(face);
  EXPECT_EQ(roi.center, cv::Point2f(30, 50));
  EXPECT_EQ(roi.size, cv::Size2f(90, 90));
  EXPECT_NEAR(roi.rotation, CV_PI / 4, 1e-6);
}

enum class Kind { near, far, sweep };

/// The three detectors behind one call.
class Detector : public testing::TestWithParam<Kind> {
protected:
  std::vector<FaceDetection> detect(const cv::Mat& rgb, float threshold = .5F) {
    if (GetParam() == Kind::sweep) {
      if (!sweep)
        sweep = std::make_unique<CenterFace>(locate("centerface"), cv::Size(320, 192), SessionOptions{});
      return sweep->detect(rgb, threshold);
    }
    if (!blaze)
      blaze = GetParam() == Kind::near
                  ? std::make_unique<BlazeFace>(locate("face_detection_short_range"),
                                                BlazeFace::Range::short_range, SessionOptions{})
                  : std::make_unique<BlazeFace>(locate("face_detection_full_range_sparse"),
                                                BlazeFace::Range::full_range, SessionOptions{});
    return blaze->detect(rgb, threshold);
  }

  static cv::Mat portrait() { return test::decode(test::footage_dir() / "single_face.mp4", {0}).front(); }

  std::unique_ptr<BlazeFace> blaze;
  std::unique_ptr<CenterFace> sweep;
};

TEST_P(Detector, FindsTheOneFaceAndItsParts) {
  const auto faces = detect(portrait());
  ASSERT_EQ(faces.size(), 1U);
  const auto& face = faces.front();
  EXPECT_GT(face.score, .6F);
  EXPECT_LE(face.score, 1.F);
  const auto& [right, left, nose, mouth, a, b] = face.keypoints;
  EXPECT_LT(right.x, left.x); // the person's right is on the left of the picture
  EXPECT_LT(std::max(right.y, left.y), nose.y);
  EXPECT_LT(nose.y, mouth.y);
  EXPECT_LT(a.x, b.x);
  for (const auto& point : {right, left, nose, mouth})
    EXPECT_TRUE(face.box.contains(point));
}

TEST_P(Detector, FindsItInASmallerAndALargerPictureInTheSamePlace) {
  const cv::Mat rgb = portrait();
  const cv::Rect2f expected = detect(rgb).at(0).box;
  for (const double scale : {.25, 2.}) {
    cv::Mat other;
    cv::resize(rgb, other, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    const auto faces = detect(other);
    ASSERT_EQ(faces.size(), 1U) << scale;
    const auto s = static_cast<float>(1 / scale);
    const cv::Rect2f& box = faces[0].box;
    EXPECT_GT(overlap({box.x * s, box.y * s, box.width * s, box.height * s}, expected), .8F) << scale;
  }
}

TEST_P(Detector, FindsItInAWideAndATallPicture) {
  const cv::Mat rgb = portrait();
  const cv::Rect2f expected = detect(rgb).at(0).box;
  cv::Mat wide;
  cv::copyMakeBorder(rgb, wide, 0, 0, 0, 200, cv::BORDER_CONSTANT);
  cv::Mat tall;
  cv::copyMakeBorder(rgb, tall, 0, 600, 0, 0, cv::BORDER_CONSTANT);
  for (const cv::Mat& image : {wide, tall, wide, rgb}) {
    const auto faces = detect(image);
    ASSERT_EQ(faces.size(), 1U) << image.size();
    EXPECT_GT(overlap(faces[0].box, expected), .75F) << image.size();
  }
}

TEST_P(Detector, SeesNothingInNothing) {
  EXPECT_TRUE(detect(cv::Mat()).empty());
  EXPECT_TRUE(detect(cv::Mat(1, 1, CV_8UC3, cv::Scalar(255, 0, 0))).empty());
  EXPECT_TRUE(detect(cv::Mat(1, 3000, CV_8UC3, cv::Scalar::all(90))).empty());
  EXPECT_TRUE(detect(cv::Mat::zeros(480, 640, CV_8UC3)).empty());
  EXPECT_TRUE(detect(test::decode(test::footage_dir() / "no_face.mp4", {0}).front(), .6F).empty());
}

TEST_P(Detector, FindsAGrayFace) {
  cv::Mat gray;
  cv::cvtColor(portrait(), gray, cv::COLOR_RGB2GRAY);
  cv::cvtColor(gray, gray, cv::COLOR_GRAY2RGB);
  ASSERT_EQ(detect(gray).size(), 1U);
}

TEST_P(Detector, GivesTheSameNumbersEveryTime) {
  const cv::Mat rgb = portrait();
  const auto first = detect(rgb).at(0);
  (void)detect(cv::Mat(100, 37, CV_8UC3, cv::Scalar::all(255))); // keeps nothing from this call
  const auto second = detect(rgb).at(0);
  EXPECT_EQ(first.box, second.box);
  EXPECT_EQ(first.score, second.score);
  EXPECT_EQ(first.keypoints, second.keypoints);
}

TEST_P(Detector, TheThresholdRules) {
  const cv::Mat rgb = portrait();
  EXPECT_TRUE(detect(rgb, 1.F).empty());
  for (const float threshold : {.1F, .3F, .7F})
    for (const auto& face : detect(rgb, threshold))
      EXPECT_GE(face.score, threshold);
  EXPECT_GE(detect(rgb, .05F).size(), detect(rgb, .5F).size());
}

INSTANTIATE_TEST_SUITE_P(All, Detector, testing::Values(Kind::near, Kind::far, Kind::sweep),
                         [](const auto& each) {
                           return each.param == Kind::near  ? "near"
                                  : each.param == Kind::far ? "far"
                                                            : "sweep";
                         });

TEST(CenterFace, AgreesWithBlazeFaceOnWhereTheFaceIs) {
  const cv::Mat rgb = test::decode(test::footage_dir() / "single_face.mp4", {0}).front();
  BlazeFace near(locate("face_detection_short_range"), BlazeFace::Range::short_range, {});
  CenterFace sweep(locate("centerface"), {640, 352}, {});
  EXPECT_EQ(sweep.input(), cv::Size(640, 352));
  const auto blaze = near.detect(rgb, .5F).at(0);
  const auto centre = sweep.detect(rgb, .5F).at(0);
  EXPECT_GT(overlap(blaze.box, centre.box), .5F);
  for (std::size_t k = 0; k < 4; ++k) // eyes, nose and mouth mean the same in both
    EXPECT_LT(cv::norm(blaze.keypoints[k] - centre.keypoints[k]), .12F * blaze.box.width) << k;
}

TEST(CenterFace, OnASharedNetworkFindsTheSame) {
  const cv::Mat rgb = test::decode(test::footage_dir() / "single_face.mp4", {0}).front();
  const auto shared = CenterFace::network(locate("centerface"), {});
  CenterFace large(shared, {640, 352}), small(shared, {320, 192});
  CenterFace large_alone(locate("centerface"), {640, 352}, {}),
      small_alone(locate("centerface"), {320, 192}, {});
  for (int run = 0; run < 2; ++run)
    for (auto [one, other] : {std::pair(&large, &large_alone), std::pair(&small, &small_alone)}) {
      const auto found = one->detect(rgb, .3F), expected = other->detect(rgb, .3F);
      ASSERT_EQ(found.size(), expected.size()) << one->input();
      ASSERT_FALSE(found.empty());
      for (std::size_t i = 0; i < found.size(); ++i) {
        // Without AVX-512 the engine takes other code for a network of any size, so last digits differ.
        EXPECT_LT(cv::norm(found[i].box.tl() - expected[i].box.tl()), 1e-3) << one->input() << " face " << i;
        EXPECT_LT(cv::norm(found[i].box.br() - expected[i].box.br()), 1e-3) << one->input() << " face " << i;
        EXPECT_NEAR(found[i].score, expected[i].score, 1e-5) << one->input() << " face " << i;
      }
    }
  EXPECT_THROW(CenterFace(shared, {64, 65}), ModelError);
}

TEST(Networks, RefuseEachOthersFiles) {
  const SessionOptions options;
  EXPECT_THROW((void)CenterFace::network(locate("face_landmark"), options), ModelError);
  EXPECT_THROW((void)CenterFace::network(locate("face_detection_short_range"), options), ModelError);
  EXPECT_THROW(BlazeFace(locate("face_landmark"), BlazeFace::Range::full_range, options), ModelError);
  EXPECT_THROW(BlazeFace(locate("face_detection_short_range"), BlazeFace::Range::full_range, options),
               ModelError);
  EXPECT_THROW(CenterFace(locate("face_landmark"), {64, 64}, options), ModelError);
  EXPECT_THROW(CenterFace(locate("centerface"), {64, 65}, options), ModelError);
  EXPECT_THROW(CenterFace(locate("centerface"), {0, 0}, options), ModelError);
}

} // namespace
} // namespace deid::models
