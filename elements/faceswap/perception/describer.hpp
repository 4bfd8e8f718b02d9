#pragma once
#include "models/descriptor/descriptor.hpp"
#include "models/faceres/faceres.hpp"
#include "models/session/session.hpp"
#include <memory>
#include <opencv2/core.hpp>
#include <span>

namespace deid::faceswap {

using models::Descriptor;
using models::FaceFeatures;
using models::Looks;

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

/// Interface to the second judge: a network that describes faces and has nothing in common with the first.
class SecondJudge {
public:
  SecondJudge() = default;
  SecondJudge(const SecondJudge&) = delete;
  SecondJudge& operator=(const SecondJudge&) = delete;
  virtual ~SecondJudge() = default;
  /// As Describer::describe(). Returns nothing when the judge sees nothing in the picture.
  virtual std::optional<FaceFeatures> describe(const cv::Mat& rgb,
                                               std::span<const cv::Point3f> landmarks) = 0;
};

/// Interface to the network that guesses the sex and the age of faces.
class LooksReader {
public:
  LooksReader() = default;
  LooksReader(const LooksReader&) = delete;
  LooksReader& operator=(const LooksReader&) = delete;
  virtual ~LooksReader() = default;
  /// As Describer::describe(). Returns nothing when the network sees nothing in the picture.
  virtual std::optional<Looks> look(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) = 0;
};

/// FaceRes, which the second judge and the reader of looks share. One face takes about as long as in dlib's
/// network. Thread: one at a time.
class SharedFaceRes {
public:
  /// Returns whether set-up brought the network, whole or damaged.
  static bool there();
  /// Loads the network unless it is loaded. Throws models::ModelError when a file is missing, damaged or not
  /// the file of the manifest.
  void load();
  /// Loads the network first when load() was not called. Throws as load(), models::FaceRes and
  /// models::faceres_roi do.
  std::optional<models::FaceView> see(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks);

private:
  std::unique_ptr<models::FaceRes> network_{};
};

/// FaceRes's features. Thread and exceptions as SharedFaceRes.
class FaceResJudge final : public SecondJudge {
public:
  explicit FaceResJudge(std::shared_ptr<SharedFaceRes> network) : network_(std::move(network)) {}
  std::optional<FaceFeatures> describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) override;

private:
  std::shared_ptr<SharedFaceRes> network_;
};

/// FaceRes's sex and age. Thread and exceptions as SharedFaceRes.
class FaceResLooks final : public LooksReader {
public:
  explicit FaceResLooks(std::shared_ptr<SharedFaceRes> network) : network_(std::move(network)) {}
  std::optional<Looks> look(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) override;

private:
  std::shared_ptr<SharedFaceRes> network_;
};

} // namespace deid::faceswap
