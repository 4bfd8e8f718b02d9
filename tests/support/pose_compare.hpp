#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace deid::test {

/// Collects the distances of our 33 points from MediaPipe's over the frames of a clip.
class Agreement {
public:
  /// ours: 33 places, frame px; theirs: 33 x (x, y [tenths of px], visibility [percent]).
  void add(const std::vector<cv::Point2f>& ours, const nlohmann::json& theirs) {
    const auto at = [&](std::size_t i) {
      return cv::Point2d(theirs[3 * i].get<double>() / 10, theirs[3 * i + 1].get<double>() / 10);
    };
    const double torso = std::max(1., cv::norm((at(11) + at(12) - at(23) - at(24)) / 2.));
    double low_x = 1e9, low_y = 1e9, high_x = -1e9, high_y = -1e9;
    for (const std::size_t i : coco) {
      low_x = std::min(low_x, at(i).x), high_x = std::max(high_x, at(i).x);
      low_y = std::min(low_y, at(i).y), high_y = std::max(high_y, at(i).y);
    }
    const double area = std::max(1., (high_x - low_x) * (high_y - low_y));
    double oks = 0;
    for (std::size_t k = 0; k < coco.size(); ++k) {
      const double away = cv::norm(cv::Point2d(ours.at(coco[k])) - at(coco[k]));
      oks += std::exp(-away * away / (8 * area * sigma[k] * sigma[k])) / static_cast<double>(coco.size());
    }
    oks_.push_back(oks);
    torso_.push_back(torso);
    for (std::size_t i = 0; i < 33; ++i) {
      away_.at(i).push_back(cv::norm(cv::Point2d(ours.at(i)) - at(i)) / torso);
      // a point that is hidden or outside for MediaPipe itself is unstable; it is listed apart
      if (theirs[3 * i + 2].get<int>() >= 50)
        seen_.at(i).push_back(away_.at(i).back());
    }
  }

  [[nodiscard]] double mean_oks() const { return mean(oks_); }
  [[nodiscard]] std::size_t frames() const { return oks_.size(); }
  /// The worst keypoint's 95th percentile, in torso lengths, of the points that are visible for MediaPipe.
  [[nodiscard]] double worst_p95() const { return worst(seen_); }

  [[nodiscard]] std::string row(const std::string& clip) const {
    std::array<char, 256> text{};
    std::snprintf(text.data(), text.size(),
                  "%-52s frames %4zu OKS mean %.4f least %.4f torso %5.0f px p95 visible %.2f %% all %.2f %%",
                  clip.c_str(), frames(), mean_oks(), oks_.empty() ? 0. : *std::ranges::min_element(oks_),
                  mean(torso_), 100 * worst_p95(), 100 * worst(away_));
    return text.data();
  }

private:
  using Lists = std::array<std::vector<double>, 33>;
  static constexpr std::array<std::size_t, 17> coco{0,  2,  5,  7,  8,  11, 12, 13, 14,
                                                    15, 16, 23, 24, 25, 26, 27, 28};
  static constexpr std::array<double, 17> sigma{.026, .025, .025, .035, .035, .079, .079, .072, .072,
                                                .062, .062, .107, .107, .087, .087, .089, .089};

  static double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values)
      sum += value;
    return values.empty() ? 0. : sum / static_cast<double>(values.size());
  }
  static double worst(const Lists& lists) {
    double most = 0;
    for (std::vector<double> values : lists)
      if (!values.empty()) {
        const auto index = static_cast<std::size_t>(.95 * static_cast<double>(values.size() - 1));
        std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(index));
        most = std::max(most, values[index]);
      }
    return most;
  }

  std::vector<double> oks_, torso_;
  Lists away_{}, seen_{};
};

} // namespace deid::test
