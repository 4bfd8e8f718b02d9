#include "elements/cover/cover.hpp"
#include "elements/video/color.hpp"
#include "tests/elements/cover/faces.hpp"
#include "tests/elements/video/test_frame.hpp"
#include <gtest/gtest.h>
#include <limits>

namespace deid::cover {
namespace {

using test::Kind;
using test::kinds;
using test::TestFrame;
using video::Layout;

const std::array<Method, 4> methods{Method::fill, Method::average, Method::gaussian, Method::pixelate};

class EveryLayout : public testing::TestWithParam<Kind> {
protected:
  /// Whether a covered pixel touches this sample of a plane, so that it must change.
  static bool touched(const Mask& mask, int plane, int x, int y) {
    const int half = plane == 0 ? 1 : 2;
    for (int dy = 0; dy < half; ++dy)
      for (int dx = 0; dx < half; ++dx) {
        const cv::Point at(x * half + dx - mask.bounds.x, y * half + dy - mask.bounds.y);
        if (at.x >= 0 && at.y >= 0 && at.x < mask.bounds.width && at.y < mask.bounds.height &&
            mask.mask.at<std::uint8_t>(at) != 0)
          return true;
      }
    return false;
  }
  static std::vector<Mask> masks(cv::Size size) {
    const float w = static_cast<float>(size.width), h = static_cast<float>(size.height);
    std::vector<Mask> all{rasterize(test::box_face({w / 4, h / 4, w / 2, h / 2}), Shape::box, 0, size),
                          rasterize(test::box_face({w / 4, h / 4, w / 3, h / 3}), Shape::ellipse, 0, size),
                          rasterize(test::mesh_face({w / 2, h / 2, w, h}), Shape::contour, 0.1F, size)};
    Mask odd{cv::Rect(0, 0, size.width, size.height) & cv::Rect(3, 1, 5, 7), {}};
    odd.mask = cv::Mat(odd.bounds.size(), CV_8UC1, cv::Scalar(255));
    if (!odd.bounds.empty()) {
      odd.mask.at<std::uint8_t>(0, 0) = 0;
      all.push_back(odd);
    }
    return all;
  }
};
INSTANTIATE_TEST_SUITE_P(Layouts, EveryLayout, testing::ValuesIn(kinds()),
                         [](const auto& kind) { return kind.param.name; });

TEST_P(EveryLayout, FillSetsExactlyTheMasksPixels) {
  const std::array<std::uint8_t, 3> color{200, 30, 90};
  for (const cv::Size size : {cv::Size(24, 16), cv::Size(25, 17), cv::Size(3, 2), cv::Size(1, 1)})
    for (const bool full : {false, true})
      for (const Mask& mask : masks(size)) {
        TestFrame frame(GetParam(), size.width, size.height);
        frame.view.full_range = full;
        frame.randomize(3);
        TestFrame before(frame);
        Style style;
        style.color = color;
        apply(frame.view, mask, style);
        const auto yuv = video::rgb_to_yuv(color, {full, false});
        for (int p = 0; p < frame.plane_count(); ++p)
          for (int y = 0; y < frame.rows(p); ++y)
            for (int x = 0; x < frame.columns(p); ++x)
              for (int b = 0; b < frame.step(p); ++b) {
                int want = *(before.at(p, x, y) + b);
                if (touched(mask, p, x, y)) {
                  want = 255; // padding or alpha: opaque
                  if (GetParam().layout != Layout::packed)
                    want = yuv.at(static_cast<std::size_t>(p + b));
                  for (std::size_t c = 0; GetParam().layout == Layout::packed && c < 3; ++c)
                    if (GetParam().rgb_offset.at(c) == b)
                      want = color.at(c);
                }
                ASSERT_EQ(frame.at(p, x, y)[b], want) << size << " plane " << p << " at " << x << "," << y;
              }
        EXPECT_TRUE(frame.padding_intact());
      }
}

TEST_P(EveryLayout, NoMethodTouchesWhatIsOutside) {
  for (const cv::Size size : {cv::Size(64, 48), cv::Size(65, 49), cv::Size(2, 2)})
    for (const Method method : methods)
      for (const float strength : {0.01F, 1.F, 4.F})
        for (const Mask& mask : masks(size)) {
          TestFrame frame(GetParam(), size.width, size.height);
          frame.randomize(5);
          TestFrame before(frame);
          Style style;
          style.method = method;
          style.strength = strength;
          apply(frame.view, mask, style);
          for (int p = 0; p < frame.plane_count(); ++p)
            for (int y = 0; y < frame.rows(p); ++y)
              for (int x = 0; x < frame.columns(p); ++x)
                for (int b = 0; b < frame.step(p) && !touched(mask, p, x, y); ++b)
                  ASSERT_EQ(frame.at(p, x, y)[b], before.at(p, x, y)[b])
                      << int(method) << size << p << " " << x << "," << y;
          EXPECT_TRUE(frame.padding_intact());
        }
}

TEST_P(EveryLayout, BlursAreMadeFromInsideTheBoundsAlone) {
  const cv::Size size(80, 60);
  const Mask mask = rasterize(test::box_face({20, 16, 40, 30}), Shape::ellipse, 0, size);
  for (const Method method : methods) {
    TestFrame one(GetParam(), size.width, size.height);
    one.randomize(1);
    TestFrame two(one);
    for (int p = 0; p < two.plane_count(); ++p)
      for (int y = 0; y < two.rows(p); ++y)
        for (int x = 0; x < two.columns(p); ++x) {
          const int half = p == 0 ? 1 : 2;
          if (!cv::Rect(mask.bounds.x / half, mask.bounds.y / half, mask.bounds.width / half,
                        mask.bounds.height / half)
                   .contains({x, y}))
            std::fill_n(two.at(p, x, y), two.step(p), std::uint8_t{255});
        }
    Style style;
    style.method = method;
    apply(one.view, mask, style);
    apply(two.view, mask, style);
    for (int p = 0; p < one.plane_count(); ++p)
      for (int y = 0; y < one.rows(p); ++y)
        for (int x = 0; x < one.columns(p); ++x)
          for (int b = 0; b < one.step(p) && touched(mask, p, x, y); ++b)
            ASSERT_EQ(one.at(p, x, y)[b], two.at(p, x, y)[b])
                << int(method) << " plane " << p << " at " << x << "," << y;
  }
}

/// Noise is all fine detail: little of it may be left.
TEST_P(EveryLayout, FineDetailIsGone) {
  const cv::Size size(96, 96);
  const Mask mask = rasterize(test::box_face({8, 8, 80, 80}), Shape::box, 0, size);
  for (const Method method : {Method::average, Method::gaussian, Method::pixelate}) {
    TestFrame frame(GetParam(), size.width, size.height);
    frame.randomize(9);
    TestFrame before(frame);
    Style style;
    style.method = method;
    apply(frame.view, mask, style);
    double product = 0, own = 0, original = 0;
    int same = 0;
    for (int y = 8; y < 88; ++y)
      for (int x = 8; x < 88; ++x) {
        const double a = *before.at(0, x, y) - 127.5, b = *frame.at(0, x, y) - 127.5;
        product += a * b;
        own += b * b;
        original += a * a;
        same += a == b ? 1 : 0;
      }
    EXPECT_LT(own / original, 0.02) << "contrast left, method " << int(method);
    EXPECT_LT(std::abs(product) / std::sqrt(own * original + 1), 0.15)
        << "correlation, method " << int(method);
    EXPECT_LT(same, 80 * 80 / 40) << "pixels that kept their value by chance";
  }
}

int mirrored(int at, int size) {
  return at < 0 ? -at - 1 : at >= size ? 2 * size - 1 - at : at;
}

TEST(Average, IsTheMeanOverHalfOfTheBox) {
  TestFrame frame(kinds().back(), 40, 30);
  frame.randomize(2);
  TestFrame before(frame);
  const Mask mask = rasterize(test::box_face({4, 4, 32, 20}), Shape::box, 0, {40, 30});
  Style style;
  style.method = Method::average;
  apply(frame.view, mask, style);
  const int kx = 17, ky = 11; // 16 and 10, made odd
  for (int y = 4; y < 24; ++y)
    for (int x = 4; x < 36; ++x) {
      double sum = 0;
      for (int dy = -ky / 2; dy <= ky / 2; ++dy)
        for (int dx = -kx / 2; dx <= kx / 2; ++dx)
          sum += *before.at(0, 4 + mirrored(x + dx - 4, 32), 4 + mirrored(y + dy - 4, 20));
      ASSERT_NEAR(*frame.at(0, x, y), sum / (kx * ky), 1) << x << "," << y;
    }
}

TEST(Pixelate, CellsAreMeansAnchoredAtTheBox) {
  TestFrame frame(kinds().front(), 60, 50);
  frame.randomize(4);
  TestFrame before(frame);
  const cv::Rect box(10, 8, 40, 30);
  const Mask mask = rasterize(test::box_face(cv::Rect2f(box)), Shape::box, 0, {60, 50});
  Style style;
  style.method = Method::pixelate;
  apply(frame.view, mask, style);
  for (int p = 0; p < 3; ++p) {
    const int half = p == 0 ? 1 : 2, cell = 8 / half;
    const cv::Rect part(box.x / half, box.y / half, box.width / half, box.height / half);
    for (int y = part.y; y < part.br().y; ++y)
      for (int x = part.x; x < part.br().x; ++x) {
        const int cx = part.x + (x - part.x) / cell * cell, cy = part.y + (y - part.y) / cell * cell;
        double sum = 0;
        int count = 0;
        for (int yy = cy; yy < std::min(cy + cell, part.br().y); ++yy)
          for (int xx = cx; xx < std::min(cx + cell, part.br().x); ++xx, ++count)
            sum += *before.at(p, xx, yy);
        ASSERT_NEAR(*frame.at(p, x, y), sum / count, 0.51) << p << " " << x << "," << y;
      }
  }
}

TEST_P(EveryLayout, CoverFrameLeavesNothing) {
  for (const cv::Size size : {cv::Size(16, 8), cv::Size(17, 9), cv::Size(1, 1)}) {
    TestFrame frame(GetParam(), size.width, size.height);
    frame.randomize(6);
    cover_frame(frame.view, {0, 0, 0});
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x)
        for (const double value : frame.rgb(x, y))
          ASSERT_EQ(value, 0);
    EXPECT_TRUE(frame.padding_intact());
  }
}

TEST(Apply, WhatCannotBeMeantThrows) {
  TestFrame frame(kinds().front(), 16, 16);
  Mask mask{cv::Rect(4, 4, 8, 8), cv::Mat(8, 8, CV_8UC1, cv::Scalar(255))};
  Style style;
  for (const float strength : {0.F, -1.F, 4.1F, std::numeric_limits<float>::quiet_NaN()}) {
    style.strength = strength;
    EXPECT_THROW(apply(frame.view, mask, style), std::invalid_argument);
  }
  style.strength = 1;
  mask.bounds.x = 12;
  EXPECT_THROW(apply(frame.view, mask, style), std::invalid_argument);
  mask.bounds = {4, 4, 7, 8};
  EXPECT_THROW(apply(frame.view, mask, style), std::invalid_argument);
  mask = {};
  EXPECT_NO_THROW(apply(frame.view, mask, style));
}

TEST(Apply, AWholeLargeFrameDoesNotOverflow) {
  TestFrame frame(kinds().back(), 7680, 4320, 0);
  for (const Method method : methods) {
    std::fill(frame.memory[0].begin(), frame.memory[0].end(), std::uint8_t{250});
    Style style;
    style.method = method;
    style.strength = 4;
    style.color = {250, 250, 250};
    frame.view.full_range = true;
    apply(frame.view, rasterize(test::box_face({-10, -10, 9000, 9000}), Shape::box, 0, frame.view.size()),
          style);
    EXPECT_EQ(*frame.at(0, 5000, 2000), 250) << int(method);
  }
}

} // namespace
} // namespace deid::cover
