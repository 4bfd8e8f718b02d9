// FaceRes against TensorFlow.js (golden/make_faceres_goldens.js), its crop, and refused files.
#include "models/faceres/faceres.hpp"
#include "models/faceres/limit.hpp"
#include "models/manifest/manifest.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <cmath>
#include <gmock/gmock.h>
#include <gst/app/gstappsink.h>
#include <gst/video/video.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

namespace deid::models {
namespace {

constexpr int side = FaceRes::crop_size;

std::filesystem::path graph() {
  return locate("faceres_graph");
}

std::filesystem::path weights() {
  return locate("faceres");
}

/// A picture by the colours that the file states. A JPEG's levels are full; test::decode() takes them for
/// those of video, which stretches the contrast.
cv::Mat rgb_of(const std::filesystem::path& file) {
  gst_init(nullptr, nullptr);
  const std::string line =
      "filesrc location=\"" + file.string() +
      "\" ! decodebin ! videoconvert ! video/x-raw,format=RGB ! appsink name=sink sync=false";
  GstElement* pipeline = gst_parse_launch(line.c_str(), nullptr);
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstSample* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 20 * GST_SECOND);
  cv::Mat rgb;
  if (sample != nullptr) {
    GstVideoInfo info;
    GstVideoFrame frame;
    gst_video_info_from_caps(&info, gst_sample_get_caps(sample));
    gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ);
    cv::Mat(info.height, info.width, CV_8UC3, GST_VIDEO_FRAME_PLANE_DATA(&frame, 0),
            GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0))
        .copyTo(rgb);
    gst_video_frame_unmap(&frame);
    gst_sample_unref(sample);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(sink);
  gst_object_unref(pipeline);
  if (rgb.empty())
    throw std::runtime_error("no picture in " + file.string());
  return rgb;
}

cv::Mat portrait(const std::string& name) {
  const auto file = std::filesystem::path(DEID_DEPS_DIR) / "portraits" / name;
  cv::Mat small;
  cv::resize(rgb_of(file), small, {side, side}, 0, 0, cv::INTER_AREA);
  return small;
}

/// 468 points in an upright box of 100 x 160 px around (200, 150), then turned clockwise about its middle.
std::vector<cv::Point3f> face(float turn) {
  std::vector<cv::Point3f> points(468, {200, 150, 0});
  points[10] = {200, 70, 0};
  points[152] = {200, 230, 0};
  points[234] = {150, 150, 0};
  points[454] = {250, 150, 0};
  points[33] = {170, 130, 0}; // the corner of the person's right eye is on the left of the picture
  points[263] = {230, 130, 0};
  for (cv::Point3f& p : points) {
    const float x = p.x - 200, y = p.y - 150;
    p = {200 + std::cos(turn) * x - std::sin(turn) * y, 150 + std::sin(turn) * x + std::cos(turn) * y, 0};
  }
  return points;
}

TEST(FaceRes, SeesWhatTensorFlowSees) {
  const auto golden = nlohmann::json::parse(
      test::read(std::filesystem::path(DEID_SOURCE_DIR) / "tests/models/golden/faceres.json"));
  FaceRes network(graph(), weights());
  std::vector<FaceFeatures> seen;
  for (const auto& frame : golden.at("frames")) {
    const FaceView view = network.see(portrait(frame.at("portrait"))).value();
    seen.push_back(view.features);
    const auto theirs = frame.at("features").get<FaceFeatures>();
    const std::string name = frame.at("portrait");
    // The golden's JPEG decoder makes other pixels at edges of colour: 1.7 levels on average.
    EXPECT_LT(distance(seen.back(), theirs), name.ends_with(".png") ? .002 : .03) << name;
    EXPECT_NEAR(distance(theirs, FaceFeatures{}), 1, 1e-3);
    EXPECT_NEAR(view.looks.man, frame.at("man").get<double>(), name.ends_with(".png") ? .002 : .03) << name;
    EXPECT_NEAR(view.looks.age, frame.at("age").get<double>(), name.ends_with(".png") ? .1 : 1) << name;
  }
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_GT(distance(seen[0], seen[1]), faceres_limit);
}

TEST(FaceRes, TellsRedFromBlue) {
  cv::Mat swapped;
  cv::cvtColor(portrait("astronaut.png"), swapped, cv::COLOR_RGB2BGR);
  FaceRes network(graph(), weights());
  EXPECT_GT(distance(network.describe(portrait("astronaut.png")).value(), network.describe(swapped).value()),
            .1);
}

