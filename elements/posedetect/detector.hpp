#pragma once
#include "elements/posedetect/bottom_up.hpp"
#include "elements/posedetect/network_finder.hpp"
#include "elements/posedetect/parts.hpp"
#include "elements/posedetect/tracker.hpp"
#include "models/session/device.hpp"
#include <gst/gst.h>
#include <gst/video/video.h>
#include <mutex>
#include <optional>

namespace deid::posedetect {

/// The values of the element's properties; copied once a frame.
struct Options {
  Settings tracking{};
  Stage stage = Stage::original;
  KeypointSet set = KeypointSet::blazepose33; ///< of the file and of the regions' parameters
  bool hands = false;
  bool draw = false;
  int threads = 1;
  std::string device = models::processor_device;
  NetworkFiles files{};
  std::filesystem::path model{};    ///< a network of OpenPose's kind instead of BlazePose; empty: none
  std::filesystem::path location{}; ///< empty: no file
  FileFormat format = FileFormat::automatic;
};

/// The element's work: networks, tracker, hands, file. Streaming thread only, except snapshot(). After an
/// exception every detect() fails until set_format().
class Detector {
public:
  /// Loads the networks and opens the file. Throws models::ModelError, ElementError.
  void start(const Options& options);
  void stop();
  void set_format(const GstVideoInfo& info);
  /// Returns the people of one frame, and writes them to the file.
  [[nodiscard]] PoseFrame detect(const video::FrameView& frame, GstClockTime pts, const Options& options);
  /// Forgets the people, after a flush or a new segment.
  void clear();
  /// Ends the file at the end of the stream.
  void finish();

  struct Snapshot {
    Counts counts{};
    NetworkFinder::Cost cost{};
  };
  /// Threads: any.
  [[nodiscard]] Snapshot snapshot() const;

private:
  [[nodiscard]] std::int64_t time_of(GstClockTime pts);
  void publish();

  [[nodiscard]] std::vector<Person> people_of(const video::FrameView& frame, std::int64_t time,
                                              const Options& options);

  std::optional<BottomUp> bottom_up_; ///< used instead of finder and tracker
  std::optional<NetworkFinder> finder_;
  std::optional<Tracker> tracker_;
  std::unique_ptr<HandFinder> hands_;
  std::unique_ptr<FrameSink> sink_;
  Counts own_counts_{}; ///< of frames of the bottom-up network
  GstVideoInfo info_{};
  bool broken_ = true;
  std::optional<std::int64_t> last_time_;
  mutable std::mutex mutex_;
  Snapshot snapshot_{};
};

} // namespace deid::posedetect
