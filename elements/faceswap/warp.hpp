#pragma once
#include "elements/faceswap/target.hpp"

namespace deid::faceswap {

/// A target ready to be drawn on any mesh: its mesh's triangles and its picture in several sizes.
/// Threads: const methods from any.
class Texture {
public:
  /// Throws TargetError when the landmarks make no mesh.
  explicit Texture(const Target& target);

  /// Draws the target on a subject's mesh.
  /// points: with_forehead's, in px of the picture to be made; size: of that picture.
  /// rgb: CV_8UC3; shown: CV_8UC1, 255 where a triangle that faces the viewer was drawn, else 0. Of triangles
  /// that lie over each other the nearest shows. Points must be finite.
  void draw(const std::vector<cv::Point3f>& points, cv::Size size, cv::Mat& rgb, cv::Mat& shown) const;

  /// with_forehead's points of the target, in px of level 0, and the triangles between them.
  [[nodiscard]] const std::vector<cv::Point3f>& points() const { return points_; }
  [[nodiscard]] const std::vector<cv::Vec3i>& triangles() const { return triangles_; }
  [[nodiscard]] const cv::Mat& image() const { return levels_.front(); }

private:
  std::vector<cv::Point3f> points_;
  std::vector<cv::Vec3i> triangles_;
  std::vector<cv::Mat> levels_; ///< each half as wide as the one before: small faces do not alias
};

/// Share of the mesh's height that the drawn face goes above it.
constexpr float forehead_reach = 0.09F;

} // namespace deid::faceswap
