#pragma once
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>

namespace deid::review {

/// Reads single frames of a video, upright, by their number among the shown ones. Steps forward are cheap; a
/// step back decodes again from the key frame before. Thread: one at a time.
class Frames {
public:
  /// Lists the frames of the file. Throws Failure: it cannot be opened, or has no video that can be decoded.
  explicit Frames(const std::filesystem::path& file);
  ~Frames();
  Frames(Frames&&) noexcept;

  [[nodiscard]] int count() const;
  [[nodiscard]] cv::Size size() const;            ///< px of the upright frame
  [[nodiscard]] std::pair<int, int> rate() const; ///< frames a second, as a fraction; 0/1: not known
  [[nodiscard]] double seconds() const;           ///< length
  /// Returns the luma (CV_8UC1) or the colours (CV_8UC3, RGB) of a frame. Throws Failure when the frame
  /// cannot be decoded.
  cv::Mat gray(int frame);
  cv::Mat rgb(int frame);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace deid::review
