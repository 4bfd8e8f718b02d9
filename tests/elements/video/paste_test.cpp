#include "elements/video/paste.hpp"
#include "tests/elements/video/test_frame.hpp"
#include <gtest/gtest.h>
#include <stdexcept>

namespace deid::video {
namespace {

using test::Kind;
using test::kinds;
using test::TestFrame;

class Paste : public testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(Layouts, Paste, testing::ValuesIn(kinds()),
                         [](const auto& kind) { return kind.param.name; });

struct Picture {
  cv::Mat rgb, alpha;
};

Picture picture(cv::Size size, unsigned seed) {
  Picture out{cv::Mat(size, CV_8UC3), cv::Mat(size, CV_8UC1)};
  cv::RNG random(seed);
  random.fill(out.rgb, cv::RNG::UNIFORM, 0, 256);
  random.fill(out.alpha, cv::RNG::UNIFORM, -120, 380); // many pixels are all or nothing
  return out;
}

/// Y, U, V of a colour by the formulas.
std::array<double, 3> yuv(const TestFrame& frame, const std::array<double, 3>& rgb) {
  const bool wide = frame.view.bt709 && frame.kind.layout != Layout::gray;
  const double kr = wide ? 0.2126 : 0.299, kb = wide ? 0.0722 : 0.114;
  const double luma = kr * rgb[0] + (1 - kr - kb) * rgb[1] + kb * rgb[2];
  const double ls = frame.view.full_range ? 1 : 219.0 / 255, cs = frame.view.full_range ? 1 : 224.0 / 255;
  return {luma * ls + (frame.view.full_range ? 0 : 16), (rgb[2] - luma) / (2 * (1 - kb)) * cs + 128,
          (rgb[0] - luma) / (2 * (1 - kr)) * cs + 128};
}

/// The slow reference: largest alpha and alpha-weighted colour of the frame's pixels (x0..x0+k) x (y0..y0+k).
std::pair<double, std::array<double, 3>> mean(const Picture& p, cv::Point at, cv::Size frame, int x0, int y0,
                                              int k) {
  double weight = 0, most = 0;
  std::array<double, 3> sum{};
  for (int y = y0; y < std::min(y0 + k, frame.height); ++y)
    for (int x = x0; x < std::min(x0 + k, frame.width); ++x) {
      if (!cv::Rect(at, p.rgb.size()).contains({x, y}))
        continue;
      const double a = p.alpha.at<std::uint8_t>(y - at.y, x - at.x) / 255.0;
      weight += a;
      most = std::max(most, a);
      for (int c = 0; c < 3; ++c)
        sum.at(static_cast<std::size_t>(c)) += a * p.rgb.at<cv::Vec3b>(y - at.y, x - at.x)[c];
    }
  for (double& c : sum)
    c = weight > 0 ? c / weight : 0;
  return {most, sum};
}

/// What byte `b` of sample (x, y) of a plane must be.
double wanted(TestFrame& before, const Picture& p, cv::Point at, int plane, int x, int y, int b) {
  const int k = plane == 0 ? 1 : 2;
  const auto [alpha, color] = mean(p, at, before.view.size(), x * k, y * k, k);
  const double old = before.at(plane, x, y)[b];
  if (alpha <= 0)
    return old;
  if (before.kind.layout == Layout::packed) {
    for (std::size_t c = 0; c < 3; ++c)
      if (before.kind.rgb_offset.at(c) == b)
        return old + alpha * (color.at(c) - old);
    return 255;
  }
  const std::size_t which = static_cast<std::size_t>(plane == 0                           ? 0
                                                     : before.kind.layout == Layout::nv12 ? 1 + b
                                                                                          : plane);
  return old + alpha * (yuv(before, color).at(which) - old);
}

TEST_P(Paste, IsTheBlendOfTheSlowTwin) {
  for (const cv::Size size : {cv::Size(32, 24), cv::Size(33, 25), cv::Size(3, 1), cv::Size(1, 1)})
    for (const cv::Point at : {cv::Point(0, 0), cv::Point(5, 7), cv::Point(-4, -3), cv::Point(28, 19)})
      for (const bool odd : {false, true}) {
        TestFrame frame(GetParam(), size.width, size.height);
        frame.view.bt709 = odd;
        frame.view.full_range = odd;
        frame.randomize(7);
        TestFrame before(frame);
        const Picture p = picture({odd ? 11 : 16, 9}, 3);
        paste_rgb(frame.view, at, p.rgb, p.alpha);
        EXPECT_TRUE(frame.padding_intact());
        for (int plane = 0; plane < frame.plane_count(); ++plane)
          for (int y = 0; y < frame.rows(plane); ++y)
            for (int x = 0; x < frame.columns(plane); ++x)
              for (int b = 0; b < frame.step(plane); ++b)
                ASSERT_NEAR(frame.at(plane, x, y)[b], wanted(before, p, at, plane, x, y, b), 2)
                    << size << at << " plane " << plane << " " << x << "," << y << "," << b;
      }
}

TEST_P(Paste, WithoutAlphaNothingChanges) {
  TestFrame frame(GetParam(), 33, 25);
  frame.randomize(9);
  const TestFrame before(frame);
  Picture p = picture({33, 25}, 4);
  p.alpha.setTo(0);
  paste_rgb(frame.view, {0, 0}, p.rgb, p.alpha);
  EXPECT_EQ(frame.memory, before.memory);
  paste_rgb(frame.view, {100, 100}, p.rgb, p.alpha);
  EXPECT_EQ(frame.memory, before.memory);
}

TEST(PasteRefusals, WhatDoesNotFitThrows) {
  TestFrame frame(kinds().front(), 8, 8);
  const Picture p = picture({4, 4}, 1);
  EXPECT_THROW(paste_rgb(frame.view, {0, 0}, p.rgb, cv::Mat(4, 5, CV_8UC1)), std::invalid_argument);
  EXPECT_THROW(paste_rgb(frame.view, {0, 0}, p.alpha, p.alpha), std::invalid_argument);
  EXPECT_THROW(paste_rgb(frame.view, {0, 0}, p.rgb, p.rgb), std::invalid_argument);
}

} // namespace
} // namespace deid::video
