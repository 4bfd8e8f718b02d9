#pragma once
#include "models/blazeface/blazeface.hpp"
#include <memory>

namespace deid::models {

/// CenterFace (Xu et al. 2019), the detector of the sweep: finds small, turned and half-hidden faces. The
/// input has one size. An image of any size is scaled to fit inside it (aspect kept, padded); small images
/// are enlarged. Input: RGB 0..255. Threads: one at a time, for all that share a network.
class CenterFace {
public:
  /// A compiled network for inputs of any size. Several CenterFace share it, and the memory for their work.
  class Network;
  /// Throws ModelError. The network's numbers do not depend on the sizes that it worked on before.
  static std::shared_ptr<Network> network(const std::filesystem::path& model, const SessionOptions& options);

  /// input: width and height in px, multiples of 32. Throws ModelError on another size or when the file is
  /// another network. A network of one's own is compiled for this size.
  CenterFace(const std::filesystem::path& model, cv::Size input, const SessionOptions& options);
  /// The same on a shared network, which is not null.
  CenterFace(std::shared_ptr<Network> network, cv::Size input);
  ~CenterFace();

  /// rgb: CV_8UC3 of any size. Returns faces in its pixels with score >= threshold [0..1], best first, after
  /// NMS at IoU .3. An empty image has no faces. Throws ModelError when the engine fails.
  [[nodiscard]] std::vector<FaceDetection> detect(const cv::Mat& rgb, float threshold);
  [[nodiscard]] cv::Size input() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace deid::models
