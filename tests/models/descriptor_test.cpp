// The face descriptor against dlib's own Python package (golden/make_descriptor_goldens.py,
// make_chip_goldens.py).
#include "models/blazeface/blazeface.hpp"
#include "models/descriptor/descriptor.hpp"
#include "models/manifest/manifest.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <cstdio>
#include <fstream>
#include <gmock/gmock.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

namespace deid::models {
namespace {

using nlohmann::json;

struct Seen {
  std::string clip{};
  cv::Mat rgb{};
  std::vector<cv::Point2f> points{};
  Descriptor theirs{};
};

class Descriptors : public testing::TestWithParam<const char*> {
protected:
  FaceDescriptor network{locate("face_descriptor")};
  std::vector<Seen> all{};

  void SetUp() override {
    const bool shared = std::string(GetParam()).find("shared") != std::string::npos;
    const auto folder = shared ? test::shared_dir() / "data" : test::footage_dir();
    if (shared && !std::filesystem::exists(folder))
      GTEST_SKIP() << "The shared clips are not here (" << folder << "); the fetched ones are tested.";
    const json entries =
        json::parse(std::ifstream(std::string(DEID_SOURCE_DIR) + "/tests/models/golden/" + GetParam()));
    for (const json& entry : entries.at("frames")) {
      Seen seen{.clip = entry.at("clip")};
      seen.rgb = test::decode(folder / seen.clip, {entry.at("frame").get<int>()}).front();
      EXPECT_NEAR(cv::mean(seen.rgb)[0], entry.at("mean_rgb")[0].get<double>(), .1) << seen.clip;
      for (const json& point : entry.at("points"))
        seen.points.emplace_back(point[0].get<float>() + .5F, point[1].get<float>() + .5F);
      seen.theirs = entry.at("descriptor").get<Descriptor>();
      all.push_back(seen);
    }
    ASSERT_GE(all.size(), 3U);
  }

