#pragma once
#include "elements/meta/pose.hpp"
#include "elements/video/frame_view.hpp"
#include "models/blazepose/blazepose.hpp"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace deid::posedetect {

/// Where people are looked for. Square windows of the frame show those who are too small in the whole.
enum class Extent : std::uint8_t {
  whole,      ///< the frame
  one_window, ///< and one window of it, another one each time
  windows,    ///< and all of them
};

/// The networks as the tracker sees them, so that it can be tested without any. Not thread-safe. All results
/// in frame px. Every call may throw models::ModelError; the caller must then not let the frame leave.
class Finder {
public:
  virtual ~Finder() = default;
  /// Looks for people; best first, but who is only seen in a window comes after the others.
  virtual std::vector<models::PoseDetection> detect(const video::FrameView& frame, float threshold,
                                                    Extent extent) = 0;
  /// A person's points in a region of interest.
  virtual models::PoseResult landmarks(const video::FrameView& frame, const models::RotatedRoi& roi,
                                       bool mask) = 0;
};

/// Looks for the hands of people whose body points are known. Not thread-safe; may throw models::ModelError.
class HandFinder {
public:
  virtual ~HandFinder() = default;
  /// Fills `hands` of every person. time: ns, as given to the tracker.
  virtual void find(const video::FrameView& frame, std::int64_t time, std::vector<Person>& people) = 0;
  /// A seek, a new format, another scene: what is known of the frame before is void.
  virtual void reset() = 0;
  /// Names and hashes of the networks in use.
  [[nodiscard]] virtual std::string description() const = 0;
};

} // namespace deid::posedetect
