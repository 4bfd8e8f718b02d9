#pragma once
#include "elements/meta/pose.hpp"
#include "elements/video/frame_view.hpp"
#include "models/blazepose/blazepose.hpp"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace deid::posedetect {

/// The part of the frame that is searched. Square windows show people who are too small in the whole frame.
enum class Extent : std::uint8_t {
  whole,      ///< the whole frame
  one_window, ///< the whole frame and one window, which changes from call to call
  windows,    ///< the whole frame and all windows
};

/// The tracker's interface to the networks, so that tests can replace them. Not thread-safe. All results are
/// in frame px. Every call may throw models::ModelError; the frame must then not leave.
class Finder {
public:
  virtual ~Finder() = default;
  /// Returns people, best first. People found only in a window come last.
  virtual std::vector<models::PoseDetection> detect(const video::FrameView& frame, float threshold,
                                                    Extent extent) = 0;
  /// Returns a person's points in a region of interest.
  virtual models::PoseResult landmarks(const video::FrameView& frame, const models::RotatedRoi& roi,
                                       bool mask) = 0;
};

/// Finds the hands of people whose body points are known. Not thread-safe; may throw models::ModelError.
class HandFinder {
public:
  virtual ~HandFinder() = default;
  /// Sets `hands` of every person. time: ns, as given to the tracker.
  virtual void find(const video::FrameView& frame, std::int64_t time, std::vector<Person>& people) = 0;
  /// Forgets the previous frames: after a seek, a new format or another scene.
  virtual void reset() = 0;
  /// Names and hashes of the networks in use.
  [[nodiscard]] virtual std::string description() const = 0;
};

} // namespace deid::posedetect
