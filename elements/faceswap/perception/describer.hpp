#pragma once
#include "models/descriptor/descriptor.hpp"
#include "models/session/session.hpp"
#include <memory>
#include <opencv2/core.hpp>
#include <span>

namespace deid::faceswap {

using models::Descriptor;

/// Interface to the network that describes faces, so that tests need no network.
class Describer {
public:
  Describer() = default;
  Describer(const Describer&) = delete;
  Describer& operator=(const Describer&) = delete;
  virtual ~Describer() = default;
  /// Returns the descriptor of a face. rgb: CV_8UC3 that holds the face. landmarks: 468 of the face mesh, px
  /// of rgb, finite.
  virtual Descriptor describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) = 0;
};

/// dlib's network; one face takes about 14 ms of one core. Thread: one at a time.
class DlibDescriber final : public Describer {
public:
  explicit DlibDescriber(models::SessionOptions options = {}) : options_(std::move(options)) {}
  /// Loads the network (22 MB) unless it is loaded. Throws models::ModelError when the file is missing,
  /// damaged or not the file of the manifest.
  void load();
  /// Loads the network first when load() was not called. Throws as load() and models::FaceDescriptor do.
  Descriptor describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) override;

private:
  models::SessionOptions options_;
  std::unique_ptr<models::FaceDescriptor> network_{};
};

} // namespace deid::faceswap
