#pragma once
#include "models/session/session.hpp"
#include <array>
#include <memory>
#include <opencv2/core.hpp>
#include <vector>

namespace deid::models {

/// One body point. at: px of the picture. score: [0..1].
struct BodyPoint {
  cv::Point2f at{};
  float score = 0.F;
};

/// A person. score: [0..1] that a person is there. points: COCO's 17: nose, eyes, ears, shoulders, elbows,
/// wrists, hips, knees, ankles; of each pair the person's left one first.
struct Body {
  static constexpr std::size_t point_count = 17;
  float score = 0.F;
  std::array<BodyPoint, point_count> points{};
};

/// MoveNet Lightning (Google 2021, a CenterNet on MobileNetV2), all people of a picture in one run. Threads:
/// one at a time.
class MoveNet {
public:
  static constexpr int stride = 4; ///< input px per cell of its maps
  /// graph, weights: the two files of the TensorFlow.js model. input: px, multiples of 32. Throws ModelError
  /// when the files are not this network or the size is not allowed.
  MoveNet(const std::filesystem::path& graph, const std::filesystem::path& weights, cv::Size input,
          const SessionOptions& options);
  ~MoveNet();
  MoveNet(MoveNet&&) noexcept;
  MoveNet& operator=(MoveNet&&) noexcept;

  /// rgb: CV_8UC3 of any size, fitted into the input. Returns people with score >= threshold [0..1], best
  /// first. An empty picture has nobody. One person may be found twice. Throws ModelError when the engine
  /// fails.
  [[nodiscard]] std::vector<Body> detect(const cv::Mat& rgb, float threshold);
  [[nodiscard]] cv::Size input() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace deid::models