  FaceMeshResult mesh_of(const cv::Mat& rgb) const {
    const cv::Size size(FaceMesh::crop_size, FaceMesh::crop_size);
    BlazeFace detector(locate("face_detection_short_range"), BlazeFace::Range::short_range, {});
    FaceMesh mesh(locate("face_landmark"), {});
    const auto to_frame = crop_to_frame(mesh_roi(detector.detect(rgb, .5F).at(0)), size);
    return mesh.estimate(crop_image(rgb, to_frame, size), to_frame);
  }
};

TEST_P(Descriptors, AreDlibsOwnForTheSamePoints) {
  for (const Seen& seen : all) {
    const double away = distance(network.describe(face_chip(seen.rgb, seen.points)), seen.theirs);
    std::printf("%s: %.5f from dlib's\n", seen.clip.c_str(), away);
    EXPECT_LT(away, .001) << seen.clip;
  }
}

// The cost of using the mesh instead of dlib's predictor of five points.
TEST_P(Descriptors, AreNearlyTheSameFromTheMesh) {
  for (const Seen& seen : all) {
    const auto ours = network.describe(face_chip(seen.rgb, chip_points(mesh_of(seen.rgb))));
    const double away = distance(ours, seen.theirs);
    std::printf("%s: %.3f from dlib's with points of the mesh\n", seen.clip.c_str(), away);
    EXPECT_LT(away, .3) << seen.clip;
  }
}

TEST_P(Descriptors, TellPeopleApart) {
  std::vector<Descriptor> ours;
  for (const Seen& seen : all)
    ours.push_back(network.describe(face_chip(seen.rgb, seen.points)));
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) {
      if (all[i].clip == all[k].clip)
        EXPECT_LT(distance(ours[i], ours[k]), .6) << all[i].clip;
      else
        EXPECT_GT(distance(ours[i], ours[k]), .6) << all[i].clip << " and " << all[k].clip;
    }
}

INSTANTIATE_TEST_SUITE_P(Clips, Descriptors,
                         testing::Values("descriptors_footage.json", "descriptors_shared.json"),
                         [](const auto& each) {
                           return std::string(each.param).find("shared") != std::string::npos ? "shared"
                                                                                              : "footage";
                         });

TEST(Descriptor, DistanceIsEuclidean) {
  Descriptor a{}, b{};
  b[0] = 3;
  b[127] = -4;
  EXPECT_DOUBLE_EQ(distance(a, b), 5);
  EXPECT_DOUBLE_EQ(distance(b, b), 0);
}

TEST(Descriptor, RefusesFilesThatAreNotTheNetwork) {
  const test::Scratch scratch;
  const auto refusal = [](const std::filesystem::path& file) {
    try {
      FaceDescriptor network(file);
    } catch (const ModelError& error) {
      return std::make_pair(error.kind(), std::string(error.what()));
    }
    return std::make_pair(ModelError::Kind::engine, std::string());
  };
  EXPECT_EQ(refusal(scratch.path() / "none.dat").first, ModelError::Kind::missing);
  EXPECT_EQ(refusal(scratch.path()).first, ModelError::Kind::missing);
  const auto damaged = scratch.path() / "damaged.dat";
  for (const std::string& text : {std::string(), std::string("not a network"), std::string(1000, '\xff'),
                                  test::read(locate("face_descriptor")).substr(0, 100000)}) {
    test::write(damaged, text);
    EXPECT_EQ(refusal(damaged).first, ModelError::Kind::damaged) << text.size();
    EXPECT_THAT(refusal(damaged).second, testing::AllOf(testing::HasSubstr(damaged.string()),
                                                        testing::HasSubstr("./meson-free-scripts/setup"),
                                                        testing::HasSubstr("byte ")));
  }
}

TEST(Descriptor, RefusesWrongChips) {
  FaceDescriptor network(locate("face_descriptor"));
  EXPECT_THROW((void)network.describe(cv::Mat(150, 149, CV_8UC3)), cv::Exception);
  EXPECT_THROW((void)network.describe(cv::Mat(150, 150, CV_8UC1)), cv::Exception);
  EXPECT_THROW((void)network.describe(cv::Mat()), cv::Exception);
}

TEST(Descriptor, IsTheSameOnEveryThread) {
  cv::Mat chip(FaceDescriptor::chip_size, FaceDescriptor::chip_size, CV_8UC3);
  cv::randu(chip, 0, 256);
  const Descriptor alone = FaceDescriptor(locate("face_descriptor")).describe(chip);
  std::array<Descriptor, 3> found{};
  std::vector<std::thread> threads;
  for (Descriptor& one : found)
    threads.emplace_back([&] { one = FaceDescriptor(locate("face_descriptor")).describe(chip); });
  for (std::thread& each : threads)
    each.join();
  EXPECT_THAT(found, testing::Each(alone));
  EXPECT_LT(distance(FaceDescriptor(locate("face_descriptor"), {.threads = 2}).describe(chip), alone), 1e-4);
  EXPECT_THROW(FaceDescriptor(locate("face_descriptor"), {.threads = 0}), ModelError);
}

TEST(Descriptor, CacheGivesTheSameNumbers) {
  const test::Scratch scratch;
  cv::Mat chip(FaceDescriptor::chip_size, FaceDescriptor::chip_size, CV_8UC3);
  cv::randu(chip, 0, 256);
  const Descriptor plain = FaceDescriptor(locate("face_descriptor")).describe(chip);
  const SessionOptions cached{.cache_dir = scratch.path() / "cache"};
  EXPECT_LT(distance(FaceDescriptor(locate("face_descriptor"), cached).describe(chip), plain), 1e-4);
  EXPECT_FALSE(std::filesystem::is_empty(*cached.cache_dir));
}

TEST(FaceChip, RefusesPointsThatAreNoFace) {
  const cv::Mat rgb(100, 100, CV_8UC3, cv::Scalar(1, 2, 3));
  const auto refuses = [&](std::vector<cv::Point2f> points) {
    EXPECT_THROW((void)face_chip(rgb, points), std::invalid_argument);
  };
  refuses({});
  refuses({{1, 1}, {2, 2}, {3, 3}, {4, 4}});
  refuses(std::vector<cv::Point2f>(5, {10, 10}));
  refuses({{1, 1}, {2, 2}, {3, 3}, {4, 4}, {std::numeric_limits<float>::quiet_NaN(), 1}});
  refuses({{1, 1}, {2, 2}, {3, 3}, {4, 4}, {1, std::numeric_limits<float>::infinity()}});
  refuses({{1, 1}, {2, 2}, {3, 3}, {4, 4}, {1e30F, 1}});
  refuses({{96, 50}, {50, 50}, {91, 71}, {50, 50}, {50, 50}}); // no rotation or size fits better than another
  const std::vector<cv::Point2f> face{{70, 40}, {60, 40}, {30, 40}, {40, 40}, {50, 60}};
  EXPECT_THROW((void)face_chip(cv::Mat(), face), cv::Exception);
  EXPECT_THROW((void)face_chip(cv::Mat(100, 100, CV_8UC1), face), cv::Exception);
  EXPECT_THROW((void)chip_points({}), std::invalid_argument);
}

/// The picture of golden/make_chip_goldens.py.
cv::Mat formula_picture() {
  cv::Mat rgb(900, 1200, CV_8UC3);
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x)
      for (int c = 0; c < 3; ++c)
        rgb.at<cv::Vec3b>(y, x)[c] =
            static_cast<uchar>((x * x / 97 + y * y / 53 + x * y / 71 + 40 * c) % 256);
  return rgb;
}

