// A box is followed with what it holds, and lost rather than left somewhere else.
#include "pipelines/deid/review/follow.hpp"
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace deid::test {
namespace {

using review::Ended;
using review::Followed;

const cv::Size size{320, 240};

cv::Mat noise(cv::Size of, int seed) {
  cv::Mat picture(of, CV_8UC1);
  cv::RNG random(static_cast<std::uint64_t>(seed));
  random.fill(picture, cv::RNG::UNIFORM, 0, 256);
  cv::GaussianBlur(picture, picture, {0, 0}, 2);
  cv::normalize(picture, picture, 0, 255, cv::NORM_MINMAX);
  return picture;
}

/// A textured square of 60 px that moves over a still background.
struct Film {
  cv::Mat background = noise(size, 1), thing = noise({60, 60}, 2);
  std::function<cv::Rect(int)> place;
  int hidden_from = 1000, frames = 100;

  cv::Mat operator()(int frame) const {
    if (frame < 0 || frame >= frames)
      return {};
    cv::Mat picture = background.clone();
    if (frame < hidden_from) {
      cv::Mat scaled;
      cv::resize(thing, scaled, place(frame).size());
      const cv::Rect visible = place(frame) & cv::Rect({}, size);
      scaled(visible - place(frame).tl()).copyTo(picture(visible));
    }
    return picture;
  }
};

Followed run(
    const Film& film, int from, int to,
    const std::function<bool(int, int)>& cut = [](int, int) { return false; }) {
  return review::follow(film, cut, 1, size, from, to, film.place(from));
}

double common(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double both = (a & b).area();
  return both / (a.area() + b.area() - both);
}

TEST(Follow, FollowsForwardsAndBackwards) {
  Film film;
  film.place = [](int f) { return cv::Rect(20 + 2 * f, 40 + f, 60, 60); };
  const Followed ahead = run(film, 20, 70), back = run(film, 70, 20);
  ASSERT_EQ(ahead.boxes.size(), 50U);
  ASSERT_EQ(back.boxes.size(), 50U);
  EXPECT_EQ(ahead.ended, Ended::end);
  for (int i = 0; i < 50; ++i) {
    EXPECT_GT(common(ahead.boxes[static_cast<std::size_t>(i)], film.place(21 + i)), .7) << i;
    EXPECT_GT(common(back.boxes[static_cast<std::size_t>(i)], film.place(69 - i)), .7) << i;
  }
}

TEST(Follow, GrowsWithTheThing) {
  Film film;
  film.place = [](int f) { return cv::Rect(100 - f / 2, 80 - f / 2, 60 + f, 60 + f); };
  const Followed ahead = run(film, 0, 40);
  ASSERT_EQ(ahead.boxes.size(), 40U);
  EXPECT_GT(common(ahead.boxes.back(), film.place(40)), .6);
}

TEST(Follow, IsLostWhenTheThingIsGone) {
  Film film;
  film.place = [](int f) { return cv::Rect(20 + 2 * f, 40, 60, 60); };
  film.hidden_from = 30;
  const Followed ahead = run(film, 10, 90);
  EXPECT_EQ(ahead.ended, Ended::lost);
  EXPECT_EQ(ahead.boxes.size(), 19U);
}

TEST(Follow, EndsAtACut) {
  Film film;
  film.place = [](int f) { return cv::Rect(20 + f, 40, 60, 60); };
  const Followed ahead = run(film, 10, 90, [](int a, int b) { return a == 24 && b == 25; });
  EXPECT_EQ(ahead.ended, Ended::cut);
  EXPECT_EQ(ahead.boxes.size(), 14U);
}

TEST(Follow, IsLostWhenItLeavesTheFrame) {
  Film film;
  film.place = [](int f) { return cv::Rect(200 + 3 * f, 40, 60, 60); };
  const Followed ahead = run(film, 0, 90);
  EXPECT_EQ(ahead.ended, Ended::lost);
  EXPECT_LT(ahead.boxes.size(), 60U);
  EXPECT_GT(ahead.boxes.size(), 15U);
}

TEST(Follow, EndsWithTheVideo) {
  Film film;
  film.place = [](int) { return cv::Rect(20, 40, 60, 60); };
  film.frames = 50;
  EXPECT_EQ(run(film, 40, 200).boxes.size(), 9U);
}

TEST(Follow, BetweenTwoPlacesIsALineThatHoldsBoth) {
  const cv::Rect2d a(0, 0, 20, 20), b(100, 50, 20, 20);
  EXPECT_GE((review::between(a, b, 0, size) & a).area(), a.area() - 1e-9);
  EXPECT_GE((review::between(a, b, 1, size) & b).area(), b.area() - 1e-9);
  EXPECT_NEAR(review::between(a, b, .5, size).x, 48, .01);
}

} // namespace
} // namespace deid::test
