#include "elements/facedetect/tracker.hpp"
#include "fake_finder.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <set>

namespace deid::facedetect {
namespace {

using test::Actor;
using test::FakeFinder;
constexpr int width = 320, height = 240;

/// Pushes frames through a tracker and keeps what leaves.
class Stream {
public:
  explicit Stream(FakeFinder& finder, std::size_t lookahead = 0)
      : tracker(finder), finder_(finder), lookahead_(lookahead) {
    tracker.reset({width, height}, 640 * 480, lookahead == 0 ? Pace::live : Pace::ahead);
  }
  /// texture: changes the picture as a whole (a cut when it changes).
  void push(int number, unsigned texture = 1) {
    auto& pixels = store_.emplace_back(make(number, texture));
    PendingFrame frame;
    frame.view.layout = video::Layout::gray;
    frame.view.width = width;
    frame.view.height = height;
    frame.view.planes[0] = {pixels.data(), width};
    frame.time = number * std::int64_t{33'333'333};
    pending_.push_back(frame);
    tracker.step(pending_, settings);
    if (pending_.size() > lookahead_)
      leave();
  }
  void run(int from, int to, unsigned texture = 1) {
    for (int n = from; n < to; ++n)
      push(n, texture);
  }
  void drain() {
    while (!pending_.empty())
      leave();
  }
  [[nodiscard]] const FaceRegion* near(int number, const cv::Rect2f& box) const {
    for (const FaceRegion& face : out.at(static_cast<std::size_t>(number)).faces)
      if (overlap_of_smaller(face.box, box) > 0.8F)
        return &face;
    return nullptr;
  }
  Tracker tracker;
  Settings settings{};
  std::vector<PendingFrame> out;

private:
  /// Blocks of the scene, and on it each actor with a pattern of its own, the first one in front.
  std::vector<std::uint8_t> make(int number, unsigned texture) const {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * height);
    std::mt19937 random(texture);
    std::vector<std::uint8_t> blocks(16 * 12);
    for (auto& b : blocks)
      b = static_cast<std::uint8_t>(random() % 256);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        pixels[static_cast<std::size_t>(y) * width + x] =
            blocks[static_cast<std::size_t>(y / 20) * 16 + x / 20];
    for (std::size_t i = finder_.actors.size(); i-- > 0;)
      draw(pixels, finder_.actors[i].place(number), static_cast<unsigned>(100 + i));
    pixels[0] = static_cast<std::uint8_t>(number % 256);
    pixels[1] = static_cast<std::uint8_t>(number / 256);
    return pixels;
  }
  static void draw(std::vector<std::uint8_t>& pixels, const cv::Rect2f& box, unsigned texture) {
    if (!is_finite(box) || box.empty())
      return;
    std::mt19937 random(texture);
    std::vector<std::uint8_t> cells(8 * 8);
    for (auto& c : cells)
      c = static_cast<std::uint8_t>(random() % 256);
    const cv::Rect inside = cv::Rect(box) & cv::Rect(0, 0, width, height);
    for (int y = inside.y; y < inside.br().y; ++y)
      for (int x = inside.x; x < inside.br().x; ++x) {
        const auto row = static_cast<std::size_t>((static_cast<float>(y) - box.y) / box.height * 7.99F);
        const auto column = static_cast<std::size_t>((static_cast<float>(x) - box.x) / box.width * 7.99F);
        pixels[static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)] =
            cells[std::min<std::size_t>(63, row * 8 + column)];
      }
  }
  void leave() {
    tracker.count(pending_.front());
    out.push_back(pending_.front());
    pending_.pop_front();
    store_.pop_front();
  }
  FakeFinder& finder_;
  std::size_t lookahead_;
  std::deque<PendingFrame> pending_;
  std::deque<std::vector<std::uint8_t>> store_;
};

const cv::Rect2f middle(130, 90, 60, 70);
Actor standing() {
  return {.place = [](int) { return middle; }};
}