// Enlarged, rotated, halved up to three times, across the edge, from 5 and from 68 points.
TEST(FaceChip, IsDlibsOwn) {
  const cv::Mat rgb = formula_picture();
  const json chips =
      json::parse(std::ifstream(std::string(DEID_SOURCE_DIR) + "/tests/models/golden/chips.json"))
          .at("chips");
  ASSERT_EQ(chips.size(), 7U);
  for (const json& theirs : chips) {
    std::vector<cv::Point2f> points;
    for (const json& point : theirs.at("points"))
      points.emplace_back(point[0].get<float>() + .5F, point[1].get<float>() + .5F);
    const cv::Mat chip = face_chip(rgb, points);
    std::vector<int> ours;
    for (int y = 5; y < chip.rows; y += 10)
      for (int x = 5; x < chip.cols; x += 10)
        for (int c = 0; c < 3; ++c)
          ours.push_back(chip.at<cv::Vec3b>(y, x)[c]);
    EXPECT_THAT(ours, testing::Pointwise(testing::FloatNear(1), theirs.at("pixels").get<std::vector<int>>()))
        << theirs.at("name");
  }
}

TEST(FaceChip, TakesAPointAsThePixelItLiesIn) {
  const cv::Mat rgb = formula_picture();
  const std::vector<cv::Point2f> whole{
      {650.5F, 375.5F}, {628.5F, 376.5F}, {575.5F, 375.5F}, {597.5F, 376.5F}, {612.5F, 417.5F}};
  const auto moved_by = [&](float x) {
    std::vector<cv::Point2f> moved = whole;
    for (cv::Point2f& point : moved)
      point.x += x;
    return cv::norm(face_chip(rgb, whole), face_chip(rgb, moved), cv::NORM_L1);
  };
  EXPECT_EQ(moved_by(.4F), 0);
  EXPECT_EQ(moved_by(-.5F), 0);
  EXPECT_GT(moved_by(.6F), 0);
}

TEST(FaceChip, IsUprightAndBlackOutside) {
  cv::Mat rgb(100, 100, CV_8UC3, cv::Scalar(200, 100, 50));
  const std::vector<cv::Point2f> upright{{70, 40}, {60, 40}, {30, 40}, {40, 40}, {50, 60}};
  const cv::Mat chip = face_chip(rgb, upright);
  ASSERT_EQ(chip.size(), cv::Size(150, 150));
  EXPECT_EQ(chip.at<cv::Vec3b>(75, 75), cv::Vec3b(200, 100, 50));
  std::vector<cv::Point2f> far = upright;
  for (cv::Point2f& point : far)
    point += cv::Point2f(5000, 5000);
  EXPECT_EQ(cv::countNonZero(face_chip(rgb, far).reshape(1)), 0);
}

} // namespace
} // namespace deid::models
