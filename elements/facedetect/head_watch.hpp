#pragma once
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/settings.hpp"
#include "elements/meta/face_region.hpp"
#include <deque>
#include <opencv2/core.hpp>
#include <vector>

namespace deid::facedetect {

struct PendingFrame;

/// Removes double detections of one head. Returns the heads by falling score.
[[nodiscard]] std::vector<Head> without_doubles(std::vector<Head> heads);

/// Whether the face belongs to the head: enough of its area lies in the head's box. Both boxes in frame px.
[[nodiscard]] bool is_own_face(const cv::Rect2f& face, const cv::Rect2f& head);

/// The heads that were detected in the newest frame.
struct HeadLook {
  bool upright = false; ///< the unrotated frame was searched; a head that is not in `heads` was missed
  std::vector<Head> heads{};
};

/// Covers heads whose body is detected and whose face is not. Bodies are searched at intervals. Between two
/// searches, a head is tracked by its appearance. A new head is back-filled into the frames that wait. Its
/// regions have the origin `body` and no landmarks. Not thread-safe.
class HeadWatch {
public:
  void reset() {
    heads_.clear();
    needed_ = false;
  }
  /// Whether a head was covered in the last frame.
  [[nodiscard]] bool needed() const { return needed_; }
  /// Adds the heads' regions to pending.back() and, for new heads, to the frames before it. Requires: the
  /// faces of all pending frames are complete; called once for each frame. next_id: id of the next new
  /// region; it is increased.
  void step(std::deque<PendingFrame>& pending, const HeadLook& look, const Settings& settings,
            std::uint32_t& next_id);

private:
  struct Watched {
    std::uint32_t id = 0;
    cv::Rect2f box{};     ///< frame px
    cv::Mat appearance{}; ///< see appearance_of(); empty: take it from the next frame
    float score = 0.F;
    bool away = false;
    int missed = 0;             ///< upright searches since the last detection
    std::int64_t last_seen = 0; ///< ns
  };
  void follow(const PendingFrame& frame);
  void take(std::deque<PendingFrame>& pending, const HeadLook& look, const Settings& settings,
            std::uint32_t& next_id);
  void expire(std::int64_t now, const Settings& settings);

  std::vector<Watched> heads_;
  bool needed_ = false;
};

} // namespace deid::facedetect
