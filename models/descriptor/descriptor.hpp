#pragma once
#include "models/facemesh/facemesh.hpp"
#include <array>
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <span>

namespace deid::models {

/// 128 numbers that tell faces apart. Two of one person are about .3 apart, of two people .6 and more (dlib's
/// threshold). Not normalised.
using Descriptor = std::array<float, 128>;

/// Euclidean distance [0..].
double distance(const Descriptor& a, const Descriptor& b);

/// dlib's face recognition network (King 2017, dlib_face_recognition_resnet_model_v1, a residual network with
/// 29 convolutions) on our own engine, without jitter. Threads: one at a time.
class FaceDescriptor {
public:
  static constexpr int chip_size = 150; ///< [px]
  /// Throws ModelError (missing, damaged) when the file is not this network. Distances are measurements, so
  /// use f32, the default precision. options.input_shape must be empty.
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

/// Cuts the chip as dlib does: upright, 150x150, padding of .25 of the face on each side, black outside the
/// picture. rgb: CV_8UC3 of any size, not empty. points: the 5 or 68 points of dlib's predictors in their
/// order, px, pixel centres at integer + .5. A point counts as the pixel that it lies in, as in dlib.
/// Throws std::invalid_argument on another number of points, and on points that are not finite, all in one
/// place, unlike a face, or outside of any possible picture; cv::Exception on another pixel type.
cv::Mat face_chip(const cv::Mat& rgb, std::span<const cv::Point2f> points);

/// Returns the part of a picture of this size that face_chip() reads for these points. It begins at even
/// pixels (at a chroma sample), so a crop of it gives the same chip. It is empty when all of it lies outside.
/// Throws std::invalid_argument as face_chip() does.
cv::Rect chip_area(std::span<const cv::Point2f> points, cv::Size picture);

/// Returns dlib's five points, taken from the mesh: outer and inner corner of the person's left eye, of the
/// right eye, base of the nose. So no second landmark network is needed. Throws std::invalid_argument unless
/// the mesh has 468 points.
std::array<cv::Point2f, 5> chip_points(const FaceMeshResult& mesh);

} // namespace deid::models
