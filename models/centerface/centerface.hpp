#pragma once
#include "models/blazeface/blazeface.hpp"

namespace deid::models {

/// CenterFace (Xu et al. 2019), the sweeping detector: finds small, turned and half-hidden faces.
/// The network is compiled for one input size; images are scaled to fit inside it (aspect kept, padded).
class CenterFace {
public:
  /// input: width and height in px, multiples of 32.
  CenterFace(const std::filesystem::path& model, cv::Size input, const SessionOptions& options);
  ~CenterFace();
  CenterFace(CenterFace&&) noexcept;

  /// RGB CV_8UC3 of any size -> faces in its pixels, score >= threshold [0..1], best first, after NMS at IoU .3.
  [[nodiscard]] std::vector<FaceDetection> detect(const cv::Mat& rgb, float threshold);
  [[nodiscard]] cv::Size input() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace deid::models
