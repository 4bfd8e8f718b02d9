#pragma once
#include "elements/faceswap/drawing/geometry.hpp"
#include "elements/faceswap/target/target.hpp"

namespace deid::faceswap {

/// A colour c of the texture becomes gain * c + offset (R, G, B, levels); between points the offset is
/// interpolated.
struct Tint {
  cv::Matx33f gain = cv::Matx33f::eye();
  std::vector<cv::Vec3f> offset{}; ///< one for each of the texture's points; empty: colours stay
};

/// A target ready to be drawn on any mesh: its mesh's triangles and its picture in several sizes. Hair that
/// falls over its forehead is taken out. Threads: const methods from any.
class Texture {
public:
  /// Throws TargetError when the landmarks make no mesh.
  explicit Texture(const Target& target);

  /// Draws the target on a subject's mesh.
  /// points: with_forehead's, in px of the picture to be made; size: of that picture.
  /// rgb: CV_8UC3; shown: CV_8UC1, 255 where a triangle that faces the viewer was drawn, else 0. Of triangles
  /// that lie over each other the nearest shows. Points must be finite.
  void draw(const std::vector<cv::Point3f>& points, cv::Size size, const Tint& tint, cv::Mat& rgb,
            cv::Mat& shown) const;

  /// with_forehead's points of the target, in px of level 0, and the triangles between them.
  [[nodiscard]] const std::vector<cv::Point3f>& points() const { return points_; }
  [[nodiscard]] const std::vector<cv::Vec3i>& triangles() const { return triangles_; }
  /// Where in level 0 each of the points gets its colour from: the mesh's from itself, the forehead's from
  /// below.
  [[nodiscard]] const std::vector<cv::Point2f>& sources() const { return sources_; }
  [[nodiscard]] const cv::Mat& image() const { return levels_.front(); }
  [[nodiscard]] const Geometry& geometry() const { return geometry_; }
  /// A place of level 0 relative to the box of the points: inside it [0..1] x [0..1].
  [[nodiscard]] cv::Point2f on_face(cv::Point2f p) const;

private:
  std::vector<cv::Point3f> points_;
  std::vector<cv::Vec3i> triangles_;
  std::vector<cv::Point2f> sources_;
  cv::Rect2f box_;
  Geometry geometry_;
  std::vector<cv::Mat> levels_; ///< each half as wide as the one before: small faces do not alias
};

/// Share of the mesh's height that the drawn face goes above it. Beyond the mesh hair stays in front.
constexpr float forehead_reach = 0.15F;

} // namespace deid::faceswap
