#pragma once
#include "elements/faceswap/perception/landmarker.hpp"
#include <atomic>

namespace deid::test {

using faceswap::Landmarker;

/// A landmarker that finds each face `by` px lower than it was drawn, or finds none.
class Lower final : public Landmarker {
public:
  std::optional<std::vector<cv::Point3f>> locate(const cv::Mat&,
                                                 std::span<const cv::Point3f> about) override {
    ++calls;
    if (!sees)
      return {};
    std::vector<cv::Point3f> seen(about.begin(), about.end());
    for (cv::Point3f& p : seen)
      p.y += by;
    return seen;
  }
  float by = 2;
  bool sees = true;
  std::atomic<int> calls = 0;
};

class Borrowed final : public Landmarker {
public:
  explicit Borrowed(Landmarker& owner) : owner_(owner) {}
  std::optional<std::vector<cv::Point3f>> locate(const cv::Mat& rgb,
                                                 std::span<const cv::Point3f> about) override {
    return owner_.locate(rgb, about);
  }

private:
  Landmarker& owner_;
};

} // namespace deid::test