TEST(Tracker, FindsAFaceInTheFirstFrameAndKeepsItsId) {
  FakeFinder finder;
  finder.actors = {standing()};
  Stream stream(finder);
  stream.run(0, 40);
  std::set<std::uint32_t> ids;
  for (int n = 0; n < 40; ++n) {
    const FaceRegion* face = stream.near(n, middle);
    ASSERT_NE(face, nullptr) << n;
    ids.insert(face->id);
    EXPECT_EQ(face->landmarks.size(), 468U) << n;
  }
  EXPECT_EQ(ids.size(), 1U);
}

TEST(Tracker, AnEmptySceneHasNoFaces) {
  FakeFinder finder;
  Stream stream(finder, 5);
  stream.run(0, 30);
  stream.drain();
  for (const PendingFrame& frame : stream.out)
    EXPECT_TRUE(frame.faces.empty());
  EXPECT_GT(finder.sweeps, 1);
}

TEST(Tracker, ALostFaceStaysCoveredAndGrows) {
  FakeFinder finder;
  const auto visible = [](int n) { return n < 20; };
  finder.actors = {
      {.place = [](int) { return middle; }, .glanced = visible, .swept = visible, .meshed = visible}};
  Stream stream(finder);
  stream.run(0, 120);
  float area = 0;
  for (int n = 20; n < 45; ++n) {
    const FaceRegion* face = stream.near(n, middle);
    ASSERT_NE(face, nullptr) << n;
    EXPECT_EQ(face->origin, Origin::held);
    EXPECT_GE(face->box.area(), area);
    EXPECT_TRUE((face->box & middle).area() >= 0.999F * middle.area());
    area = face->box.area();
  }
  EXPECT_TRUE(stream.out[119].faces.empty()) << "a face gone for good must not be covered for ever";
}

TEST(Tracker, AGlimpseIsHeldForAShorterTime) {
  FakeFinder finder;
  const auto visible = [](int n) { return n == 20; };
  finder.actors = {
      {.place = [](int) { return middle; }, .glanced = visible, .swept = visible, .meshed = visible}};
  Stream stream(finder);
  stream.run(0, 60);
  EXPECT_NE(stream.near(20, middle), nullptr);
  EXPECT_NE(stream.near(23, middle), nullptr);
  EXPECT_TRUE(stream.out[50].faces.empty());
}

TEST(Tracker, LookaheadFillsTheFramesBeforeTheFaceWasFound) {
  FakeFinder finder;
  // In the picture from 10 on, found by a detector at 30; the mesh can follow it back.
  const auto detected = [](int n) { return n >= 30; };
  finder.actors = {{.place =
                        [](int n) {
                          return n >= 10 ? shifted(middle, {static_cast<float>(n - 10), 0}) : cv::Rect2f();
                        },
                    .glanced = detected,
                    .swept = detected}};
  Stream stream(finder, 25);
  stream.run(0, 60);
  stream.drain();
  ASSERT_EQ(stream.out.size(), 60U);
  for (int n = 10; n < 60; ++n) {
    const FaceRegion* face = stream.near(n, finder.actors[0].place(n));
    ASSERT_NE(face, nullptr) << n;
    EXPECT_EQ(face->origin == Origin::backfilled, n < 30) << n;
  }
  EXPECT_FALSE(stream.out[8].faces.empty()) << "two frames before the first sight are covered as well";
  EXPECT_TRUE(stream.out[5].faces.empty());
}

TEST(Tracker, WithoutLookaheadNothingIsFilled) {
  FakeFinder finder;
  const auto detected = [](int n) { return n >= 30; };
  finder.actors = {{.place = [](int) { return middle; }, .glanced = detected, .swept = detected}};
  Stream stream(finder, 0);
  stream.run(0, 40);
  EXPECT_TRUE(stream.out[29].faces.empty());
  EXPECT_NE(stream.near(30, middle), nullptr);
}

