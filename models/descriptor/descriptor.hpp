#pragma once
#include "models/facemesh/facemesh.hpp"
#include <array>
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <span>

namespace deid::models {

/// What tells a face from others: two of one person are about .3 apart, of two people .6 and more (the
/// paper's threshold). Not normalised.
using Descriptor = std::array<float, 128>;

/// Euclidean distance [0..].
double distance(const Descriptor& a, const Descriptor& b);

/// dlib's face recognition network (King 2017, dlib_face_recognition_resnet_model_v1: a residual network with
/// 29 convolutions), in our own engine, without jitter.
/// Threads: one at a time.
class FaceDescriptor {
public:
  static constexpr int chip_size = 150; ///< [px]
  /// Throws ModelError (missing, damaged) when the file is not this network. It measures: ask for f32, which
  /// is what options say by themselves. No other input shape can be asked for.
  explicit FaceDescriptor(const std::filesystem::path& model, const SessionOptions& options = {});
  ~FaceDescriptor();
  FaceDescriptor(FaceDescriptor&&) noexcept;

  /// chip: 150x150 RGB CV_8UC3, see face_chip(). Throws cv::Exception on another size or type,
  /// ModelError(engine) when a result is not finite.
  [[nodiscard]] Descriptor describe(const cv::Mat& chip);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The chip as dlib cuts it: upright, 150x150, padding .25 of the face on each side; black outside the
/// picture. rgb: CV_8UC3 of any size, not empty. points: the 5 or 68 points of dlib's predictors in their
/// order, px, pixel centres at integer + .5; taken as the pixel they lie in, as dlib does. Throws
/// std::invalid_argument on another number of points, on points that are not finite, all in one place,
/// nothing like a face's, or so far apart or off that no picture holds them; cv::Exception on another pixel
/// type.
cv::Mat face_chip(const cv::Mat& rgb, std::span<const cv::Point2f> points);

/// The part of a picture of this size that face_chip() reads for these points, from even pixels on (where
/// chroma begins), so that a crop of it gives the same chip; empty when all of it is outside. Throws
/// std::invalid_argument as face_chip() does.
cv::Rect chip_area(std::span<const cv::Point2f> points, cv::Size picture);

/// dlib's five points from the mesh: outer and inner corner of the person's left eye, of the right eye, the
/// base of the nose. So no second landmark network is needed. Throws std::invalid_argument when the mesh has
/// not 468 points.
std::array<cv::Point2f, 5> chip_points(const FaceMeshResult& mesh);

} // namespace deid::models
