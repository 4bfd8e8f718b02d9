#include "elements/video/color.hpp"
#include "elements/video/planes.hpp"
#include "tests/elements/video/test_frame.hpp"
#include <gtest/gtest.h>
#include <limits>
#include <numbers>

namespace deid::video {
namespace {

using test::Kind;
using test::kinds;
using test::TestFrame;

class EveryLayout : public testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(Layouts, EveryLayout, testing::ValuesIn(kinds()),
                         [](const auto& kind) { return kind.param.name; });

const std::vector<cv::Size> sizes{{64, 48}, {65, 49}, {33, 2}, {2, 33}, {7, 5}, {1, 1}};

/// Bilinear interpolation by the formula, black outside.
std::array<double, 3> slow_sample(TestFrame& frame, double x, double y) {
  std::array<double, 3> sum{};
  const int x0 = static_cast<int>(std::floor(x - 0.5)), y0 = static_cast<int>(std::floor(y - 0.5));
  for (int dy = 0; dy < 2; ++dy)
    for (int dx = 0; dx < 2; ++dx) {
      const double weight = (1 - std::abs(x - 0.5 - (x0 + dx))) * (1 - std::abs(y - 0.5 - (y0 + dy)));
      if (x0 + dx < 0 || y0 + dy < 0 || x0 + dx >= frame.view.width || y0 + dy >= frame.view.height)
        continue;
      const auto pixel = frame.rgb(x0 + dx, y0 + dy);
      for (std::size_t c = 0; c < 3; ++c)
        sum.at(c) += weight * pixel.at(c);
    }
  return sum;
}

cv::Matx23f turned(float scale, float degrees, float dx, float dy) {
  const float r = degrees * std::numbers::pi_v<float> / 180;
  return {scale * std::cos(r), -scale * std::sin(r), dx, scale * std::sin(r), scale * std::cos(r), dy};
}

double worst_crop_error(TestFrame& frame, const cv::Matx23f& m, cv::Size size) {
  const cv::Mat crop = crop_rgb(frame.view, m, size);
  EXPECT_EQ(crop.type(), CV_8UC3);
  EXPECT_EQ(crop.size(), size);
  double worst = 0;
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const double cx = x + 0.5, cy = y + 0.5;
      const auto want =
          slow_sample(frame, m(0, 0) * cx + m(0, 1) * cy + m(0, 2), m(1, 0) * cx + m(1, 1) * cy + m(1, 2));
      for (int c = 0; c < 3; ++c)
        worst = std::max(worst, std::abs(crop.at<cv::Vec3b>(y, x)[c] - want.at(static_cast<std::size_t>(c))));
    }
  return worst;
}

TEST_P(EveryLayout, CropIsTheBilinearSampleOfTheSlowReference) {
  for (const cv::Size size : {cv::Size(64, 48), cv::Size(65, 49)})
    for (const bool bt709 : {false, true})
      for (const auto& m : {turned(1, 0, 0, 0), turned(0.5F, 20, 20, 10), turned(1.7F, -35, 3, 25)}) {
        TestFrame frame(GetParam(), size.width, size.height);
        frame.view.bt709 = bt709;
        frame.waves();
        EXPECT_LE(worst_crop_error(frame, m, {24, 20}), 5) << size << " " << m;
      }
}

TEST_P(EveryLayout, CropIsBlackOutsideTheFrame) {
  for (const cv::Size size : sizes) {
    TestFrame frame(GetParam(), size.width, size.height);
    frame.fill([&](int p, int, int, int) { return p == 0 ? 200 : 128; });
    EXPECT_LE(worst_crop_error(frame, turned(1, 0, -6.25F, -4.5F), {80, 60}), 2) << size;
    EXPECT_EQ(cv::countNonZero(crop_rgb(frame.view, turned(1, 0, 500, 500), {9, 9}).reshape(1)), 0);
    EXPECT_EQ(cv::countNonZero(crop_rgb(frame.view, turned(1, 0, -1e9F, 0), {9, 9}).reshape(1)), 0);
  }
}

TEST(Crop, IdentityOfGrayIsExact) {
  TestFrame frame(kinds().back(), 31, 17);
  frame.view.full_range = true;
  frame.randomize(1);
  const cv::Mat crop = crop_rgb(frame.view, turned(1, 0, 0, 0), {31, 17});
  for (int y = 0; y < 17; ++y)
    for (int x = 0; x < 31; ++x)
      ASSERT_EQ(crop.at<cv::Vec3b>(y, x), cv::Vec3b::all(*frame.at(0, x, y))) << x << "," << y;
}

TEST_P(EveryLayout, SmallCropsOfLargeAreasAreAveraged) {
  TestFrame frame(GetParam(), 321, 241);
  frame.fill([&](int p, int x, int y, int) { return p != 0 ? 128 : (x + y) % 2 == 0 ? 235 : 16; });
  const cv::Mat crop = crop_rgb(frame.view, turned(5, 10, 60, 30), {32, 32});
  double low = 0;
  double high = 0;
  cv::minMaxLoc(crop.reshape(1), &low, &high);
  EXPECT_LT(high - low, 30) << "a checkerboard aliases";
}

TEST_P(EveryLayout, AveragedCropShowsTheRightPlace) {
  TestFrame frame(GetParam(), 400, 300);
  frame.fill([&](int p, int x, int y, int) {
    return p == 0 && x >= 200 && y >= 120 ? 235 : p == 0 ? 16 : 128;
  });
  const cv::Mat crop = crop_rgb(frame.view, turned(4, 0, 0, 0), {100, 75});
  EXPECT_LT(crop.at<cv::Vec3b>(40, 48)[1], 40);
  EXPECT_GT(crop.at<cv::Vec3b>(40, 51)[1], 200);
  EXPECT_LT(crop.at<cv::Vec3b>(28, 70)[1], 40);
  EXPECT_GT(crop.at<cv::Vec3b>(31, 70)[1], 200);
}

TEST_P(EveryLayout, DownscaleIsTheMeanOfTheSlowReference) {
  for (const cv::Size size : {cv::Size(64, 48), cv::Size(65, 49), cv::Size(130, 90)}) {
    TestFrame frame(GetParam(), size.width, size.height);
    frame.waves();
    cv::Mat small;
    const cv::Size out(13, 9);
    downscale_rgb(frame.view, out, small);
    ASSERT_EQ(small.size(), out);
    const double sx = double(size.width) / out.width, sy = double(size.height) / out.height;
    double worst = 0;
    for (int y = 0; y < out.height; ++y)
      for (int x = 0; x < out.width; ++x) {
        std::array<double, 3> sum{};
        double total = 0;
        for (int fy = int(y * sy); fy < std::min<double>(size.height, std::ceil((y + 1) * sy)); ++fy)
          for (int fx = int(x * sx); fx < std::min<double>(size.width, std::ceil((x + 1) * sx)); ++fx) {
            const double w = (std::min(fx + 1.0, (x + 1) * sx) - std::max<double>(fx, x * sx)) *
                             (std::min(fy + 1.0, (y + 1) * sy) - std::max<double>(fy, y * sy));
            const auto pixel = frame.rgb(fx, fy);
            for (std::size_t c = 0; c < 3; ++c)
              sum.at(c) += w * pixel.at(c);
            total += w;
          }
        for (int c = 0; c < 3; ++c)
          worst = std::max(
              worst, std::abs(small.at<cv::Vec3b>(y, x)[c] - sum.at(static_cast<std::size_t>(c)) / total));
      }
    EXPECT_LE(worst, 4) << size;
  }
}

TEST_P(EveryLayout, DownscaledLumaOfGrayPicturesIsTheGray) {
  for (const cv::Size size : sizes)
    for (const bool full : {false, true}) {
      TestFrame frame(GetParam(), size.width, size.height);
      frame.view.full_range = full;
      frame.fill([&](int p, int, int, int) { return p == 0 ? 126 : 128; });
      cv::Mat luma;
      downscale_luma(frame.view, {std::min(4, size.width), std::min(3, size.height)}, luma);
      const int want = GetParam().layout == Layout::packed || full ? 126 : 128;
      EXPECT_EQ(cv::countNonZero(luma != want), 0) << size << luma;
    }
}

TEST_P(EveryLayout, PaddingIsNeverRead) {
  TestFrame frame(GetParam(), 37, 23);
  frame.fill([&](int p, int, int, int) {
    return p == 0 && GetParam().layout != Layout::packed ? 16 : p == 0 ? 0 : 128;
  });
  for (auto& plane : frame.memory)
    for (auto& byte : plane)
      byte = byte == TestFrame::canary ? 255 : byte;
  cv::Mat small;
  downscale_rgb(frame.view, {36, 22}, small);
  EXPECT_EQ(cv::countNonZero(small.reshape(1)), 0);
  downscale_rgb(frame.view, {5, 3}, small);
  EXPECT_EQ(cv::countNonZero(small.reshape(1)), 0);
  EXPECT_EQ(cv::countNonZero(crop_rgb(frame.view, turned(0.9F, 12, 1, -3), {40, 40}).reshape(1)), 0);
}

TEST(Color, YuvThereAndBackKeepsColours) {
  for (const bool full : {false, true})
    for (const bool bt709 : {false, true})
      for (const std::array<std::uint8_t, 3> rgb : {std::array<std::uint8_t, 3>{255, 0, 0},
                                                    {0, 255, 0},
                                                    {0, 0, 255},
                                                    {200, 150, 120},
                                                    {0, 0, 0},
                                                    {255, 255, 255}}) {
        const auto yuv = rgb_to_yuv(rgb, {full, bt709});
        cv::Mat y(1, 1, CV_8UC1, cv::Scalar(yuv[0])), u(1, 1, CV_8UC1, cv::Scalar(yuv[1])),
            v(1, 1, CV_8UC1, cv::Scalar(yuv[2]));
        cv::Mat back;
        yuv_to_rgb(y, u, v, {full, bt709}, back);
        for (int c = 0; c < 3; ++c)
          EXPECT_NEAR(back.at<cv::Vec3b>(0, 0)[c], rgb.at(static_cast<std::size_t>(c)), 3);
      }
}

TEST(Color, RedIsTheStandardsRed) {
  EXPECT_EQ(rgb_to_yuv({255, 0, 0}, {false, false}), (std::array<std::uint8_t, 3>{81, 90, 240}));
  EXPECT_EQ(rgb_to_yuv({255, 0, 0}, {false, true}), (std::array<std::uint8_t, 3>{63, 102, 240}));
  EXPECT_EQ(rgb_to_yuv({255, 255, 255}, {false, false}), (std::array<std::uint8_t, 3>{235, 128, 128}));
}

TEST(Refusals, WhatIsNoFrameThrows) {
  TestFrame frame(kinds().front(), 8, 8);
  cv::Mat out;
  EXPECT_THROW(crop_rgb(frame.view, turned(std::numeric_limits<float>::quiet_NaN(), 0, 0, 0), {4, 4}),
               std::invalid_argument);
  EXPECT_THROW(crop_rgb(frame.view, turned(1, 0, 0, 0), {0, 4}), std::invalid_argument);
  EXPECT_THROW(downscale_rgb(frame.view, {0, 0}, out), std::invalid_argument);
  FrameView bad = frame.view;
  bad.planes[1].data = nullptr;
  EXPECT_THROW(downscale_rgb(bad, {4, 4}, out), std::invalid_argument);
  bad = frame.view;
  bad.planes[0].stride = 7;
  EXPECT_THROW(downscale_luma(bad, {4, 4}, out), std::invalid_argument);
  bad = frame.view;
  bad.width = 0;
  EXPECT_THROW(plane(bad, 0), std::invalid_argument);
  EXPECT_THROW(plane(frame.view, 3), std::invalid_argument);
}

} // namespace
} // namespace deid::video
