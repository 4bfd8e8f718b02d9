#pragma once
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/settings.hpp"
#include "elements/meta/face_region.hpp"
#include <deque>
#include <opencv2/core.hpp>
#include <vector>

namespace deid::facedetect {

struct PendingFrame;

/// One head for each person, the surest first: a body may have been found twice.
[[nodiscard]] std::vector<Head> without_doubles(std::vector<Head> heads);

/// Whether the face is the head's own: enough of it lies in the head's box. Both in frame px.
[[nodiscard]] bool is_own_face(const cv::Rect2f& face, const cv::Rect2f& head);

/// What was seen of heads in the newest frame.
struct HeadLook {
  bool upright = false; ///< the frame was looked at as it is: who is not among `heads` was not seen
  std::vector<Head> heads{};
};

/// Covers the heads of people whose bodies are seen and whose face nobody knows. Bodies are looked at now and
/// then; in between a head is followed by its looks, and one found new is followed backwards through the
/// frames that wait. Its regions have the origin `body` and no landmarks. Not thread-safe.
class HeadWatch {
public:
  void reset() {
    heads_.clear();
    needed_ = false;
  }
  /// Whether a head was covered in the last frame.
  [[nodiscard]] bool needed() const { return needed_; }
  /// Completes pending.back() and, for heads found new, the frames before it. Requires: the faces of all
  /// pending frames are complete; called once for each frame. next_id: of the next new region.
  void step(std::deque<PendingFrame>& pending, const HeadLook& look, const Settings& settings,
            std::uint32_t& next_id);

private:
  struct Watched {
    std::uint32_t id = 0;
    cv::Rect2f box{};     ///< frame px
    cv::Mat appearance{}; ///< see appearance_of(); empty when it has to be taken anew
    float score = 0.F;
    bool away = false;
    int missed = 0;             ///< upright looks since it was last seen
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
