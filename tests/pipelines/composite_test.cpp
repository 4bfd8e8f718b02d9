// Composites of made portraits: real meshes (golden/footage.json of the networks) on made pictures.
#include "pipelines/deid/target/composite/composite.hpp"
#include "pipelines/deid/target/composite/mesh_warp.hpp"
#include "pipelines/deid/target/composite/mirror.hpp"
#include "pipelines/deid/target/composite/neutral.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

namespace deid::composites {
namespace {

using testing::HasSubstr;

/// Meshes of real faces, px of a 640x360 picture.
std::vector<std::vector<cv::Point3f>> real_meshes() {
  const auto json = nlohmann::json::parse(
      std::ifstream(std::string(DEID_SOURCE_DIR) + "/tests/models/golden/footage.json"));
  std::vector<std::vector<cv::Point3f>> found;
  for (const auto& frame : json.at("frames"))
    for (const auto& mesh : frame.at("mesh")) {
      std::vector<cv::Point3f> points;
      for (std::size_t i = 0; i + 2 < mesh.size(); i += 3)
        points.emplace_back(mesh[i].get<float>(), mesh[i + 1].get<float>(), 0.F);
      found.push_back(points);
    }
  return found;
}

class Composite : public testing::Test {
protected:
  std::vector<WeightedPortrait> sitters{};
  void SetUp() override {
    const auto meshes = real_meshes();
    ASSERT_GE(meshes.size(), 3U);
    for (const std::size_t i : {std::size_t{0}, meshes.size() - 1, meshes.size() / 2}) {
      ASSERT_EQ(meshes[i].size(), 468U);
      sitters.push_back({.rgb = test::textured({640, 360}, static_cast<double>(i)), .landmarks = meshes[i]});
    }
  }
  std::string refusal() const {
    try {
      (void)composite(sitters);
    } catch (const TargetError& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(Composite, IsATargetAndSymmetric) {
  const Target target = composite(sitters);
  EXPECT_NO_THROW(require_valid(target, "it"));
  EXPECT_FALSE(target.descriptor);
  cv::Mat turned;
  cv::flip(target.image, turned, 1);
  EXPECT_LE(cv::norm(target.image, turned, cv::NORM_INF), 1);
  const auto width = static_cast<float>(target.image.cols);
  float low = 1e9F, high = 0;
  for (std::size_t i = 0; i < 468; ++i) {
    const cv::Point3f &p = target.landmarks[i], &q = target.landmarks[mirror_point.at(i)];
    EXPECT_NEAR(p.x + q.x, width, .1F) << i;
    EXPECT_NEAR(p.y, q.y, .1F) << i;
    low = std::min(low, p.y);
    high = std::max(high, p.y);
  }
  EXPECT_NEAR(high - low, 256, 12); // closing the mouth may lift the chin
}

TEST_F(Composite, LandmarksLieWhereTheyAreSeen) {
  const Target before = composite(sitters);
  std::vector<cv::Point3f> seen = before.landmarks;
  for (cv::Point3f& p : seen)
    p += cv::Point3f(3, -4, 0); // a shift to the side breaks the symmetry
  const Target after = as_seen(before, seen);
  EXPECT_NO_THROW(require_valid(after, "it"));
  EXPECT_EQ(cv::norm(after.image, before.image, cv::NORM_INF), 0);
  const auto width = static_cast<float>(after.image.cols);
  for (std::size_t i = 0; i < 468; ++i) {
    const cv::Point3f &p = after.landmarks[i], &q = after.landmarks[mirror_point.at(i)];
    EXPECT_NEAR(p.x + q.x, width, .1F) << i;
  }
  EXPECT_NEAR(after.landmarks[10].y, before.landmarks[10].y - 4, .2);
  EXPECT_NEAR(after.landmarks[33].x, before.landmarks[33].x, .2);
}

TEST_F(Composite, FeaturesSeenSomewhereElseAreRefused) {
  const Target target = composite(sitters);
  std::vector<cv::Point3f> seen = target.landmarks;
  for (cv::Point3f& p : seen)
    p.y += 60;
  EXPECT_THROW((void)as_seen(target, seen), TargetError);
  seen = target.landmarks;
  seen.pop_back();
  EXPECT_THROW((void)as_seen(target, seen), TargetError);
  seen = target.landmarks;
  seen[5].x = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW((void)as_seen(target, seen), TargetError);
}

TEST_F(Composite, DoesNotDependOnWhereAPortraitStandsInItsPicture) {
  const Target before = composite(sitters);
  const cv::Matx23f away(0, -.9F, 400, .9F, 0, 20); // a quarter turn, smaller, moved
  WeightedPortrait& moved = sitters[1];
  cv::warpAffine(moved.rgb, moved.rgb, away, {800, 800}, cv::INTER_CUBIC);
  for (cv::Point3f& p : moved.landmarks)
    p = {away(0, 1) * p.y + away(0, 2) + .95F, away(1, 0) * p.x + away(1, 2) + .05F,
         0}; // pixel centres at + .5
  const Target after = composite(sitters);
  double worst = 0;
  for (std::size_t i = 0; i < 468; ++i)
    worst = std::max(worst, cv::norm(before.landmarks[i] - after.landmarks[i]));
  EXPECT_LT(worst, .5);
  cv::Mat difference;
  cv::absdiff(before.image, after.image, difference);
  EXPECT_LT(cv::mean(difference.reshape(1))[0], 3);
}

TEST_F(Composite, FollowsTheWeights) {
  const auto width_of_eye = [](const Target& target) {
    return cv::norm(target.landmarks[33] - target.landmarks[133]);
  };
  sitters.resize(2);
  const double both = width_of_eye(composite(sitters));
  sitters[1].shape = 0;
  const double one = width_of_eye(composite(sitters));
  sitters[0].shape = 1.5;
  sitters[1].shape = -.5;
  const double beyond = width_of_eye(composite(sitters));
  EXPECT_NEAR(one - both, beyond - one, .35 * std::abs(one - both) + .1);
}

TEST_F(Composite, TakesTheToneItIsTold) {
  sitters[0].rgb.setTo(cv::Scalar(60, 50, 40));
  sitters[1].rgb.setTo(cv::Scalar(220, 200, 180));
  sitters.resize(2);
  sitters[0].tone = 0;
  const Target light = composite(sitters);
  std::swap(sitters[0].tone, sitters[1].tone);
  const Target dark = composite(sitters);
  const cv::Point2f cheek(light.landmarks[50].x, light.landmarks[50].y);
  EXPECT_NEAR(light.image.at<cv::Vec3b>(cheek)[0], 220, 6);
  EXPECT_NEAR(dark.image.at<cv::Vec3b>(cheek)[0], 60, 6);
}

TEST_F(Composite, LeavesGlassesOut) {
  for (WeightedPortrait& sitter : sitters)
    sitter.rgb.setTo(cv::Scalar(128, 128, 128));
  // A frame of glasses: black around the right eye.
  const cv::Point3f& eye = sitters[0].landmarks[159];
  cv::circle(sitters[0].rgb, cv::Point2f(eye.x, eye.y), 4, {0, 0, 0}, cv::FILLED);
  for (WeightedPortrait& sitter : sitters)
    sitter.tone = &sitter == &sitters[0] ? 0 : 1;
  const auto darkest = [&] {
    double least = 0;
    cv::Mat gray;
    const Target target = composite(sitters);
    const cv::Point2f at(target.landmarks[159].x, target.landmarks[159].y);
    cv::cvtColor(target.image(cv::Rect(cv::Point(at) - cv::Point(8, 8), cv::Size(16, 16))), gray,
                 cv::COLOR_RGB2GRAY);
    cv::minMaxLoc(gray, &least);
    return least;
  };
  EXPECT_LT(darkest(), 121);
  sitters[0].glasses = true;
  EXPECT_GT(darkest(), 125);
  for (WeightedPortrait& sitter : sitters)
    sitter.glasses = true;
  EXPECT_THAT(refusal(), HasSubstr("around the eyes"));
}

TEST_F(Composite, LaysTheForeheadBare) {
  for (WeightedPortrait& sitter : sitters) {
    sitter.rgb.setTo(cv::Scalar(200, 160, 140));
    const cv::Point3f &top = sitter.landmarks[10], &brow = sitter.landmarks[105];
    sitter.rgb.rowRange(0, static_cast<int>(top.y + .4F * (brow.y - top.y)))
        .setTo(cv::Scalar(30, 20, 15)); // hair
  }
  const Target target = composite(sitters);
  const cv::Point3f &top = target.landmarks[10], &brow = target.landmarks[105];
  for (const float down : {0.F, .2F, .4F, .6F})
    EXPECT_NEAR(target.image.at<cv::Vec3b>(cv::Point2f(top.x, top.y + down * (brow.y - top.y)))[0], 200, 8)
        << down;
}

TEST_F(Composite, RefusesWhatCannotBeUsed) {
  const auto with = [&](const std::function<void(WeightedPortrait&)>& spoil) {
    const WeightedPortrait kept = sitters[1];
    spoil(sitters[1]);
    const std::string said = refusal();
    sitters[1] = kept;
    return said;
  };
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(with([](WeightedPortrait& s) { s.rgb = cv::Mat(); }), HasSubstr("portrait 2 is not a picture"));
  EXPECT_THAT(with([](WeightedPortrait& s) { s.rgb = cv::Mat::zeros(9, 9, CV_8UC1); }),
              HasSubstr("portrait 2 is not a picture"));
  EXPECT_THAT(with([](WeightedPortrait& s) { s.landmarks.pop_back(); }), HasSubstr("467 landmarks, not 468"));
  EXPECT_THAT(with([](WeightedPortrait& s) { s.landmarks[7].x = nan; }), HasSubstr("not a number"));
  EXPECT_THAT(with([](WeightedPortrait& s) { s.landmarks[7].z = 1e30F; }), HasSubstr("not a number"));
  EXPECT_THAT(with([](WeightedPortrait& s) {
                s.landmarks.assign(468, {5, 5, 5});
              }),
              HasSubstr("smaller than 32 px"));
  EXPECT_THAT(with([](WeightedPortrait& s) { s.shape = nan; }), HasSubstr("weight of shape"));
  EXPECT_THAT(with([](WeightedPortrait& s) { s.texture = 1e9; }), HasSubstr("weight of texture"));
  EXPECT_THAT(with([](WeightedPortrait& s) { s.tone = -2; }), HasSubstr("weights of tone sum to less"));
  EXPECT_THROW((void)composite(sitters, {.sharpen = nan}), TargetError);
  sitters.clear();
  EXPECT_THAT(refusal(), HasSubstr("at least one portrait"));
}

TEST_F(Composite, OfOnePhotoIsThePhoto) {
  const Target target = from_photo(sitters[0].rgb, sitters[0].landmarks);
  EXPECT_NO_THROW(require_valid(target, "it"));
  // Corresponding points of the faces have the same colour.
  for (const std::size_t i : {4UL, 50UL, 280UL, 152UL}) {
    const cv::Point3f &from = sitters[0].landmarks[i], &to = target.landmarks[i];
    const auto a = sitters[0].rgb.at<cv::Vec3b>(cv::Point2f(from.x - .5F, from.y - .5F));
    const auto b = target.image.at<cv::Vec3b>(cv::Point2f(to.x - .5F, to.y - .5F));
    EXPECT_LE(cv::norm(a, b, cv::NORM_INF), 12) << i;
  }
  EXPECT_THROW((void)from_photo(cv::Mat(), sitters[0].landmarks), TargetError);
}

TEST_F(Composite, HasTheFineStructureItIsTold) {
  cv::Mat noise(sitters[1].rgb.size(), CV_8UC3);
  cv::theRNG().state = 7;
  cv::randu(noise, 60, 200);
  sitters[1].rgb = noise;
  for (WeightedPortrait& sitter : sitters)
    sitter.texture = sitter.tone = 1;
  sitters[1].texture = 0;
  const auto roughness = [&] {
    const Target target = composite(sitters);
    cv::Mat soft;
    cv::GaussianBlur(target.image, soft, {}, 3);
    const cv::Rect face(120, 150, 80, 80);
    return cv::norm(target.image(face), soft(face), cv::NORM_L1);
  };
  const double without = roughness();
  sitters[1].detail = 1;
  EXPECT_GT(roughness(), 1.5 * without);
}

TEST_F(Composite, HasTheProportionsItIsTold) {
  const Target plain = composite(sitters);
  const Target wide = composite(sitters, {.proportions = {{"nose_width", 2}}});
  const auto nose = [](const Target& target) { return target.landmarks[358].x - target.landmarks[129].x; };
  EXPECT_GT(nose(wide), 1.08F * nose(plain));
  EXPECT_NEAR(wide.landmarks[152].x, plain.landmarks[152].x, .5F);
  EXPECT_NO_THROW(require_valid(wide, "it"));
  EXPECT_NO_THROW(require_valid(composite(sitters, {.proportions = {{"chin_length", 3}}}), "it"));
}

TEST(Reshape, ChangesBothSidesAlikeAndOnlyWhatIsAsked) {
  const auto somebody = real_meshes().front();
  std::vector<cv::Point3f> face = somebody; // made symmetric
  for (std::size_t i = 0; i < face.size(); ++i) {
    const cv::Point3f &p = somebody[i], &q = somebody[mirror_point.at(i)];
    face[i] = {(p.x - q.x) / 2, (p.y + q.y) / 2, 0};
  }
  for (const std::string_view name : proportion_names()) {
    auto more = face, less = face;
    reshape(more, std::vector<Proportion>{{std::string(name), 1}});
    reshape(less, std::vector<Proportion>{{std::string(name), -1}});
    double moved = 0, opposite = 0;
    for (std::size_t i = 0; i < face.size(); ++i) {
      const cv::Point3f &p = more[i], &q = more[mirror_point.at(i)];
      EXPECT_NEAR(p.x, -q.x, .01F) << name << ' ' << i;
      EXPECT_NEAR(p.y, q.y, .01F) << name << ' ' << i;
      moved = std::max(moved, cv::norm(more[i] - face[i]));
      opposite = std::max(opposite, cv::norm(more[i] + less[i] - 2 * face[i]));
    }
    EXPECT_GT(moved, .004 * (face[263].x - face[33].x)) << name;
    EXPECT_LT(opposite, .1 * moved) << name;
  }
}

TEST(Reshape, RefusesWhatIsNoProportion) {
  auto face = real_meshes().front();
  EXPECT_THROW(reshape(face, std::vector<Proportion>{{"beauty", 1}}), std::invalid_argument);
  EXPECT_THROW(reshape(face, std::vector<Proportion>{{"nose_width", 3.1}}), std::invalid_argument);
  EXPECT_THROW(
      reshape(face, std::vector<Proportion>{{"nose_width", std::numeric_limits<double>::quiet_NaN()}}),
      std::invalid_argument);
}

TEST(CloseMouth, MakesTheLipsMeetAndLeavesTheRest) {
  for (auto face : real_meshes()) {
    const auto before = face;
    for (const std::size_t i : {14UL, 87UL, 317UL, 17UL}) // a wide open mouth
      face[i].y += 12;
    close_mouth(face);
    EXPECT_NEAR(face[13].y, face[14].y, .01F * (face[263].x - face[33].x));
    EXPECT_LT(face[0].y, face[13].y);
    EXPECT_GT(face[17].y, face[14].y);
    for (const std::size_t i : {33UL, 263UL, 10UL, 168UL})
      EXPECT_LT(cv::norm(face[i] - before[i]), .03 * (face[263].x - face[33].x)) << i;
  }
  std::vector<cv::Point3f> nowhere(468);
  EXPECT_NO_THROW(close_mouth(nowhere));
}

TEST(MirrorPoint, GoesThereAndBack) {
  int on_the_middle = 0;
  for (std::size_t i = 0; i < mirror_point.size(); ++i) {
    EXPECT_EQ(mirror_point.at(mirror_point.at(i)), i);
    on_the_middle += mirror_point.at(i) == i ? 1 : 0;
  }
  EXPECT_EQ(on_the_middle, 28);
  EXPECT_EQ(mirror_point[33], 263);
  EXPECT_EQ(mirror_point[61], 291);
}

TEST(WarpMap, IsAffineInEachTriangleAndCoversTheHull) {
  const std::vector<cv::Point2f> to{{0, 0}, {20, 0}, {0, 10}, {20, 10}, {10, 5}};
  std::vector<cv::Point2f> from;
  for (const cv::Point2f& p : to)
    from.push_back({2 * p.x + 3, 5 - p.y});
  const cv::Mat map = warp_map(to, from, {20, 10});
  for (int y = 0; y < 10; ++y)
    for (int x = 0; x < 20; ++x) {
      const auto at = map.at<cv::Point2f>(y, x);
      const float cx = static_cast<float>(x) + .5F, cy = static_cast<float>(y) + .5F;
      EXPECT_NEAR(at.x, 2 * cx + 3 - .5F, 1e-3F) << x << ' ' << y;
      EXPECT_NEAR(at.y, 5 - cy - .5F, 1e-3F) << x << ' ' << y;
    }
  const cv::Mat beside = warp_map(to, from, {30, 10});
  EXPECT_EQ(beside.at<cv::Point2f>(5, 25), cv::Point2f(-1, -1));
}

} // namespace
} // namespace deid::composites
