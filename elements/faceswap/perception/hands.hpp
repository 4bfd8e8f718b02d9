#pragma once
#include "elements/video/frame_view.hpp"
#include "models/hands/hands.hpp"
#include <span>
#include <vector>

namespace deid::faceswap {

/// The networks of hands on the frame at hand. A seam, so that what follows from them can be tested without.
/// All may throw models::ModelError.
class HandFinder {
public:
  HandFinder() = default;
  HandFinder(const HandFinder&) = delete;
  HandFinder& operator=(const HandFinder&) = delete;
  virtual ~HandFinder() = default;
  /// The frame that is meant from now on; it must live until the next call.
  virtual void set_frame(const video::FrameView& frame) = 0;
  /// Palms in a square of the frame; everything in frame px.
  virtual std::vector<models::PalmDetection> palms(const cv::Rect2f& area) = 0;
  /// The hand in a region of the frame.
  virtual models::HandResult hand(const models::RotatedRoi& roi) = 0;
};

/// A hand that is surely there.
struct SeenHand {
  std::vector<cv::Point3f> points{}; ///< 21, frame px
  float share = 1;                   ///< [0..1] of it that is shown: new ones come in softly
  float sure = 0;                    ///< [0..1]: 1: the network was very sure of it for many frames in a row
};

/// Finds and follows hands before faces, because what is drawn on a face must not be drawn on a hand. A hand
/// counts only when the network is very sure of it, frame after frame, when it is of a hand's size beside the
/// face, and where it was before: what is taken for a hand is shown as it is. Threads: one at a time.
class HandsInFront {
public:
  /// faces: boxes of the features of those faces that something is drawn on, frame px. Those hands that touch
  /// one.
  std::vector<SeenHand> frame(HandFinder& finder, std::span<const cv::Rect2f> faces);
  /// After a jump in the stream.
  void flush() { tracks_.clear(); }

private:
  struct HandTrack {
    models::RotatedRoi roi{};
    std::vector<cv::Point3f> points{};
    int sure = 0; ///< frames in a row that the network was very sure
    int away = 0; ///< frames in a row without a face near
  };
  static bool follow(HandFinder& finder, HandTrack& track, std::span<const cv::Rect2f> faces);
  void look_for_more(HandFinder& finder, std::span<const cv::Rect2f> faces);

  std::vector<HandTrack> tracks_{};
  int until_palms_ = 0;       ///< frames until palms are looked for again
  std::size_t next_look_ = 0; ///< which of the faces, and how far around it
};

/// Where hands lie: CV_8UC1 of the size of bounds (frame px), 255 = hand, soft at its rim: fingers a little
/// thinner than they are, so that nothing beside them shows.
cv::Mat hand_area(std::span<const SeenHand> hands, const cv::Rect& bounds);
/// SeenHand::sure of the least sure of the hands there; 0 when there are none.
float least_sure(std::span<const SeenHand> hands, const cv::Rect& bounds);

} // namespace deid::faceswap
