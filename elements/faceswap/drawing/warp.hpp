#pragma once
#include "elements/faceswap/drawing/geometry.hpp"
#include "elements/faceswap/target/target.hpp"

namespace deid::faceswap {

/// Changes a colour c of the texture to gain * c + offset (R, G, B, levels). The offset is interpolated
/// between points.
struct Tint {
  cv::Matx33f gain = cv::Matx33f::eye();
  std::vector<cv::Vec3f> offset{}; ///< one for each point of the texture; empty: colours stay
};

/// A target that is ready to be drawn on any mesh: the triangles of its mesh, and its picture in several
/// sizes. Hair on its forehead is taken out. Thread: const functions any.
class Texture {
public:
  /// Throws TargetError when the landmarks make no mesh.
  explicit Texture(const Target& target);

  /// Draws the target on the mesh of a subject. points: of with_forehead(), finite, px of the new picture.
  /// size: of that picture. rgb: CV_8UC3. shown: CV_8UC1, 255 where a triangle that faces the viewer was
  /// drawn, else 0. Where triangles overlap, the nearest one shows.
  void draw(const std::vector<cv::Point3f>& points, cv::Size size, const Tint& tint, cv::Mat& rgb,
            cv::Mat& shown) const;

  /// Return the points of the target as of with_forehead(), px of level 0, and the triangles between them.
  [[nodiscard]] const std::vector<cv::Point3f>& points() const { return points_; }
  [[nodiscard]] const std::vector<cv::Vec3i>& triangles() const { return triangles_; }
  /// Returns the places in level 0 that give the points their colours. A point of the mesh has its own place;
  /// a point of the forehead has a place below.
  [[nodiscard]] const std::vector<cv::Point2f>& sources() const { return sources_; }
  [[nodiscard]] const cv::Mat& image() const { return levels_.front(); }
  [[nodiscard]] const Geometry& geometry() const { return geometry_; }
  /// Returns a place of level 0 relative to the box of the points, which is [0..1] x [0..1].
  [[nodiscard]] cv::Point2f on_face(cv::Point2f p) const;

private:
  std::vector<cv::Point3f> points_;
  std::vector<cv::Vec3i> triangles_;
  std::vector<cv::Point2f> sources_;
  cv::Rect2f box_;
  Geometry geometry_;
  std::vector<cv::Mat> levels_; ///< each half as wide as the one before: small faces do not alias
};

/// Heights of the mesh by which the drawn face goes beyond the mesh. With more, skin is drawn on hair. Beyond
/// the mesh hair stays in front.
constexpr float forehead_reach = 0.15F;

} // namespace deid::faceswap
