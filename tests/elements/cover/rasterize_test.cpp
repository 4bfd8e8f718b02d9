#include "elements/cover/cover.hpp"
#include "tests/elements/cover/faces.hpp"
#include <gtest/gtest.h>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <random>

namespace deid::cover {
namespace {

using test::box_face;
using test::mesh_face;

const cv::Size frame{640, 480};
const std::array<Shape, 4> shapes{Shape::box, Shape::ellipse, Shape::contour, Shape::head};

/// The mask as a picture of the whole frame.
cv::Mat whole(const Mask& mask, cv::Size size = frame) {
  cv::Mat out(size, CV_8UC1, cv::Scalar(0));
  if (!mask.bounds.empty())
    mask.mask.copyTo(out(mask.bounds));
  return out;
}

bool contains(const cv::Mat& outer, const cv::Mat& inner) {
  cv::Mat missing;
  cv::subtract(inner, outer, missing);
  return cv::countNonZero(missing) == 0;
}

TEST(Rasterize, BoxIsExactOnEvenPixels) {
  const Mask mask = rasterize(box_face({10, 20, 40, 60}), Shape::box, 0, frame);
  EXPECT_EQ(mask.bounds, cv::Rect(10, 20, 40, 60));
  EXPECT_EQ(cv::countNonZero(mask.mask), 40 * 60);
}

TEST(Rasterize, BoxGrowsToWholeChromaSamplesAndByTheMargin) {
  EXPECT_EQ(rasterize(box_face({11, 21, 38, 58}), Shape::box, 0, frame).bounds, cv::Rect(10, 20, 40, 60));
  EXPECT_EQ(rasterize(box_face({10.5F, 20.5F, 1, 1}), Shape::box, 0, frame).bounds, cv::Rect(10, 20, 2, 2));
  EXPECT_EQ(rasterize(box_face({100, 100, 40, 60}), Shape::box, 0.1F, frame).bounds,
            cv::Rect(96, 94, 48, 72));
}

TEST(Rasterize, BoundsEndAtTheFrame) {
  const cv::Size odd(33, 17);
  EXPECT_EQ(rasterize(box_face({20, 10, 100, 100}), Shape::box, 0, odd).bounds, cv::Rect(20, 10, 13, 7));
  EXPECT_EQ(rasterize(box_face({-10, -10, 15, 15}), Shape::box, 0, odd).bounds, cv::Rect(0, 0, 6, 6));
  EXPECT_EQ(rasterize(box_face({-1e6F, -1e6F, 1e6F, 1e6F}), Shape::box, 0.5F, odd).bounds,
            cv::Rect(0, 0, 33, 17));
}

TEST(Rasterize, FacesOutsideHaveNoPixels) {
  for (const Shape shape : shapes)
    for (const cv::Rect2f box :
         {cv::Rect2f(-500, 0, 100, 100), {5000, 5000, 100, 100}, {100, -900, 50, 60}}) {
      EXPECT_EQ(cv::countNonZero(whole(rasterize(box_face(box), shape, 0.1F, frame))), 0) << box;
      EXPECT_EQ(cv::countNonZero(whole(rasterize(mesh_face(box), shape, 0.1F, frame))), 0) << box;
    }
  EXPECT_TRUE(rasterize(box_face({33.5F, 1, 9, 9}), Shape::box, 0, {33, 17}).bounds.empty());
}

TEST(Rasterize, AbsurdRegionsThrow) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  for (const Shape shape : shapes) {
    for (const cv::Rect2f box : {cv::Rect2f(nan, 0, 9, 9),
                                 {0, nan, 9, 9},
                                 {0, 0, nan, 9},
                                 {0, 0, 9, nan},
                                 {inf, 0, 9, 9},
                                 {0, 0, inf, 9},
                                 {0, 0, 9, 2e6F},
                                 {-2e6F, 0, 9, 9},
                                 {0, 0, 0, 9},
                                 {0, 0, 9, -1}})
      EXPECT_THROW(rasterize(box_face(box), shape, 0.1F, frame), std::invalid_argument) << box;
    FaceRegion face = mesh_face({10, 10, 50, 60});
    face.landmarks[200].x = nan;
    EXPECT_THROW(rasterize(face, shape, 0.1F, frame), std::invalid_argument);
    face.landmarks.resize(5);
    EXPECT_THROW(rasterize(face, shape, 0.1F, frame), std::invalid_argument);
    for (const float margin : {nan, -0.1F, 2.1F})
      EXPECT_THROW(rasterize(box_face({1, 1, 9, 9}), shape, margin, frame), std::invalid_argument);
  }
}

TEST(Rasterize, EveryShapeHoldsTheMeshAndTheHeadHoldsMost) {
  for (const float roll : {0.F, 30.F, 90.F, 180.F, -135.F})
    for (const float margin : {0.F, 0.1F, 0.5F}) {
      const FaceRegion face = mesh_face({250, 180, 100, 130}, roll);
      std::vector<cv::Point> points;
      for (const cv::Point3f& p : face.landmarks)
        points.emplace_back(static_cast<int>(p.x), static_cast<int>(p.y));
      std::vector<cv::Point> hull;
      cv::convexHull(points, hull);
      cv::Mat mesh(frame, CV_8UC1, cv::Scalar(0));
      cv::fillConvexPoly(mesh, hull, cv::Scalar(255));
      cv::erode(mesh, mesh, cv::Mat::ones(3, 3, CV_8UC1)); // OpenCV's drawing reaches a px beyond the points
      std::array<cv::Mat, 4> all;
      for (std::size_t i = 0; i < shapes.size(); ++i) {
        all.at(i) = whole(rasterize(face, shapes.at(i), margin, frame));
        EXPECT_TRUE(contains(all.at(i), mesh)) << "shape " << i << " roll " << roll << " margin " << margin;
      }
      cv::Mat contour; // without its last px: both are rounded outwards
      cv::erode(all[2], contour, cv::Mat::ones(5, 5, CV_8UC1));
      EXPECT_TRUE(contains(all[1], contour)) << "ellipse around contour, roll " << roll;
      EXPECT_TRUE(contains(all[3], contour)) << "head around contour, roll " << roll;
      EXPECT_GT(cv::countNonZero(all[3]), cv::countNonZero(all[2]) * 5 / 4);
    }
}

TEST(Rasterize, ContourReachesTheHairline) {
  const FaceRegion face = mesh_face({250, 180, 100, 130});
  const cv::Mat mask = whole(rasterize(face, Shape::contour, 0, frame));
  EXPECT_EQ(mask.at<std::uint8_t>(180 - 20, 300), 255) << "forehead";
  EXPECT_EQ(mask.at<std::uint8_t>(180 - 60, 300), 0);
  const cv::Mat lying = whole(rasterize(mesh_face({250, 180, 100, 130}, 90), Shape::contour, 0, frame));
  EXPECT_EQ(lying.at<std::uint8_t>(245, 300 + 65 + 20), 255) << "forehead of somebody who lies on the side";
}

TEST(Rasterize, WithoutLandmarksTheBoxIsInside) {
  const FaceRegion face = box_face({250, 180, 100, 130});
  const cv::Mat box = whole(rasterize(face, Shape::box, 0.08F, frame)); // tolerance for rounding
  for (const Shape shape : {Shape::ellipse, Shape::contour, Shape::head})
    EXPECT_TRUE(contains(whole(rasterize(face, shape, 0.1F, frame)), box));
}

TEST(Rasterize, AContourWithoutLandmarksIsTheBoxWithRoomAround) {
  const FaceRegion face = box_face({250, 180, 100, 130});
  const cv::Mat wide = whole(rasterize(face, Shape::box, 0.1F, frame));
  for (const float margin : {0.F, 0.02F, 0.1F})
    EXPECT_EQ(cv::norm(whole(rasterize(face, Shape::contour, margin, frame)), wide, cv::NORM_INF), 0)
        << margin;
  EXPECT_EQ(cv::norm(whole(rasterize(face, Shape::contour, 0.3F, frame)),
                     whole(rasterize(face, Shape::box, 0.3F, frame)), cv::NORM_INF),
            0);
}

TEST(Rasterize, LandmarksFarFromTheBoxDoNotReplaceIt) {
  FaceRegion face = mesh_face({100, 100, 100, 130});
  face.box = {400, 250, 100, 130};
  for (const Shape shape : shapes) {
    const cv::Mat mask = whole(rasterize(face, shape, 0, frame));
    EXPECT_EQ(mask.at<std::uint8_t>(315, 450), 255);
    EXPECT_EQ(mask.at<std::uint8_t>(165, 150), 255);
  }
}

TEST(Rasterize, AMeshOfOnePointIsCoveredByItsBox) {
  FaceRegion face = mesh_face({100, 100, 100, 130});
  face.landmarks.assign(468, {150, 160, 0});
  for (const Shape shape : shapes)
    EXPECT_TRUE(contains(whole(rasterize(face, shape, 0, frame)),
                         whole(rasterize(box_face(face.box), Shape::box, 0, frame))));
}

TEST(Rasterize, RandomFacesStayInsideTheFrame) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> place(-200, 800);
  std::uniform_real_distribution<float> size(0.1F, 900);
  for (int i = 0; i < 400; ++i) {
    const cv::Size small(1 + static_cast<int>(random() % 97), 1 + static_cast<int>(random() % 61));
    const cv::Rect2f box(place(random), place(random), size(random), size(random));
    const FaceRegion face = i % 2 == 0 ? mesh_face(box, place(random)) : box_face(box);
    for (const Shape shape : shapes) {
      const Mask mask = rasterize(face, shape, 0.3F, small);
      EXPECT_EQ(mask.bounds & cv::Rect({0, 0}, small), mask.bounds);
      EXPECT_EQ(mask.mask.size(), mask.bounds.size());
    }
  }
}

} // namespace
} // namespace deid::cover
