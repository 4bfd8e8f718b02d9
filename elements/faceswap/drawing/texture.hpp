#pragma once
#include "elements/faceswap/drawing/geometry.hpp"
#include "elements/faceswap/drawing/values.hpp"
#include "elements/faceswap/target/target.hpp"

namespace deid::faceswap {

/// A target that is ready to be drawn on any mesh: the triangles of its mesh, and its picture in several
/// sizes. Hair on its forehead is taken out. Thread: const functions any.
class Texture {
public:
  /// Throws TargetError when the landmarks make no mesh.
  explicit Texture(const Target& target);

  /// Return the points of the target as of with_forehead(), px of level 0, and the triangles between them.
  [[nodiscard]] const Points& points() const { return points_; }
  [[nodiscard]] const std::vector<cv::Vec3i>& triangles() const { return triangles_; }
  /// Returns the places in level 0 that give the points their colours. A point of the mesh has its own place;
  /// a point of the forehead has a place below.
  [[nodiscard]] const std::vector<cv::Point2f>& sources() const { return sources_; }
  [[nodiscard]] const cv::Mat& image() const { return levels_.front(); }
  /// Returns the picture in several sizes, each half as wide as the one before: small faces do not alias.
  [[nodiscard]] const std::vector<cv::Mat>& levels() const { return levels_; }
  [[nodiscard]] const Geometry& geometry() const { return geometry_; }
  /// Returns a place of level 0 relative to the box of the points, which is [0..1] x [0..1].
  [[nodiscard]] cv::Point2f on_face(cv::Point2f p) const;

private:
  Points points_;
  std::vector<cv::Vec3i> triangles_;
  std::vector<cv::Point2f> sources_;
  cv::Rect2f box_;
  Geometry geometry_;
  std::vector<cv::Mat> levels_;
};

} // namespace deid::faceswap
