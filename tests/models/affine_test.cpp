#include "models/image/affine.hpp"
#include <gtest/gtest.h>

namespace deid::models {
namespace {

void expect_at(cv::Point2f point, float x, float y) {
  EXPECT_NEAR(point.x, x, 1e-3F);
  EXPECT_NEAR(point.y, y, 1e-3F);
}

/// 8x6 picture whose red counts columns, green rows, blue is 200.
cv::Mat ramp() {
  cv::Mat image(6, 8, CV_8UC3);
  for (int y = 0; y < image.rows; ++y)
    for (int x = 0; x < image.cols; ++x)
      image.at<cv::Vec3b>(y, x) = cv::Vec3b(static_cast<uchar>(10 * x), static_cast<uchar>(10 * y), 200);
  return image;
}

TEST(Affine, CornersOfAnUprightRegion) {
  const auto m = crop_to_frame({{100, 50}, {40, 20}, 0.F}, {192, 96});
  expect_at(transform(m, {0, 0}), 80, 40);
  expect_at(transform(m, {192, 96}), 120, 60);
  expect_at(transform(m, {96, 48}), 100, 50);
}

TEST(Affine, ATurnIsClockwiseOnScreen) {
  const auto m = crop_to_frame({{100, 50}, {40, 20}, static_cast<float>(CV_PI / 2)}, {40, 20});
  expect_at(transform(m, {20, 10}), 100, 50);
  expect_at(transform(m, {40, 10}), 100, 70); // the crop's right end lies below the centre
  expect_at(transform(m, {20, 20}), 90, 50);  // its lower end to the left
}

TEST(Affine, AnExactCopyWhenTheRegionIsThePixelGrid) {
  const cv::Mat image = ramp();
  const auto m = crop_to_frame({{4, 3}, {8, 6}, 0.F}, image.size());
  EXPECT_EQ(cv::norm(crop_image(image, m, image.size()), image, cv::NORM_INF), 0);
}

TEST(Affine, AQuarterTurnPermutesPixels) {
  const cv::Mat image = ramp();
  const auto m = crop_to_frame({{4, 3}, {6, 8}, static_cast<float>(CV_PI / 2)}, {6, 8});
  cv::Mat expected;
  cv::rotate(image, expected, cv::ROTATE_90_COUNTERCLOCKWISE);
  EXPECT_LE(cv::norm(crop_image(image, m, {6, 8}), expected, cv::NORM_INF), 1);
}

TEST(Affine, HalvingAveragesNeighboursAtPixelCentres) {
  const auto m = crop_to_frame({{4, 3}, {8, 6}, 0.F}, {4, 3});
  const cv::Mat half = crop_image(ramp(), m, {4, 3});
  EXPECT_EQ(half.at<cv::Vec3b>(1, 2), cv::Vec3b(45, 25, 200)); // between columns 4 and 5, rows 2 and 3
}

TEST(Affine, OutsideIsBlack) {
  const auto m = crop_to_frame({{100, 100}, {8, 6}, 0.F}, {8, 6});
  EXPECT_EQ(cv::norm(crop_image(ramp(), m, {8, 6}), cv::NORM_INF), 0);
}

TEST(Affine, EmptyAndTinyImages) {
  const auto m = crop_to_frame({{.5F, .5F}, {1, 1}, 0.F}, {3, 3});
  EXPECT_EQ(cv::norm(crop_image(cv::Mat(0, 0, CV_8UC3), m, {3, 3}), cv::NORM_INF), 0);
  const cv::Mat one(1, 1, CV_8UC3, cv::Scalar(7, 8, 9));
  EXPECT_EQ(crop_image(one, m, {3, 3}).at<cv::Vec3b>(1, 1), cv::Vec3b(7, 8, 9));
}

TEST(Affine, RefusesOtherPixelTypes) {
  EXPECT_THROW((void)crop_image(cv::Mat(4, 4, CV_8UC1), cv::Matx23f::eye(), {2, 2}), cv::Exception);
  EXPECT_THROW((void)crop_to_frame({}, {0, 1}), cv::Exception);
}

} // namespace
} // namespace deid::models
