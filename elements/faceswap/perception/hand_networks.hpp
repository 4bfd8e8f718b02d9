#pragma once
#include "elements/faceswap/perception/hands.hpp"
#include "models/session/session.hpp"
#include <future>

namespace deid::faceswap {

/// MediaPipe's networks of palms and of hands, in f32. Thread: one at a time.
class HandNetworks final : public HandFinder {
public:
  /// Loads both networks. Throws models::ModelError when a file is missing, damaged or not the file of the
  /// manifest.
  explicit HandNetworks(const models::SessionOptions& options = {});
  void set_frame(const video::FrameView& frame) override { frame_ = &frame; }
  [[nodiscard]] cv::Mat glance(const cv::Rect2f& area) const override;
  std::vector<models::PalmDetection> palms(const cv::Rect2f& area) override;
  void begin_palms(const cv::Rect2f& area) override;
  std::vector<models::PalmDetection> begun_palms() override;
  models::HandResult hand(const models::RotatedRoi& roi) override;

private:
  [[nodiscard]] cv::Mat square_of_frame(const cv::Rect2f& area, int side, bool average) const;

  const video::FrameView* frame_ = nullptr;
  models::PalmDetector palms_;
  models::HandLandmarks landmarks_;
  std::future<std::vector<models::PalmDetection>> begun_{}; ///< uses palms_
};

} // namespace deid::faceswap