TEST(FaceRes, SeesNothingInABlackPicture) {
  FaceRes network(graph(), weights());
  EXPECT_FALSE(network.describe(cv::Mat(side, side, CV_8UC3, cv::Scalar::all(0))));
  EXPECT_TRUE(network.describe(portrait("astronaut.png")));
}

TEST(FaceRes, LevelsTheEyesAndTakesAFifthMoreThanTheFace) {
  for (const float turn : {0.F, .5F, -2.F}) {
    const RotatedRoi roi = faceres_roi(face(turn));
    EXPECT_NEAR(roi.rotation, turn, 1e-4F);
    EXPECT_NEAR(roi.size.width, 1.2F * 160, .01F) << turn;
    EXPECT_EQ(roi.size.width, roi.size.height);
    EXPECT_NEAR(roi.center.x, 200, .01F) << turn;
    EXPECT_NEAR(roi.center.y, 150, .01F) << turn;
  }
}

TEST(FaceRes, DescribesATurnedFaceLikeTheUprightOne) {
  const cv::Mat upright =
      test::decode(std::filesystem::path(DEID_DEPS_DIR) / "portraits/astronaut.png", {0}).at(0);
  const cv::Point2f middle(225, 120); // of the face
  const RotatedRoi level{middle, {160, 160}, 0}, turned{middle, {160, 160}, .6F};
  cv::Mat rotated; // clockwise about the middle of the face
  cv::warpAffine(upright, rotated, cv::getRotationMatrix2D(middle, -.6 * 180 / CV_PI, 1), upright.size());
  FaceRes network(graph(), weights());
  EXPECT_LT(distance(network.describe(faceres_crop(upright, level)).value(),
                     network.describe(faceres_crop(rotated, turned)).value()),
            .25);
}

TEST(FaceRes, RefusesPointsThatAreNoFace) {
  std::vector<cv::Point3f> points = face(0);
  points[7].x = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW((void)faceres_roi(points), std::invalid_argument);
  EXPECT_THROW((void)faceres_roi(std::vector<cv::Point3f>(468, {5, 5, 0})), std::invalid_argument);
  EXPECT_THROW((void)faceres_roi(std::vector<cv::Point3f>(467, {5, 5, 0})), std::invalid_argument);
}

TEST(FaceRes, RefusesACropOfAnotherSize) {
  FaceRes network(graph(), weights());
  EXPECT_THROW((void)network.describe(cv::Mat(side, side - 1, CV_8UC3)), cv::Exception);
  EXPECT_THROW((void)network.describe(cv::Mat(side, side, CV_8UC1)), cv::Exception);
}

TEST(FaceRes, BlendsOnTheSphere) {
  FaceFeatures a{}, b{};
  a[0] = b[1] = 1;
  const FaceFeatures half = blend(a, b, .5);
  EXPECT_NEAR(half[0], std::sqrt(.5), 1e-6);
  EXPECT_NEAR(distance(half, FaceFeatures{}), 1, 1e-6);
  EXPECT_EQ(blend(a, b, 0), a);
  EXPECT_THROW((void)blend(FaceFeatures{}, FaceFeatures{}, .5), ModelError); // no direction: no opinion
}

TEST(FaceRes, RefusesWhatIsAnotherNetworkOrDamaged) {
  const test::Scratch scratch;
  const auto refused = [&](const std::filesystem::path& a, const std::filesystem::path& b) {
    try {
      const FaceRes network(a, b);
      ADD_FAILURE() << "taken for FaceRes: " << a << b;
    } catch (const ModelError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("setup"));
    }
  };
  const auto file = [&](const std::string& name, const std::string& text) {
    test::write(scratch.path() / name, text);
    return scratch.path() / name;
  };
  const std::string bytes = test::read(weights()), text = test::read(graph());
  refused(scratch.path() / "none.json", weights());
  refused(file("a.json", text), file("short.bin", bytes.substr(0, bytes.size() / 2)));
  refused(file("half.json", text.substr(0, text.size() / 2)), weights());
  refused(locate("movenet_lightning_graph"), locate("movenet_lightning"));
}

} // namespace
} // namespace deid::models
