// BlazeFace and the face mesh against MediaPipe's own Python package (golden/make_goldens.py).
#include "models/blazeface/blazeface.hpp"
#include "models/facemesh/facemesh.hpp"
#include "models/manifest/manifest.hpp"
#include "models/ssd/suppression.hpp"
#include "tests/support/frames.hpp"
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

namespace deid::models {
namespace {

using nlohmann::json;

constexpr float short_threshold = .5F;
constexpr float full_threshold = .6F;

json golden(const std::string& file) {
  std::ifstream in(std::string(DEID_SOURCE_DIR) + "/tests/models/golden/" + file);
  return json::parse(in).at("frames");
}

struct Difference {
  double mean = 0;
  double worst = 0;
};

cv::Point2d point(const json& mesh, std::size_t index) {
  return {mesh[3 * index], mesh[3 * index + 1]};
}

double eye_distance(const json& mesh) {
  return cv::norm((point(mesh, 33) + point(mesh, 133) - point(mesh, 263) - point(mesh, 362)) / 2);
}

/// Distance of the points, as a share of the distance between the eyes' middles.
Difference compare(const FaceMeshResult& ours, const json& theirs) {
  Difference difference;
  const double unit = eye_distance(theirs);
  for (std::size_t i = 0; i < ours.landmarks.size(); ++i) {
    const cv::Point2d at(ours.landmarks[i].x, ours.landmarks[i].y);
    const double away = cv::norm(at - point(theirs, i)) / unit;
    difference.mean += away / static_cast<double>(ours.landmarks.size());
    difference.worst = std::max(difference.worst, away);
  }
  return difference;
}

class Golden : public testing::TestWithParam<const char*> {
protected:
  SessionOptions options{};
  json entries;
  std::filesystem::path folder;

  void SetUp() override {
    const bool shared = std::string(GetParam()) == "shared.json";
    folder = shared ? test::shared_dir() / "data" : test::footage_dir();
    if (shared && !std::filesystem::exists(folder))
      GTEST_SKIP() << "The shared clips are not here (" << folder << "); the fetched ones are tested.";
    entries = golden(GetParam());
    ASSERT_FALSE(entries.empty());
  }

