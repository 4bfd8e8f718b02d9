#include "models/autoencoder/alignment.hpp"
#include "models/image/affine.hpp"
#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>

namespace deid::models::autoencoder {
namespace {

/// A mesh whose 51 points are the mean face's, turned, scaled and shifted; the others lie in its middle.
std::vector<cv::Point3f> turned_mean_face(double degrees, double scale, cv::Point2d shift) {
  const double c = scale * std::cos(degrees * CV_PI / 180), s = scale * std::sin(degrees * CV_PI / 180);
  const auto place = [&](const cv::Point2d& p) {
    return cv::Point3f(static_cast<float>(c * p.x - s * p.y + shift.x),
                       static_cast<float>(s * p.x + c * p.y + shift.y), 0);
  };
  std::vector<cv::Point3f> mesh(468, place({.5, .5}));
  for (std::size_t i = 0; i < ibug_points.size(); ++i)
    mesh[static_cast<std::size_t>(ibug_points.at(i))] = place(mean_face().at(i));
  return mesh;
}

TEST(Alignment, PutsTheMeanFaceIntoItsSquare) {
  const auto mesh = turned_mean_face(20, 130, {200, 90});
  for (const double coverage : {1., .6875}) {
    const Alignment alignment{.coverage = coverage};
    const int size = 96;
    const double core = size / crop_side(alignment), rim = (size - core) / 2;
    const auto points = in_crop(mesh, aligned(mesh, size, alignment));
    for (std::size_t i = 0; i < ibug_points.size(); ++i) {
      const cv::Point2f& p = points[static_cast<std::size_t>(ibug_points.at(i))];
      EXPECT_NEAR(static_cast<double>(p.x), rim + core * mean_face().at(i).x, 1e-3);
      EXPECT_NEAR(static_cast<double>(p.y), rim + core * mean_face().at(i).y, 1e-3);
    }
  }
  EXPECT_NEAR(misfit(mesh), 0, 1e-6);
}

TEST(Alignment, ExtractsAreThoseOfTheSpecification) {
  // 256 px, padding .375: 48 px on each side, 160 px of face; 68.75 % of it: 176 px
  EXPECT_DOUBLE_EQ(256 / crop_side({1, .375}), 160);
  EXPECT_DOUBLE_EQ(176 / crop_side({.6875, .375}), 160);
}

TEST(Alignment, MatrixLeadsFromTheCropToThePicture) {
  const auto mesh = turned_mean_face(-35, 60, {40, 300});
  const cv::Matx23f place = aligned(mesh, 64);
  const auto there = in_crop(mesh, place);
  for (const std::size_t i : {0U, 33U, 263U}) {
    const cv::Point2f back = transform(place, there[i]);
    EXPECT_NEAR(back.x, mesh[i].x, 1e-3);
    EXPECT_NEAR(back.y, mesh[i].y, 1e-3);
  }
  // a similarity: no shear, no reflection
  EXPECT_FLOAT_EQ(place(0, 0), place(1, 1));
  EXPECT_FLOAT_EQ(place(0, 1), -place(1, 0));
}

/// Faces as MediaPipe finds them in a clip: a man who talks, somewhat turned.
std::vector<std::vector<cv::Point3f>> found_faces() {
  std::ifstream file(DEID_SOURCE_DIR "/tests/models/golden/footage.json");
  const auto golden = nlohmann::json::parse(file);
  std::vector<std::vector<cv::Point3f>> faces;
  for (const auto& frame : golden.at("frames"))
    for (const auto& mesh : frame.at("mesh")) {
      auto& face = faces.emplace_back();
      for (std::size_t i = 0; i + 2 < mesh.size(); i += 3)
        face.emplace_back(mesh[i].get<float>(), mesh[i + 1].get<float>(), mesh[i + 2].get<float>());
    }
  return faces;
}

TEST(Alignment, RealFacesFitTheMeanFaceAndTheirOvalIsInTheCrop) {
  const auto faces = found_faces();
  ASSERT_FALSE(faces.empty());
  for (const auto& face : faces) {
    EXPECT_LT(misfit(face), .08);
    const int size = 128;
    const auto points = in_crop(face, aligned(face, size));
    for (const std::size_t i : {10U, 152U, 234U, 454U}) {
      EXPECT_GT(points[i].x, 0);
      EXPECT_LT(points[i].x, size);
      EXPECT_GT(points[i].y, 0);
      EXPECT_LT(points[i].y, size);
    }
    EXPECT_LT(points[33].x, points[263].x);
    EXPECT_LT(points[10].y, points[152].y);
  }
}

TEST(Alignment, MaskIsTheOvalAndAboveTheBrows) {
  for (const auto& face : found_faces()) {
    const int size = 96;
    const auto points = in_crop(face, aligned(face, size));
    const cv::Mat mask = face_mask(points, size);
    ASSERT_EQ(mask.size(), cv::Size(size, size));
    const auto at = [&](cv::Point2f p) { return mask.at<std::uint8_t>(cv::Point(p)); };
    for (const std::size_t i : {1U, 33U, 263U, 61U, 291U, 105U, 334U, 17U})
      EXPECT_EQ(at(points[i]), 255) << i;
    EXPECT_EQ(at(points[105] + (points[105] - points[160]) * .4F), 255);
    EXPECT_EQ(mask.at<std::uint8_t>(size - 1, 0), 0);
    EXPECT_EQ(mask.at<std::uint8_t>(0, 0), 0);
  }
}

TEST(Alignment, RefusesWhatIsNoFace) {
  auto mesh = turned_mean_face(0, 100, {0, 0});
  EXPECT_THROW((void)aligned(mesh, 0), std::invalid_argument);
  EXPECT_THROW((void)aligned(mesh, 64, Alignment{.coverage = 0}), std::invalid_argument);
  EXPECT_THROW((void)aligned(mesh, 64, 1.5), std::invalid_argument);
  EXPECT_THROW((void)aligned(std::span(mesh).first(467), 64), std::invalid_argument);
  EXPECT_THROW((void)aligned(std::vector<cv::Point3f>(468, cv::Point3f(5, 5, 5)), 64), std::invalid_argument);
  mesh[33].x = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW((void)aligned(mesh, 64), std::invalid_argument);
  EXPECT_THROW((void)face_mask(std::vector<cv::Point2f>(467), 64), std::invalid_argument);
  EXPECT_THROW((void)in_crop(mesh, cv::Matx23f::zeros()), std::invalid_argument);
}

} // namespace
} // namespace deid::models::autoencoder
