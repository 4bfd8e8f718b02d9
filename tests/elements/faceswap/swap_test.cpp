#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/mesh_painter.hpp"
#include "elements/faceswap/drawing/swap.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include "tests/elements/faceswap/real_faces.hpp"
#include <gtest/gtest.h>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <random>

namespace deid::faceswap {
namespace {

/// Well within the face: the outline takes its colours from further inside.
cv::Mat well_inside(const std::vector<cv::Point3f>& points, cv::Size size) {
  const int rim = cvRound(0.15 * face_size(points));
  cv::Mat inner;
  cv::erode(face_area(points, size), inner, cv::Mat::ones(2 * rim + 1, 2 * rim + 1, CV_8U));
  return inner;
}

double worst(const cv::Mat& a, const cv::Mat& b, const cv::Mat& where) {
  return cv::norm(a, b, cv::NORM_INF, where);
}

class Draw : public testing::Test {
protected:
  /// A frame of one skin colour with a little texture.
  static cv::Mat skin() { return 0.2 * test::textured(test::real_size(), 2) + cv::Scalar(150, 110, 90); }
  std::vector<cv::Point3f> points() const { return with_forehead(mesh_, forehead_reach); }
  Picture drawn(const cv::Mat& frame) {
    Memory memory;
    return draw(painter_, frame, {0, 0}, mesh_, options_, memory);
  }
  cv::Point on(int a, int b, double share = 0.5) const {
    const cv::Point3f p =
        mesh_[static_cast<std::size_t>(a)] * (1 - share) + mesh_[static_cast<std::size_t>(b)] * share;
    return {cvFloor(p.x), cvFloor(p.y)};
  }

