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

/// A frame on its way in: the buffer and what its caps say.
struct Frame {
  Buffer buffer;
  std::string caps;
};

/// A frame that left, or one of the source: its luma and, from its stamp, the outlines of what is surely
/// face.
struct Picture {
  GstClockTime time = GST_CLOCK_TIME_NONE;
  cv::Mat luma{};
  std::vector<std::vector<cv::Point>> faces{};
  std::vector<std::vector<cv::Point>> mouths{}; ///< what lies between the lips, which a swap keeps
};

std::string caps_of(const std::string& format, cv::Size size);

/// The RGB picture (CV_8UC3) as a frame of this format; time: ns.
Frame frame_of(const cv::Mat& rgb, const std::string& format, GstClockTime time);

/// Luma of a frame in any of our formats.
Picture picture_of(GstBuffer* buffer, GstCaps* caps);

/// A pipeline with an appsrc `in` (unless it brings its own source) and an appsink `out`; keeps all that
/// left.
class Line {
public:
  /// `appsrc name=in ! middle ! appsink name=out`
  explicit Line(const std::string& middle);
  /// The whole description is given.
  static std::unique_ptr<Line> whole(const std::string& description);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// False when an element refused to start; error() says why.
  bool start();
  void push(Frame frame);
  void end_of_stream();
  /// Ends the stream and waits for its end or an error (60 s at most), keeping what left.
  void finish();
  /// Waits for the end of a pipeline with a source of its own.
  void wait();
  /// Keeps what has left until now; waits until that is `count` frames in all (or the end, or an error).
  void await(std::size_t count);
  /// Calls `change` with every buffer that comes to a pad; it may exchange the buffer.
  void at(const char* element, const char* pad, std::function<void(GstBuffer*&)> change);

  [[nodiscard]] GstElement* element(const char* name) const; ///< borrowed
  [[nodiscard]] GstElement* pipeline() const { return pipeline_; }
  [[nodiscard]] const std::vector<Picture>& left() const { return left_; }
  [[nodiscard]] int pushed() const { return pushed_; }
  /// "" or the domain's name, code and sentence of the first error.
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] bool ended() const { return ended_; }
  /// What happened, from the error and the counters of the element called `cover`.
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
