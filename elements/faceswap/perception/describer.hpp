#pragma once
#include "models/descriptor/descriptor.hpp"
#include <memory>
#include <opencv2/core.hpp>
#include <span>

namespace deid::faceswap {

using models::Descriptor;

/// Tells people apart by their faces. A seam, so that decisions can be tested without a network.
class Describer {
public:
  Describer() = default;
  Describer(const Describer&) = delete;
  Describer& operator=(const Describer&) = delete;
  virtual ~Describer() = default;
  /// rgb: CV_8UC3 with the face in it; landmarks: 468 of the face mesh, px of rgb, finite.
  virtual Descriptor describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) = 0;
};

/// dlib's network, about 14 ms of one core a face. Threads: one at a time.
class DlibDescriber final : public Describer {
public:
  /// Loads the network unless it is loaded (22 MB, .1 to .2 s) and keeps BLAS in this thread. Throws
  /// models::ModelError when the file is missing, damaged or not the one of the manifest.
  void load();
  /// Loads first when nobody did.
  Descriptor describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) override;

private:
  std::unique_ptr<models::FaceDescriptor> network_{};
};

} // namespace deid::faceswap
