#pragma once
#include "elements/base/gst_ptr.hpp"
#include "pipelines/deid/evaluate/report/leaks.hpp"
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace deid::cli {

/// A picture kept for the report.
struct Kept {
  std::int64_t frame = 0, pts = 0;     ///< number from 0; [ns]
  std::shared_ptr<GstSample> sample{}; ///< shared: lists of pictures are copied
};

/// Result of the comparison for one method.
struct Looked {
  std::size_t frames = 0;  ///< compared frames; none without a detector
  std::size_t faces = 0;   ///< faces that the independent detector found in the original of these frames
  std::size_t outside = 0; ///< of these, faces too far outside the frame to be judged
  std::vector<evaluate::Risk> risks{};
  std::vector<Kept> risky{};   ///< de-identified frames with a risk, at most most_risky
  std::vector<Kept> samples{}; ///< of the de-identified video, evenly over its time
};
constexpr std::size_t most_risky = 12;
constexpr std::size_t sample_count = 3;

/// CPU and wall time of one element of the graph [s].
struct StageTime {
  double cpu = 0, wall = 0;
  std::size_t frames = 0;
};

/// Compares frames of the original and of every method in a running graph. Its probes run in the graph's
/// threads. Read the results after the graph has stopped.
class Taps {
public:
  struct Options {
    std::vector<std::string> methods{}; ///< methods that are compared, by their elements "tap-METHOD"
    std::vector<std::string> timed{};   ///< names of elements
    cv::Size size{};                    ///< of the video's frames
    bool leaks = true;
    bool originals = false; ///< keep pictures of the original, too
  };
  explicit Taps(Options options);
  ~Taps();
  Taps(const Taps&) = delete;
  Taps& operator=(const Taps&) = delete;

  /// Adds the probes. Missing elements are ignored.
  void attach(GstElement* pipeline);
  [[nodiscard]] Looked looked(const std::string& method) const;
  [[nodiscard]] std::vector<Kept> originals() const;
  [[nodiscard]] const std::map<std::string, StageTime>& times() const;
  /// Duration [s] and number of frames that passed; a file's head may be wrong.
  [[nodiscard]] double seconds() const;
  [[nodiscard]] std::size_t frames() const;
  /// Returns why a probe failed, or an empty text. After a failure no result is valid.
  [[nodiscard]] std::string trouble() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Returns a frame as JPEG, at most `width` px wide. Throws Failure.
std::string jpeg_of(GstSample* sample, int width);

} // namespace deid::cli
