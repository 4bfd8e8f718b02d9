#pragma once
#include "elements/video/frame_view.hpp"
#include "models/hands/hands.hpp"
#include <span>
#include <vector>

namespace deid::faceswap {

/// The networks of hands on one frame. A seam: tests need no network. All functions may throw
/// models::ModelError.
class HandFinder {
public:
  HandFinder() = default;
  HandFinder(const HandFinder&) = delete;
  HandFinder& operator=(const HandFinder&) = delete;
  virtual ~HandFinder() = default;
  /// Sets the frame that the other functions look at. The frame must live until the next call.
  virtual void set_frame(const video::FrameView& frame) = 0;
  /// Returns the palms in a square of the frame. All values are frame px.
  virtual std::vector<models::PalmDetection> palms(const cv::Rect2f& area) = 0;
  /// Returns the hand in a region of the frame.
  virtual models::HandResult hand(const models::RotatedRoi& roi) = 0;
};

/// A hand of which the network is sure.
struct SeenHand {
  std::vector<cv::Point3f> points{}; ///< 21, frame px
  float share = 1;                   ///< weight with which the hand is shown, [0..1]; a new hand fades in
  float sure = 0;                    ///< [0..1]; 1: the network was very sure for many frames in a row
};

/// Finds and follows hands before faces, because the swap must not be drawn on a hand. A hand is shown as it
/// is, so a hand counts only when the network is very sure frame after frame, when its size fits the face,
/// and when it is where it was before. Thread: one at a time.
class HandsInFront {
public:
  /// Returns the hands of the next frame that touch one of the faces. faces: boxes of the landmarks of the
  /// faces that something is drawn on, frame px.
  std::vector<SeenHand> frame(HandFinder& finder, std::span<const cv::Rect2f> faces);
  /// Forgets all hands after a jump in the stream.
  void flush() { tracks_.clear(); }

private:
  struct HandTrack {
    models::RotatedRoi roi{};
    std::vector<cv::Point3f> points{};
    int sure = 0; ///< frames in a row in which the network was very sure
    int away = 0; ///< frames in a row without a face nearby
  };
  static bool follow(HandFinder& finder, HandTrack& track, std::span<const cv::Rect2f> faces);
  void look_for_more(HandFinder& finder, std::span<const cv::Rect2f> faces);

  std::vector<HandTrack> tracks_{};
  int until_palms_ = 0;       ///< frames until palms are looked for again
  std::size_t next_look_ = 0; ///< selects the face, and the square around the face, for the next search
};

/// Returns where hands lie: CV_8UC1 of the size of bounds (frame px), 255 on a hand, soft at the rim. Fingers
/// are drawn a little thinner than they are, so that nothing beside them shows.
cv::Mat hand_area(std::span<const SeenHand> hands, const cv::Rect& bounds);
/// Returns SeenHand::sure of the least sure hand there; 0 when there is no hand.
float least_sure(std::span<const SeenHand> hands, const cv::Rect& bounds);

} // namespace deid::faceswap
