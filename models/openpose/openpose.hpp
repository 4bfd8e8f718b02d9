#pragma once
#include "models/openpose/decode.hpp"
#include "models/session/session.hpp"
#include <memory>

namespace deid::models {

/// What a bottom-up pose network wants to see, and how its maps are read. The defaults fit networks of
/// tf-pose-estimation, which scale their input themselves.
struct OpenPoseOptions {
  SessionOptions session{}; ///< input_shape must be empty: the file or the frame decides
  int input_height = 368;   ///< px, for files that take any size; rounded up to a multiple of 16 [16..4096]
  bool bgr = true;          ///< order of the network's channels
  float mean = 0.F;         ///< input = (pixel - mean) * scale, pixel 0..255;
  float scale = 1.F;        ///< OpenPose's own (Caffe) weights: mean 128, scale 1/256
  MapLayout layout = MapLayout::detect;
  MapOrder order = MapOrder::heat_first;
  DecodeOptions decode{};
};

/// OpenPose-style bottom-up networks (Cao et al. 2017, 2019) of the user: COCO-18 or BODY_25, told apart by
/// the number of maps. Any file the session reads: ONNX, IR, TFLite, a frozen TensorFlow graph; input
/// 1x3xHxW or 1xHxWx3, of fixed size or any. Threads: one at a time.
class OpenPose {
public:
  /// Compiles for `frame` (px), so that a wrong file is refused here. Throws ModelError when the file is not
  /// such a network, std::invalid_argument on options out of range.
  OpenPose(const std::filesystem::path& model, const OpenPoseOptions& options, cv::Size frame = {1280, 720});
  ~OpenPose();
  OpenPose(OpenPose&&) noexcept;

  [[nodiscard]] PartSet set() const;
  /// Size of the network's input now [px].
  [[nodiscard]] cv::Size input() const;

  /// rgb: CV_8UC3 of any size; made to fit the input without distortion, in its top left corner, black beside
  /// it. A frame of another shape compiles a network that takes any size anew. People in px of the image,
  /// best first; an empty image has none. Throws ModelError when the engine fails or its maps are no numbers.
  [[nodiscard]] std::vector<BodyPose> detect(const cv::Mat& rgb);

  /// The maps that detect() would decode, and the matrix from their cells to the image. Requires an image
  /// that is not empty.
  [[nodiscard]] std::pair<PartMaps, cv::Matx23f> maps(const cv::Mat& rgb);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The input that shows a frame of this size (px, not empty) `height` px high: both sides multiples of 16,
/// the width at most 4 times the height (wider frames are shown smaller).
[[nodiscard]] cv::Size openpose_input(cv::Size frame, int height);

} // namespace deid::models
