// A network for one person among several people, with a describer that identifies people by colour.
#include "elements/faceswap/drawing/trained_painter.hpp"
#include "elements/faceswap/swapper.hpp"
#include "tests/elements/faceswap/colour_patch.hpp"
#include "tests/elements/faceswap/said.hpp"
#include "tests/elements/faceswap/somebodies.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include <gtest/gtest.h>

namespace deid::faceswap {
namespace {

using test::at;

const cv::Size size(640, 360);
const cv::Rect2f here(60, 80, 120, 150), there(400, 80, 120, 150);
const cv::Scalar red(200, 60, 50), blue(60, 70, 190);
const Descriptor anna = at(10, .8), ben = at(11, .8);

/// A describer for tests: a face of one flat colour is a person, and a face with texture is a result.
class ByColour final : public Describer {
public:
  explicit ByColour(const bool& too_close) : too_close_(too_close) {}
  Descriptor describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) override {
    const ColourPatch colours = colour_patch(rgb, landmarks);
    const cv::Scalar& mean = colours.mean;
    if (colours.is_result())
      return too_close_ ? anna : at(20, 1);
    return mean[0] > mean[2] ? anna : ben;
  }

private:
  const bool& too_close_;
};

class TrainedSwapper : public testing::Test {
protected:
  void begin(const Loaded& others) {
    Trained trained;
    trained.name = "learnt";
    trained.subject = anna;
    trained.target = at(0, .9);
    trained.painter = std::make_unique<TrainedPainter>(
        [this](const cv::Mat& face) {
          ++runs_;
          return test::textured(face.size());
        },
        64, models::autoencoder::Alignment{});
    settings_.trained = true;
    swapper_.emplace(others, Networks{.describer = std::make_unique<ByColour>(too_close_)}, true,
                     std::move(trained));
  }
  static Loaded one_more() {
    Loaded all;
    all.targets.push_back(test::nobody());
    all.targets.back().name = "other";
    all.targets.back().descriptor = at(1, .95);
    return all;
  }
  struct Face {
    std::uint32_t id;
    cv::Rect2f box;
    cv::Scalar color;
  };
  std::vector<std::string> frame(const std::vector<Face>& people) {
    cv::Mat rgb(size, CV_8UC3, cv::Scalar(90, 90, 90));
    cover::Plan plan;
    for (const Face& face : people) {
      const FaceRegion region = test::mesh_face(face.box, 0, face.id);
      rgb(cv::Rect(face.box)).setTo(face.color);
      plan.faces.push_back({region, cover::rasterize(region, cover::Shape::contour, .02F, size), false});
    }
    video::FrameView view = video::rgb_view(rgb);
    const Swapper::Done done = swapper_->frame(view, plan, settings_);
    std::vector<std::string> all;
    for (const cover::Overlay& overlay : done.overlays) {
      all.push_back(said(overlay));
      const bool drawn = !overlay.alpha.empty() && cv::countNonZero(overlay.alpha) > 0;
      EXPECT_EQ(drawn, overlay.outcome.treatment == Treatment::swapped) << all.back();
    }
    events_.insert(events_.end(), done.events.begin(), done.events.end());
    return all;
  }
  [[nodiscard]] const SwapEvent* noted(SwapEvent::Kind kind) const {
    for (const SwapEvent& event : events_)
      if (event.kind == kind)
        return &event;
    return nullptr;
  }

  SwapSettings settings_{};
  std::optional<Swapper> swapper_{};
  std::vector<SwapEvent> events_{};
  int runs_ = 0;
  bool too_close_ = false;
};

TEST_F(TrainedSwapper, IsDrawnOnItsPersonAndTheOthersStayBlurred) {
  begin({});
  for (int i = 0; i < 5; ++i) {
    const auto said = frame({{1, here, red}, {2, there, blue}});
    EXPECT_TRUE(said[0].starts_with("swap learnt")) << said[0];
    EXPECT_EQ(said[1].substr(0, 9), "average (") << said[1];
  }
  EXPECT_EQ(frame({{1, here, red}, {2, there, blue}})[1], "average (not-trained-for)");
  EXPECT_GE(runs_, 5);
  EXPECT_LE(runs_, 12) << "on one of two faces";
  const SwapEvent* refused = noted(SwapEvent::Kind::refused);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->face, 2U);
  EXPECT_EQ(refused->why, Reason::not_trained);
  EXPECT_EQ(refused->target, "learnt");
  EXPECT_NEAR(refused->distance, 1.131, .01);
}

TEST_F(TrainedSwapper, SomebodyElseAloneIsNeverShownWithIt) {
  begin({});
  for (int i = 0; i < 40; ++i)
    EXPECT_FALSE(frame({{1, here, blue}})[0].starts_with("swap")) << i;
  EXPECT_EQ(runs_, 0) << "the network did not even see the face";
}

TEST_F(TrainedSwapper, NobodyIsAnybodyUntilItIsKnown) {
  settings_.verify.every = 0; // even then
  begin({});
  EXPECT_TRUE(frame({{1, here, red}})[0].starts_with("swap learnt"));
  int with = 0;
  for (int i = 0; i < 60; ++i) // another person under her id
    with += frame({{1, here, blue}})[0].starts_with("swap") ? 1 : 0;
  EXPECT_LE(with, 35);
  EXPECT_EQ(frame({{1, here, blue}})[0], "average (not-trained-for)");
}

TEST_F(TrainedSwapper, OthersAreSwappedWithOtherTargetsWhenThereAreSome) {
  begin(one_more());
  std::vector<std::string> said;
  for (int i = 0; i < 3; ++i)
    said = frame({{1, here, red}, {2, there, blue}});
  EXPECT_TRUE(said[0].starts_with("swap learnt")) << said[0];
  EXPECT_TRUE(said[1].starts_with("swap other")) << said[1];
  const SwapEvent* refused = noted(SwapEvent::Kind::refused);
  ASSERT_NE(refused, nullptr) << "it is told all the same that the model is another's";
  EXPECT_EQ(refused->why, Reason::not_trained);
}

TEST_F(TrainedSwapper, AResultThatIsTooCloseIsNotShownAndGeometryIsNotTried) {
  too_close_ = true;
  begin({});
  for (int i = 0; i < 20; ++i)
    EXPECT_FALSE(frame({{1, here, red}})[0].starts_with("swap")) << i;
  EXPECT_EQ(noted(SwapEvent::Kind::raised), nullptr);
  ASSERT_NE(noted(SwapEvent::Kind::covered), nullptr);
  EXPECT_LE(runs_, 3);
}

TEST_F(TrainedSwapper, ThenAnotherTargetIsTakenWhenThereIsOne) {
  too_close_ = true;
  begin(one_more());
  frame({{1, here, red}});
  const SwapEvent* recast = noted(SwapEvent::Kind::reassigned);
  ASSERT_NE(recast, nullptr);
  EXPECT_EQ(recast->target, "other");
}

} // namespace
} // namespace deid::faceswap
