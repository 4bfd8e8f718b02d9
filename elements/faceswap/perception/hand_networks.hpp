#pragma once
#include "elements/faceswap/perception/hands.hpp"

namespace deid::faceswap {

/// MediaPipe's networks of palms and of hands, in f32. Thread: one at a time.
class HandNetworks final : public HandFinder {
public:
  /// Loads both networks. Throws models::ModelError when a file is missing, damaged or not the file of the
  /// manifest.
  HandNetworks();
  void set_frame(const video::FrameView& frame) override { frame_ = &frame; }
  std::vector<models::PalmDetection> palms(const cv::Rect2f& area) override;
  models::HandResult hand(const models::RotatedRoi& roi) override;

private:
  const video::FrameView* frame_ = nullptr;
  models::PalmDetector palms_;
  models::HandLandmarks landmarks_;
};

} // namespace deid::faceswap