TEST(Tracker, AGapOnAMovingFaceIsBridgedAndTheIdStays) {
  FakeFinder finder;
  const auto seen = [](int n) { return n < 20 || n >= 32; };
  const auto place = [](int n) { return shifted(middle, {2.F * static_cast<float>(n) - 60.F, 0}); };
  finder.actors = {{.place = place, .glanced = seen, .swept = seen, .meshed = seen}};
  Stream stream(finder, 20);
  stream.run(0, 60);
  stream.drain();
  std::set<std::uint32_t> ids;
  for (int n = 0; n < 60; ++n) {
    const FaceRegion* face = stream.near(n, place(n));
    ASSERT_NE(face, nullptr) << n;
    EXPECT_GE((face->box & place(n)).area(), 0.95F * place(n).area()) << n;
    ids.insert(face->id);
  }
  EXPECT_EQ(ids.size(), 1U);
}

TEST(Tracker, ACutEndsTracksAndIsNotFilledAcross) {
  FakeFinder finder;
  const cv::Rect2f elsewhere(20, 20, 60, 70);
  finder.actors = {{.place = [](int n) { return n < 15 ? middle : cv::Rect2f(); }},
                   {.place = [&](int n) { return n >= 15 ? elsewhere : cv::Rect2f(); }}};
  Stream stream(finder, 10);
  stream.run(0, 15, 1);
  stream.run(15, 30, 2);
  stream.drain();
  EXPECT_TRUE(stream.out[15].cut);
  for (int n = 0; n < 30; ++n) {
    ASSERT_EQ(stream.out[static_cast<std::size_t>(n)].faces.size(), 1U) << n;
    EXPECT_NE(stream.near(n, n < 15 ? middle : elsewhere), nullptr) << n;
  }
  EXPECT_NE(stream.out[14].faces[0].id, stream.out[15].faces[0].id);
}

TEST(Tracker, SeveralPeopleKeepTheirIdsWhenTheyPass) {
  FakeFinder finder;
  // One walks behind the other: hidden while the boxes overlap much.
  const auto left_to_right = [](int n) { return cv::Rect2f(10.F + 4.F * static_cast<float>(n), 90, 50, 60); };
  const auto still = [](int) { return cv::Rect2f(130, 92, 50, 60); };
  const auto apart = [=](int n) { return iou(left_to_right(n), still(n)) < 0.15F; };
  finder.actors = {{.place = still},
                   {.place = left_to_right, .glanced = apart, .swept = apart, .meshed = apart}};
  Stream stream(finder, 15);
  stream.run(0, 60);
  stream.drain();
  const FaceRegion* before = stream.near(5, left_to_right(5));
  const FaceRegion* after = stream.near(55, left_to_right(55));
  ASSERT_NE(before, nullptr);
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(before->id, after->id);
  ASSERT_NE(stream.near(5, still(5)), nullptr);
  ASSERT_NE(stream.near(55, still(55)), nullptr);
  EXPECT_EQ(stream.near(5, still(5))->id, stream.near(55, still(55))->id);
}

TEST(Tracker, TheMeshAloneIsNotBelievedForEver) {
  FakeFinder finder;
  // A mesh that sticks to the wallpaper after the person has left.
  const auto there = [](int n) { return n < 15; };
  finder.actors = {{.place = [](int) { return middle; }, .glanced = there, .swept = there}};
  Stream stream(finder);
  stream.run(0, 150);
  EXPECT_TRUE(stream.out[149].faces.empty());
}

TEST(Tracker, AMeshThatLiesElsewhereThanADetectorSawTheFeaturesIsNotGivenOut) {
  const cv::Point2f above = center(middle) - cv::Point2f(0, 8), below = center(middle) + cv::Point2f(0, 18);
  for (const auto& [features, right] :
       {std::pair{Features{above, below}, true},
        {Features{below, above}, false}, // stands on its head
        {Features{above + cv::Point2f(40, 0), below + cv::Point2f(40, 0)}, false}}) {
    FakeFinder finder;
    finder.actors = {standing()};
    finder.actors[0].features = features;
    Stream stream(finder);
    stream.run(0, 30);
    for (int n = 0; n < 30; ++n) {
      const FaceRegion* face = stream.near(n, middle);
      ASSERT_NE(face, nullptr) << n;
      EXPECT_EQ(face->landmarks.empty(), !right) << n;
    }
  }
}

