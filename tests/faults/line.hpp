#pragma once
#include <functional>
#include <gst/gst.h>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace deid::test {

struct BufferEnd {
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
};
using Buffer = std::unique_ptr<GstBuffer, BufferEnd>;

/// A frame at the input: the buffer and its caps.
struct Frame {
  Buffer buffer;
  std::string caps;
};

/// A frame at the output, or one of the source: its luma, and the outlines from its stamp that are surely
/// face.
struct Picture {
  GstClockTime time = GST_CLOCK_TIME_NONE;
  cv::Mat luma{};
  std::vector<std::vector<cv::Point>> faces{};
  std::vector<std::vector<cv::Point>> mouths{}; ///< the areas between the lips, which a swap keeps
};

std::string caps_of(const std::string& format, cv::Size size);

/// The RGB picture (CV_8UC3) as a frame of this format; time: ns.
Frame frame_of(const cv::Mat& rgb, const std::string& format, GstClockTime time);

/// Luma of a frame in any of our formats.
Picture picture_of(GstBuffer* buffer, GstCaps* caps);

/// A pipeline with an appsrc `in` (unless it has its own source) and an appsink `out`; keeps all output.
class Line {
public:
  /// `appsrc name=in ! middle ! appsink name=out`
  explicit Line(const std::string& middle);
  /// The whole description.
  static std::unique_ptr<Line> whole(const std::string& description);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// Returns false when an element refused to start; error() has the reason.
  bool start();
  void push(Frame frame);
  void end_of_stream();
  /// Ends the stream and waits for its end or an error (60 s at most), keeping what left.
  void finish();
  /// Waits for the end of a pipeline with a source of its own.
  void wait();
  /// Keeps the output until it has `count` frames in all (or the end, or an error).
  void await(std::size_t count);
  /// Calls `change` with every buffer on a pad; it may exchange the buffer.
  void at(const char* element, const char* pad, std::function<void(GstBuffer*&)> change);

  [[nodiscard]] GstElement* element(const char* name) const; ///< borrowed
  [[nodiscard]] GstElement* pipeline() const { return pipeline_; }
  [[nodiscard]] const std::vector<Picture>& left() const { return left_; }
  [[nodiscard]] int pushed() const { return pushed_; }
  /// Returns domain name, code and sentence of the first error, or "".
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] bool ended() const { return ended_; }
  /// Returns the outcome, from the error and the counters of the element called `cover`.
  [[nodiscard]] std::string story() const;

private:
  struct Whole {};
  Line(Whole, const std::string& description);
  void look_at_bus(GstClockTime wait);
  bool collect(GstClockTime wait);

  GstElement* pipeline_ = nullptr;
  std::vector<Picture> left_{};
  std::string error_{};
  bool ended_ = false;
  int pushed_ = 0;
};

} // namespace deid::test
