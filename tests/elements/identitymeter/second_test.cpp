// The second judge: what it sees before and behind the cover, and what the report says, with fake networks.
#include "elements/identitymeter/measurement.hpp"
#include "elements/identitymeter/report.hpp"
#include "elements/identitymeter/second.hpp"
#include "tests/elements/cover/faces.hpp"
#include "tests/elements/identitymeter/made.hpp"
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace deid::identitymeter {
namespace {

/// Finds no mesh; says one thing of bright pictures, and another thing of dark ones.
struct TwoJudges final : Networks {
  explicit TwoJudges(bool there) : there_(there) {}
  models::FaceMeshResult mesh(const cv::Mat&, const cv::Matx23f&) override { return {}; }
  Descriptor describe(const cv::Mat&) override { return test::at(1, 0); }
  [[nodiscard]] bool has_second() const override { return there_; }
  std::optional<models::FaceFeatures> describe_again(const cv::Mat& crop) override {
    EXPECT_EQ(crop.size(), cv::Size(224, 224));
    if (!there_)
      return {};
    models::FaceFeatures features{};
    features.at(cv::mean(crop)[0] > 100 ? 0 : 1) = 1;
    return features;
  }

private:
  bool there_;
};

FaceRegion somebody() {
  const cv::Rect2f box(60, 40, 100, 120);
  FaceRegion face = test::mesh_face(box, 0, 1);
  face.landmarks[263] = {146, 76, 0};
  face.landmarks[362] = {125, 76, 0};
  face.landmarks[33] = {72, 76, 0};
  face.landmarks[133] = {93, 76, 0};
  face.landmarks[2] = {109, 112, 0};
  return face;
}

/// The report on one frame whose face was bright before the cover, and has this brightness behind it.
nlohmann::json report(int brightness, bool second) {
  cv::Mat before(240, 320, CV_8UC3, cv::Scalar::all(200));
  cv::Mat after(240, 320, CV_8UC3, cv::Scalar::all(brightness));
  const video::FrameView original = video::rgb_view(before), result = video::rgb_view(after);
  const std::vector faces{somebody()};
  TwoJudges networks(second);
  const OriginalFaces taken = take_originals(original, faces, 0, networks);
  EXPECT_EQ(taken.faces.at(0).second.size(), second ? 1024U : 0U);
  Measurement measurement({}, std::make_unique<TwoJudges>(second));
  measurement.format(1, "s");
  measurement.measure({result, faces, taken, {}}, "d");
  return nlohmann::json::parse(to_json(measurement.summary(true))).at("second_judge");
}

TEST(SecondJudge, IsReportedBesideDlib) {
  const auto hidden = report(10, true).at("to_original").at("all"),
             same = report(210, true).at("to_original").at("all");
  EXPECT_EQ(hidden.at("count"), 1);
  EXPECT_NEAR(hidden.at("mean").get<double>(), std::sqrt(2), 1e-6);
  EXPECT_EQ(hidden.at("above_threshold"), 1);
  EXPECT_EQ(same.at("mean"), 0);
  EXPECT_EQ(same.at("above_threshold"), 0);
  EXPECT_EQ(report(10, true).at("threshold"), .9);
}

TEST(SecondJudge, ThatIsNotThereIsNotReported) {
  EXPECT_TRUE(report(10, false).is_null());
}

TEST(SecondJudge, LooksAtTheLandmarksOfTheResultWhereThereAreSome) {
  cv::Mat frame(240, 320, CV_8UC3, cv::Scalar::all(10));
  frame(cv::Rect(180, 0, 140, 240)).setTo(cv::Scalar::all(220)); // bright on the right
  const video::FrameView view = video::rgb_view(frame);
  TwoJudges networks(true);
  OriginalFace original;
  add_second(view, somebody().landmarks, networks, original); // dark, on the left
  std::vector<cv::Point3f> moved = somebody().landmarks;
  for (cv::Point3f& p : moved)
    p.x += 140;
  const auto apart = [&](std::span<const cv::Point3f> found) {
    const SecondSeen seen = second_seen(view, original, found, networks).value();
    return models::distance(seen.original, seen.deidentified);
  };
  EXPECT_NEAR(apart({}), 0, 1e-6);
  EXPECT_NEAR(apart(moved), std::sqrt(2), 1e-6);
  EXPECT_FALSE(second_seen(view, OriginalFace{}, moved, networks));
  OriginalFace flat;
  add_second(view, std::vector<cv::Point3f>(468, {5, 5, 0}), networks, flat);
  EXPECT_TRUE(flat.second.empty()) << "no face, no features";
}

} // namespace
} // namespace deid::identitymeter
