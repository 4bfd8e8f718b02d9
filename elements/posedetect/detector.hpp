#pragma once
#include "elements/posedetect/bottom_up.hpp"
#include "elements/posedetect/network_finder.hpp"
#include "elements/posedetect/parts.hpp"
#include "elements/posedetect/tracker.hpp"
#include <gst/gst.h>
#include <gst/video/video.h>
#include <mutex>
#include <optional>

namespace deid::posedetect {

/// What the element's properties say. A copyable value; snapshotted once a frame.
struct Options {
  Settings tracking{};
  Stage stage = Stage::original;
  KeypointSet set = KeypointSet::blazepose33; ///< of files and of the regions' parameters
  bool hands = false;
  bool draw = false;
  int threads = 1;
  NetworkFiles files{};
  std::filesystem::path model{};    ///< an OpenPose-style network instead of BlazePose; empty: none
  std::filesystem::path location{}; ///< empty: no file
  FileFormat format = FileFormat::automatic;
};

/// What stands behind the element: networks, tracker, hands, file. Streaming thread only, except snapshot().
/// After an exception it is broken: nothing more is found until start().
class Detector {
public:
  /// Loads the networks and opens the file; throws models::ModelError, ElementError.
  void start(const Options& options);
  void stop();
  void set_format(const GstVideoInfo& info);
  /// The people of one frame, also written to the file.
  [[nodiscard]] PoseFrame detect(const video::FrameView& frame, GstClockTime pts, const Options& options);
  /// Forgets the people (flush, new segment).
  void clear();
  /// The stream ended.
  void finish();

  struct Snapshot {
    Counts counts{};
    NetworkFinder::Cost cost{};
  };
  /// Any thread.
  [[nodiscard]] Snapshot snapshot() const;

private:
  [[nodiscard]] std::int64_t time_of(GstClockTime pts);
  void publish();

  [[nodiscard]] std::vector<Person> people_of(const video::FrameView& frame, std::int64_t time,
                                              const Options& options);

  std::optional<BottomUp> bottom_up_; ///< either this, or finder and tracker
  std::optional<NetworkFinder> finder_;
  std::optional<Tracker> tracker_;
  std::unique_ptr<HandFinder> hands_;
  std::unique_ptr<FrameSink> sink_;
  Counts own_counts_{}; ///< of frames that the bottom-up network saw
  GstVideoInfo info_{};
  bool broken_ = true;
  std::optional<std::int64_t> last_time_;
  mutable std::mutex mutex_;
  Snapshot snapshot_{};
};

} // namespace deid::posedetect
