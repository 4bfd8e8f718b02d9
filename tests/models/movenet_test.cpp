// MoveNet against TensorFlow.js (golden/make_movenet_goldens.js), and refused files.
#include "models/manifest/manifest.hpp"
#include "models/movenet/movenet.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <fstream>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <ranges>

namespace deid::models {
namespace {

constexpr int side = 192;

std::filesystem::path graph() {
  return locate("movenet_lightning_graph");
}

std::filesystem::path weights() {
  return locate("movenet_lightning");
}

MoveNet network(cv::Size input) {
  return {graph(), weights(), input, {}};
}

cv::Mat portrait(const std::string& name) {
  const auto file = std::filesystem::path(DEID_DEPS_DIR) / "portraits" / name;
  cv::Mat small;
  cv::resize(test::decode(file, {0}).at(0), small, {side, side}, 0, 0, cv::INTER_AREA);
  return small;
}

TEST(MoveNet, SeesWhatTensorFlowSees) {
  const auto golden = nlohmann::json::parse(
      test::read(std::filesystem::path(DEID_SOURCE_DIR) / "tests/models/golden/movenet.json"));
  MoveNet movenet = network({side, side});
  int compared = 0;
  for (const auto& frame : golden.at("frames")) {
    const auto bodies = movenet.detect(portrait(frame.at("portrait")), .1F);
    ASSERT_FALSE(bodies.empty());
    const auto& points = frame.at("points");
    for (std::size_t i = 0; i < Body::point_count; ++i) {
      const float score = points[3 * i + 2];
      if (score < .3F)
        continue; // places of points with low scores mean nothing
      const BodyPoint& point = bodies[0].points[i];
      EXPECT_NEAR(point.at.y, points[3 * i].get<float>() * side, 2) << i;
      EXPECT_NEAR(point.at.x, points[3 * i + 1].get<float>() * side, 2) << i;
      EXPECT_NEAR(point.score, score, .1F) << i;
      ++compared;
    }
  }
  EXPECT_GT(compared, 12);
}

TEST(MoveNet, SeesTwoPeopleAndEachOnce) {
  cv::Mat both;
  cv::hconcat(portrait("astronaut.png"), portrait("grace_hopper.jpg"), both);
  const auto bodies = network({2 * side, side}).detect(both, .2F);
  ASSERT_EQ(bodies.size(), 2U);
  std::vector<float> noses{bodies[0].points[0].at.x, bodies[1].points[0].at.x};
  std::ranges::sort(noses);
  EXPECT_LT(noses[0], side);
  EXPECT_GT(noses[1], side);
}

TEST(MoveNet, SeesThemInTheSamePlaceInAnInputOfAnotherShapeAndSize) {
  const cv::Mat picture = portrait("astronaut.png");
  for (const cv::Size input : {cv::Size(side, side), cv::Size(320, 256), cv::Size(224, 320)}) {
    const auto bodies = network(input).detect(picture, .1F);
    ASSERT_FALSE(bodies.empty()) << input;
    EXPECT_NEAR(bodies[0].points[0].at.x, .432 * side, 8) << input;
    EXPECT_NEAR(bodies[0].points[0].at.y, .235 * side, 8) << input;
  }
}

TEST(MoveNet, SeesNobodyInNothing) {
  MoveNet movenet = network({side, side});
  EXPECT_TRUE(movenet.detect({}, .1F).empty());
  for (const BodyPoint& point : movenet.detect(cv::Mat(side, side, CV_8UC3, cv::Scalar::all(90)), .3F) |
                                    std::views::transform([](const Body& b) { return b.points[0]; }))
    EXPECT_LT(point.score, .2F);
}

TEST(MoveNet, RefusesWhatIsAnotherNetworkOrDamaged) {
  const test::Scratch scratch;
  const auto refused = [&](const std::filesystem::path& a, const std::filesystem::path& b, cv::Size input) {
    try {
      const MoveNet movenet(a, b, input, {});
      ADD_FAILURE() << "taken for MoveNet: " << a << b << input;
    } catch (const ModelError& error) {
      EXPECT_THAT(error.what(), testing::AnyOf(testing::HasSubstr("setup"), testing::HasSubstr("multiples")));
    }
  };
  refused(scratch.path() / "none.json", weights(), {side, side});
  refused(graph(), weights(), {side, 100});
  const auto file = [&](const std::string& name, const std::string& text) {
    test::write(scratch.path() / name, text);
    return scratch.path() / name;
  };
  const std::string bytes = test::read(weights()), text = test::read(graph());
  refused(file("a.json", text), file("short.bin", bytes.substr(0, bytes.size() / 2)), {side, side});
  refused(file("b.json", text), file("long.bin", bytes + "more"), {side, side});
  refused(file("half.json", text.substr(0, text.size() / 2)), weights(), {side, side});
  refused(file("empty.json", "{}"), weights(), {side, side});
  std::string unknown = text;
  const std::string known = "_FusedConv2D";
  for (std::size_t at = unknown.find(known); at != std::string::npos; at = unknown.find(known, at))
    unknown.replace(at, known.size(), "_FusedOther2");
  ASSERT_NE(unknown, text);
  refused(file("unknown.json", unknown), weights(), {side, side});
}

} // namespace
} // namespace deid::models
