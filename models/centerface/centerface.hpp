#pragma once
#include "models/blazeface/blazeface.hpp"

namespace deid::models {

/// CenterFace (Xu et al. 2019), the detector of the sweep: finds small, turned and half-hidden faces. The
/// network is compiled for one input size. An image of any size is scaled to fit inside it (aspect kept,
/// padded); small images are enlarged. Input: RGB 0..255. Threads: one at a time.
class CenterFace {
public:
  /// input: width and height in px, multiples of 32. Throws ModelError on another size or when the file is
  /// another network.
  CenterFace(const std::filesystem::path& model, cv::Size input, const SessionOptions& options);
  ~CenterFace();
  CenterFace(CenterFace&&) noexcept;

  /// rgb: CV_8UC3 of any size. Returns faces in its pixels with score >= threshold [0..1], best first, after
  /// NMS at IoU .3. An empty image has no faces. Throws ModelError when the engine fails.
  [[nodiscard]] std::vector<FaceDetection> detect(const cv::Mat& rgb, float threshold);
  [[nodiscard]] cv::Size input() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace deid::models