TEST(Tracker, AFaceDoesNotStandOnItsHeadBecauseATurnedLookIsSurer) {
  FakeFinder finder;
  finder.actors = {standing()};
  finder.actors[0].looked_at_turned = true;
  finder.actors[0].score = 0.6F;
  Stream stream(finder, 5);
  stream.run(0, 60);
  stream.drain();
  for (int n = 0; n < 60; ++n) {
    const FaceRegion* face = stream.near(n, middle);
    ASSERT_NE(face, nullptr) << n;
    ASSERT_FALSE(face->landmarks.empty()) << n;
    EXPECT_LT(face->landmarks[33].y, face->landmarks[13].y) << n;
  }
}

TEST(Tracker, ACoarseLookDoesNotLoseTheFeatures) {
  FakeFinder finder;
  finder.actors = {standing()};
  finder.actors[0].glanced = [](int n) { return n < 5; };
  Stream stream(finder);
  stream.run(0, 5);
  finder.actors[0].coarse = 1.6F;
  stream.run(5, 60);
  bool large = false;
  for (int n = 5; n < 60; ++n) {
    const FaceRegion* face = stream.near(n, middle);
    ASSERT_NE(face, nullptr) << n;
    EXPECT_FALSE(face->landmarks.empty()) << n;
    large = large || face->box.width > 1.5F * middle.width;
  }
  EXPECT_TRUE(large) << "what the detector saw is covered as well";
}

TEST(Settle, TakesTheMeshThatBelievesMoreInItsFace) {
  FakeFinder finder;
  finder.actors = {standing()};
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * height);
  video::FrameView view;
  view.layout = video::Layout::gray;
  view.width = width;
  view.height = height;
  view.planes[0] = {pixels.data(), width};
  for (const float roll : {0.F, 3.14159F}) {
    const Followed followed = settle(finder, view, {middle, 0.8F, roll, true, {}}, true);
    ASSERT_TRUE(followed.mesh) << roll;
    EXPECT_NEAR(roll_of(*followed.mesh), 0, 0.1) << roll;
  }
}

TEST(Tracker, AWeakSightingNeedsASecondOpinion) {
  FakeFinder finder;
  finder.actors = {{.place = [](int) { return middle; },
                    .glanced = [](int) { return false; },
                    .meshed = [](int) { return false; },
                    .score = 0.3F}};
  Stream alone(finder);
  alone.run(0, 10);
  EXPECT_TRUE(alone.out[5].faces.empty());
  finder.actors[0].glanced = [](int) { return true; };
  finder.actors[0].meshed = [](int) { return true; };
  Stream confirmed(finder);
  confirmed.run(0, 10);
  EXPECT_NE(confirmed.near(0, middle), nullptr);
}

TEST(Tracker, AFailingFinderIsNotSwallowed) {
  FakeFinder finder;
  finder.actors = {standing()};
  finder.before_each = [](int n) {
    if (n == 7)
      throw models::ModelError(models::ModelError::Kind::engine, "boom");
  };
  Stream stream(finder);
  stream.run(0, 7);
  EXPECT_THROW(stream.push(7), models::ModelError);
}

TEST(Tracker, NonsenseFromANetworkIsNoFace) {
  FakeFinder finder;
  finder.actors = {{.place = [](int) { return cv::Rect2f(NAN, 0, INFINITY, 20); }}};
  Stream stream(finder, 3);
  stream.run(0, 10);
  stream.drain();
  for (const PendingFrame& frame : stream.out)
    EXPECT_TRUE(frame.faces.empty());
}

TEST(Tracker, CountsWhatLeft) {
  FakeFinder finder;
  finder.actors = {standing()};
  Stream stream(finder, 4);
  stream.run(0, 20);
  EXPECT_EQ(stream.tracker.counts().frames, 16U);
  stream.drain();
  const Counts& counts = stream.tracker.counts();
  EXPECT_EQ(counts.frames, 20U);
  EXPECT_EQ(counts.frames_with_faces, 20U);
  EXPECT_EQ(counts.detected + counts.tracked + counts.held + counts.backfilled, 20U);
  EXPECT_EQ(counts.tracks, 1U);
}

} // namespace
} // namespace deid::facedetect
