#pragma once
#include "elements/posedetect/finder.hpp"
#include "models/session/spent.hpp"
#include <filesystem>

namespace deid::posedetect {

/// Files that replace the weights from set-up; an empty path keeps the weight.
struct NetworkFiles {
  std::filesystem::path detector{}, landmarks{};
};

/// BlazePose on frames of any format. Always f32, because bf16 moves points by up to 14.7 px.
class NetworkFinder : public Finder {
public:
  /// Throws models::ModelError. options.input_shape must be empty.
  NetworkFinder(const NetworkFiles& files, const models::SessionOptions& options);
  std::vector<models::PoseDetection> detect(const video::FrameView& frame, float threshold,
                                            Extent extent) override;
  models::PoseResult landmarks(const video::FrameView& frame, const models::RotatedRoi& roi,
                               bool mask) override;

  /// Names and hashes of the networks in use, for reports.
  [[nodiscard]] const std::string& description() const { return description_; }
  struct Cost {
    models::Spent detect, landmarks;
  };
  [[nodiscard]] const Cost& cost() const { return cost_; }

private:
  std::vector<models::PoseDetection> detect_in(const video::FrameView& frame, const models::RotatedRoi& area,
                                               bool average, float threshold);

  std::string description_;
  models::PoseDetector detector_;
  models::PoseLandmarks landmarks_;
  Cost cost_{};
  std::size_t turn_ = 0; ///< of Extent::one_window
};

} // namespace deid::posedetect
