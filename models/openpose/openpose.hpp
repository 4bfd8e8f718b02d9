#pragma once
#include "models/openpose/decode.hpp"
#include "models/session/session.hpp"
#include <memory>

namespace deid::models {

/// The input that a bottom-up pose network expects, and how its maps are read. The defaults fit
/// tf-pose-estimation's networks, which scale their input themselves.
struct OpenPoseOptions {
  SessionOptions session{}; ///< input_shape must be empty: the file or the frame decides
  int input_height = 368;   ///< px, for files that take any size; rounded up to a multiple of 16 [16..4096]
  bool bgr = true;          ///< the network's channels are BGR
  float mean = 0.F;         ///< input = (pixel - mean) * scale, pixel 0..255;
  float scale = 1.F;        ///< OpenPose's own (Caffe) weights: mean 128, scale 1/256
  MapLayout layout = MapLayout::detect;
  MapOrder order = MapOrder::heat_first;
  DecodeOptions decode{};
};

/// Bottom-up networks of OpenPose's kind (Cao et al. 2017, 2019) that a user brings: COCO-18 or BODY_25,
/// recognised by the number of maps. Any file that Session reads: ONNX, IR, TFLite, a frozen TensorFlow
/// graph. Input 1x3xHxW or 1xHxWx3, of fixed or any size. Threads: one at a time.
class OpenPose {
public:
  /// Compiles for `frame` (px), so that the constructor refuses a wrong file. Throws ModelError when the file
  /// is not such a network, std::invalid_argument on options out of range.
  OpenPose(const std::filesystem::path& model, const OpenPoseOptions& options, cv::Size frame = {1280, 720});
  ~OpenPose();
  OpenPose(OpenPose&&) noexcept;

  [[nodiscard]] PartSet set() const;
  /// Current size of the network's input [px].
  [[nodiscard]] cv::Size input() const;

  /// rgb: CV_8UC3 of any size. It is scaled without distortion into the top left corner of the input; the
  /// rest is black. When a network takes any size, a frame of another shape compiles it again. Returns people
  /// in px of the image, best first; an empty image has nobody. Throws ModelError when the engine fails or a
  /// map has values that are not finite.
  [[nodiscard]] std::vector<BodyPose> detect(const cv::Mat& rgb);

  /// Returns the maps that detect() decodes, and the matrix from their cells to the image. Requires an image
  /// that is not empty.
  [[nodiscard]] std::pair<PartMaps, cv::Matx23f> maps(const cv::Mat& rgb);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Returns the input size for a frame of this size (px, not empty) at the height `height` [px]. Both sides
/// are multiples of 16. The width is at most 4 times the height; wider frames are scaled down more.
[[nodiscard]] cv::Size openpose_input(cv::Size frame, int height);

} // namespace deid::models