  MeshPainter painter_{
      Texture(test::made_of(test::real_meshes().front(), test::textured(test::real_size())))};
  const std::vector<cv::Point3f> mesh_ = test::real_meshes().back();
  const cv::Mat frame_ = test::textured(test::real_size(), 2);
  DrawOptions options_;
  Memory memory_;
};

TEST_F(Draw, CoversTheWholeFaceAndFadesBeyondIt) {
  const cv::Mat face = face_area(points(), frame_.size()), hair = hair_area(points(), frame_.size());
  for (const float feather : {0.F, 0.04F, 0.3F})
    for (const float geometry : {0.F, 1.F}) {
      options_.feather = feather;
      options_.geometry = geometry;
      const Picture picture = drawn(frame_);
      EXPECT_EQ(cv::countNonZero((picture.alpha < 255) & face & ~hair), 0) << feather;
      EXPECT_EQ(cv::countNonZero((picture.alpha < 255) & inner_area(points(), frame_.size())), 0) << feather;
      std::vector<cv::Point> all, hull;
      for (const cv::Point3f& p : points())
        all.emplace_back(cvRound(p.x), cvRound(p.y));
      cv::convexHull(all, hull);
      cv::Mat around(frame_.size(), CV_8UC1, cv::Scalar(0));
      cv::fillConvexPoly(around, hull, cv::Scalar(255));
      const int reach = cvRound((feather + (geometry > 0 ? 0.15 : 0)) * face_size(points())) + 3;
      cv::dilate(around, around, cv::Mat::ones(2 * reach + 1, 2 * reach + 1, CV_8U));
      EXPECT_EQ(cv::countNonZero(picture.alpha & ~around), 0) << feather;
    }
}

TEST_F(Draw, ALargeFaceIsPaintedSmallerAndStillWhollyCovered) {
  constexpr float by = 2.5; // of the target's own size: the picture is painted in half the size
  std::vector<cv::Point3f> large = mesh_;
  for (cv::Point3f& p : large)
    p *= by;
  cv::Mat frame;
  cv::resize(frame_, frame, {}, static_cast<double>(by), static_cast<double>(by), cv::INTER_CUBIC);
  const std::vector<cv::Point3f> points = with_forehead(large, forehead_reach);
  const cv::Mat never = face_area(points, frame.size()) & ~hair_area(points, frame.size());
  ASSERT_GT(face_size(points), 1.5 * face_size(mesh_));
  for (const bool surroundings : {false, true})
    for (const bool own_parts : {true, false}) {
      options_.own_parts = own_parts;
      options_.surroundings = surroundings && own_parts;
      Memory memory;
      const Picture picture = draw(painter_, frame, {0, 0}, large, options_, memory);
      ASSERT_EQ(picture.rgb.size(), frame.size());
      ASSERT_EQ(picture.alpha.size(), frame.size());
      EXPECT_EQ(cv::countNonZero((picture.alpha < 255) & never), 0) << own_parts << surroundings;
      EXPECT_EQ(cv::countNonZero((picture.alpha < 255) & inner_area(points, frame.size())), 0);
      cv::Mat difference, gray;
      cv::absdiff(picture.rgb, frame, difference);
      cv::cvtColor(difference, gray, cv::COLOR_RGB2GRAY);
      const cv::Mat skin = well_inside(points, frame.size());
      ASSERT_GT(cv::countNonZero(skin), 1000);
      EXPECT_LT(cv::countNonZero((gray <= 2) & skin), cv::countNonZero(skin) / 5) << "the frame shows";
    }
}

TEST_F(Draw, FadesSoftlyAroundASmallFaceWhateverLiesBesideIt) {
  std::vector<cv::Point3f> small = mesh_;
  const float by = 64.F / static_cast<float>(face_size(mesh_));
  for (cv::Point3f& p : small)
    p = {by * (p.x - mesh_[4].x) + 80, by * (p.y - mesh_[4].y) + 90, by * p.z};
  const auto points = with_forehead(small, forehead_reach);
  for (const cv::Scalar& around :
       {cv::Scalar(150, 110, 90), cv::Scalar(20, 90, 220), cv::Scalar(255, 255, 255)}) {
    cv::Mat frame(180, 160, CV_8UC3, around);
    const cv::Mat face = face_area(points, frame.size()), hair = hair_area(points, frame.size());
    frame.setTo(cv::Scalar(150, 110, 90), face);
    Memory memory;
    const Picture picture = draw(painter_, frame, {0, 0}, small, options_, memory);
    EXPECT_EQ(cv::countNonZero((picture.alpha < 255) & face & ~hair), 0);
    const cv::Point chin(cvFloor(small[152].x), cvFloor(small[152].y));
    int steps = 0, steepest = 0;
    for (int y = chin.y - 2; y < chin.y + 12; ++y) {
      const int now = picture.alpha.at<std::uint8_t>(y, chin.x),
                next = picture.alpha.at<std::uint8_t>(y + 1, chin.x);
      steepest = std::max(steepest, now - next);
      steps += now > 0 && now < 255 ? 1 : 0;
    }
    EXPECT_GE(steps, 2);
    EXPECT_LE(steepest, 140);
  }
}

TEST_F(Draw, TakesTheSubjectsColour) {
  cv::Mat green(frame_.size(), CV_8UC3, cv::Scalar(40, 160, 90));
  const Picture picture = drawn(green);
  const cv::Scalar mean = cv::mean(picture.rgb, picture.alpha == 255);
  EXPECT_NEAR(mean[0], 40, 12);
  EXPECT_NEAR(mean[1], 160, 12);
  EXPECT_NEAR(mean[2], 90, 12);
}

TEST_F(Draw, TakesTheLightOnEachCheek) {
  MeshPainter plain(Texture(test::made_of(test::real_meshes().front(),
                                          cv::Mat(test::real_size(), CV_8UC3, cv::Scalar(120, 100, 90)))));
  const cv::Scalar skin(150, 110, 90);
  cv::Mat frame(frame_.size(), CV_8UC3, skin);
  const cv::Point right = on(205, 50), left = on(425, 280);
  cv::circle(frame, left, 22, skin + cv::Scalar::all(40), cv::FILLED);
  const Picture picture = draw(plain, frame, {0, 0}, mesh_, options_, memory_);
  const auto green = [&](cv::Point at) {
    return cv::mean(picture.rgb(cv::Rect(at - cv::Point(4, 4), cv::Size(9, 9))))[1];
  };
  EXPECT_NEAR(green(right), 110, 8);
  EXPECT_GT(green(left), green(right) + 10);
}

TEST_F(Draw, HairStaysInFrontOfTheForeheadButNeverOfTheFace) {
  cv::Mat frame = skin();
  const cv::Scalar hair(25, 20, 15);
  const cv::Point fringe = on(10, 151, 0.3), eyes = on(33, 263), cheek = on(205, 50);
  for (const cv::Point& at : {fringe, eyes, cheek})
    cv::circle(frame, at, 9, hair, cv::FILLED);
  const Picture picture = drawn(frame);
  EXPECT_LT(picture.alpha.at<std::uint8_t>(fringe), 40);
  EXPECT_EQ(picture.alpha.at<std::uint8_t>(eyes), 255);
  EXPECT_EQ(picture.alpha.at<std::uint8_t>(cheek), 255);
  options_.own_parts = false; // the place of the face is unknown
  EXPECT_EQ(drawn(frame).alpha.at<std::uint8_t>(fringe), 255);
}

TEST_F(Draw, StaysBehindHandsAndNowhereElse) {
  const Picture before = drawn(frame_);
  cv::Mat hand(frame_.size(), CV_8UC1, cv::Scalar(0));
  const cv::Point mouth = on(13, 14);
  cv::circle(hand, mouth, 20, 255, cv::FILLED);
  options_.hands = hand;
  const Picture picture = drawn(frame_);
  EXPECT_EQ(cv::countNonZero(picture.alpha & hand), 0);
  EXPECT_EQ(cv::norm(picture.alpha, before.alpha, cv::NORM_INF, ~hand), 0);
  options_.own_parts = false; // the place of the face is unknown
  EXPECT_EQ(drawn(frame_).alpha.at<std::uint8_t>(mouth), 255);
}

TEST_F(Draw, AHandThatHidesMostOfTheFaceIsTheFaceItself) {
  const cv::Mat before = drawn(frame_).alpha;
  for (const cv::Mat& all : {face_area(points(), frame_.size()), inner_area(points(), frame_.size())}) {
    options_.hands = all;
    EXPECT_EQ(cv::norm(drawn(frame_).alpha, before, cv::NORM_INF), 0);
  }
}

TEST_F(Draw, AHandThatWasSureForLongMayHideMoreButNotAll) {
  const cv::Mat before = drawn(frame_).alpha, inner = inner_area(points(), frame_.size());
  cv::Mat most = inner.clone();
  const cv::Rect box = cv::boundingRect(inner);
  most(cv::Rect(box.x, box.y, box.width, box.height * 3 / 10)).setTo(0);
  const auto changed = [&](const cv::Mat& hands, float sure) {
    options_.hands = hands;
    options_.sure_hands = sure;
    return cv::norm(drawn(frame_).alpha, before, cv::NORM_INF);
  };
  EXPECT_EQ(changed(most, 0), 0);
  EXPECT_GT(changed(most, 1), 250);
  EXPECT_EQ(changed(inner, 1), 0);
  for (float sure = .02F; sure <= 1; sure += .02F)
    EXPECT_LT(changed(most, sure), changed(most, sure - .02F) + 60) << "a limit that flickers, at " << sure;
}

TEST_F(Draw, KeepsOwnEyesWhenAskedAndNothingOfItsOwnWhenUnsure) {
  cv::Mat eye(frame_.size(), CV_8UC1, cv::Scalar(0));
  std::vector<cv::Point> outline;
  for (const cv::Point2f& p : pick(mesh_, part::left_eye()))
    outline.emplace_back(p);
  cv::fillPoly(eye, std::vector<std::vector<cv::Point>>{outline}, cv::Scalar(255));
  ASSERT_GT(cv::countNonZero(eye), 20);
  const auto likeness = [&](Eyes eyes, bool own) {
    options_.eyes = eyes;
    options_.own_parts = own;
    Memory memory;
    const Picture picture = draw(painter_, frame_, {0, 0}, mesh_, options_, memory);
    return cv::norm(picture.rgb, frame_, cv::NORM_L1, eye) / cv::countNonZero(eye);
  };
  const double own = likeness(Eyes::own, true);
  EXPECT_LT(own, 0.6 * likeness(Eyes::target, true));
  EXPECT_LT(own, 0.6 * likeness(Eyes::own, false));
}

TEST_F(Draw, APartOfTheFrameGivesTheSamePicture) {
  std::vector<cv::Point2f> flat;
  for (const cv::Point3f& p : points())
    flat.emplace_back(p.x, p.y);
  cv::Rect part = cv::boundingRect(flat) + cv::Size(48, 48) - cv::Point(24, 24);
  part &= cv::Rect({0, 0}, frame_.size());
  Memory other;
  const Picture whole = draw(painter_, frame_, {0, 0}, mesh_, options_, memory_);
  const Picture cut = draw(painter_, frame_(part), part.tl(), mesh_, options_, other);
  const cv::Mat face = face_area(points(), frame_.size());
  EXPECT_EQ(worst(whole.alpha(part), cut.alpha, face(part) & ~hair_area(points(), frame_.size())(part)), 0);
  EXPECT_LE(worst(whole.rgb(part), cut.rgb, well_inside(points(), frame_.size())(part)), 3);
}

TEST_F(Draw, RefusesWhatIsNoFace) {
  auto landmarks = mesh_;
  landmarks[3].x = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(draw(painter_, frame_, {0, 0}, landmarks, options_, memory_), std::invalid_argument);
  landmarks.pop_back();
  EXPECT_THROW(draw(painter_, frame_, {0, 0}, landmarks, options_, memory_), std::invalid_argument);
  EXPECT_THROW(draw(painter_, cv::Mat(), {0, 0}, mesh_, options_, memory_), std::invalid_argument);
  const std::vector<cv::Point3f> point(468, {5, 5, 0});
  for (const float geometry : {0.F, 1.F}) {
    options_.geometry = geometry;
    EXPECT_EQ(cv::countNonZero(draw(painter_, frame_, {0, 0}, point, options_, memory_).alpha), 0);
  }
}

} // namespace
} // namespace deid::faceswap