  /// The frame; checks that MediaPipe had the same.
  cv::Mat frame(const json& entry) const {
    const auto rgb =
        test::decode(folder / entry.at("clip").get<std::string>(), {entry.at("frame").get<int>()}).front();
    const cv::Scalar mean = cv::mean(rgb);
    for (int c = 0; c < 3; ++c)
      EXPECT_NEAR(mean[c], entry.at("mean_rgb")[static_cast<std::size_t>(c)].get<double>(), .1)
          << entry.at("clip");
    return rgb;
  }
};

void expect_same_faces(const std::vector<FaceDetection>& ours, const json& theirs, const std::string& where) {
  ASSERT_EQ(ours.size(), theirs.size()) << where;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const auto& box = theirs[i].at("box");
    const float iou = overlap(ours[i].box, {box[0], box[1], box[2], box[3]});
    std::printf("%s: IoU %.4f, score %.4f (%.4f)\n", where.c_str(), iou, ours[i].score,
                theirs[i].at("score").get<float>());
    EXPECT_GE(iou, .95F) << where;
    EXPECT_NEAR(ours[i].score, theirs[i].at("score").get<float>(), .01F) << where;
    for (std::size_t k = 0; k < ours[i].keypoints.size(); ++k) {
      const auto& key = theirs[i].at("keypoints")[k];
      EXPECT_LE(cv::norm(ours[i].keypoints[k] - cv::Point2f(key[0], key[1])), .03F * ours[i].box.width)
          << where;
    }
  }
}

TEST_P(Golden, BlazeFaceSeesTheSameFaces) {
  BlazeFace near(locate("face_detection_short_range"), BlazeFace::Range::short_range, options);
  BlazeFace far(locate("face_detection_full_range_sparse"), BlazeFace::Range::full_range, options);
  for (const json& entry : entries) {
    const cv::Mat rgb = frame(entry);
    const std::string where =
        entry.at("clip").get<std::string>() + " " + std::to_string(entry.at("frame").get<int>());
    expect_same_faces(near.detect(rgb, short_threshold), entry.at("short"), where + " short");
    expect_same_faces(far.detect(rgb, full_threshold), entry.at("full"), where + " full");
  }
}

// MediaPipe samples its crop at pixel corners and repeats the frame's edge; given that very crop, the mesh
// must agree.
TEST_P(Golden, MeshAgreesOnMediaPipesOwnCrop) {
  BlazeFace detector(locate("face_detection_short_range"), BlazeFace::Range::short_range, options);
  FaceMesh network(locate("face_landmark"), options);
  const cv::Size size(FaceMesh::crop_size, FaceMesh::crop_size);
  for (const json& entry : entries) {
    const cv::Mat rgb = frame(entry);
    const auto faces = detector.detect(rgb, short_threshold);
    ASSERT_EQ(faces.size(), entry.at("mesh").size());
    for (std::size_t i = 0; i < faces.size(); ++i) {
      const cv::Matx23f to_frame = crop_to_frame(mesh_roi(faces[i]), size);
      cv::Mat crop;
      cv::warpAffine(rgb, crop, to_frame, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                     cv::BORDER_REPLICATE);
      const Difference difference = compare(network.estimate(crop, to_frame), entry.at("mesh")[i]);
      std::printf("%s %d: mean %.4f %%, worst %.4f %%\n", entry.at("clip").get<std::string>().c_str(),
                  entry.at("frame").get<int>(), 100 * difference.mean, 100 * difference.worst);
      EXPECT_LE(difference.mean, .001) << entry.at("clip") << entry.at("frame");
      EXPECT_LE(difference.worst, .003) << entry.at("clip") << entry.at("frame");
    }
  }
}

// The product's path: detector, region, its own crop (pixel centres, black outside), mesh. The two ways of
// counting pixels differ by up to half a pixel. This is more than 1 % on faces with less than 40 px between
// the eyes.
TEST_P(Golden, MeshAgreesFromEndToEnd) {
  BlazeFace detector(locate("face_detection_short_range"), BlazeFace::Range::short_range, options);
  FaceMesh network(locate("face_landmark"), options);
  const cv::Size size(FaceMesh::crop_size, FaceMesh::crop_size);
  for (const json& entry : entries) {
    const cv::Mat rgb = frame(entry);
    const auto faces = detector.detect(rgb, short_threshold);
    ASSERT_EQ(faces.size(), entry.at("mesh").size());
    for (std::size_t i = 0; i < faces.size(); ++i) {
      const cv::Matx23f to_frame = crop_to_frame(mesh_roi(faces[i]), size);
      const auto mesh = network.estimate(crop_image(rgb, to_frame, size), to_frame);
      const Difference difference = compare(mesh, entry.at("mesh")[i]);
      const double eyes = eye_distance(entry.at("mesh")[i]);
      std::printf("%s %d: eyes %.0f px, mean %.3f %%, worst %.3f %%, presence %.3f\n",
                  entry.at("clip").get<std::string>().c_str(), entry.at("frame").get<int>(), eyes,
                  100 * difference.mean, 100 * difference.worst, mesh.presence);
      EXPECT_LE(difference.mean, eyes >= 40 ? .01 : .01 + .5 / eyes) << entry.at("clip") << entry.at("frame");
      EXPECT_GE(mesh.presence, .8F) << entry.at("clip") << entry.at("frame");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Clips, Golden, testing::Values("footage.json", "shared.json"), [](const auto& each) {
  return std::string(each.param) == "shared.json" ? "shared" : "footage";
});

} // namespace
} // namespace deid::models
