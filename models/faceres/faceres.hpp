#pragma once
#include "models/faceres/looks.hpp"
#include "models/image/affine.hpp"
#include "models/session/session.hpp"
#include <array>
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <span>

namespace deid::models {

/// 1024 numbers that tell faces apart, as a vector of length 1. Two of one person are about .5 apart, of two
/// people 1.1. They can identify a person.
using FaceFeatures = std::array<float, 1024>;

/// Euclidean distance [0..2].
double distance(const FaceFeatures& a, const FaceFeatures& b);

/// Returns (1 - share) * old + share * now, with length 1. Requires a share of 0 to 1.
FaceFeatures blend(const FaceFeatures& old, const FaceFeatures& now, double share);

/// The findings of FaceRes on one face.
struct FaceView {
  FaceFeatures features{};
  Looks looks{};
};

/// FaceRes (Savchenko 2019), a MobileNet trained on VGGFace2 to recognise people. It shares neither layers,
/// training data nor alignment with dlib's network, so it is a second opinion. Threads: one at a time.
class FaceRes {
public:
  static constexpr int crop_size = 224; ///< [px]
  /// graph, weights: the two files of the TensorFlow.js model. Throws ModelError (missing, damaged) when the
  /// files are not this network. Distances are measurements, so use f32, the default precision.
  /// options.input_shape must be empty.
  FaceRes(const std::filesystem::path& graph, const std::filesystem::path& weights,
          const SessionOptions& options = {});
  ~FaceRes();

  /// crop: 224x224 RGB CV_8UC3, see faceres_crop(). Returns nothing when the network sees nothing: all
  /// numbers are 0, as on a black picture. Throws cv::Exception on another size or type, ModelError(engine)
  /// when a number is not finite.
  [[nodiscard]] std::optional<FaceView> see(const cv::Mat& crop);
  /// Returns the features of see() alone.
  [[nodiscard]] std::optional<FaceFeatures> describe(const cv::Mat& crop);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Returns the square that FaceRes wants to see: 1.2 times the longer side of the mesh's box, eyes level.
/// landmarks: 468 of the face mesh, px. Throws std::invalid_argument on another number of points, and on
/// points that are not finite or all in one place.
RotatedRoi faceres_roi(std::span<const cv::Point3f> landmarks);

/// Returns the crop of this square; black outside the picture. rgb: CV_8UC3.
cv::Mat faceres_crop(const cv::Mat& rgb, const RotatedRoi& roi);

} // namespace deid::models
