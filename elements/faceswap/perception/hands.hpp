#pragma once
#include "elements/video/frame_view.hpp"
#include "models/hands/hands.hpp"
#include <span>
#include <utility>
#include <vector>

namespace deid::faceswap {

/// Interface to the hand networks on one frame, so that tests need no network. All functions may throw
/// models::ModelError.
class HandFinder {
public:
  HandFinder() = default;
  HandFinder(const HandFinder&) = delete;
  HandFinder& operator=(const HandFinder&) = delete;
  virtual ~HandFinder() = default;
  /// Sets the frame for the other functions. Requires: the frame lives until the next call.
  virtual void set_frame(const video::FrameView& frame) = 0;
  /// Returns the palms in a square of the frame. All values are frame px.
  virtual std::vector<models::PalmDetection> palms(const cv::Rect2f& area) = 0;
  /// Returns a square of the frame as a small grey picture (CV_8UC1), to see whether something moved there;
  /// an empty picture when the finder cannot tell.
  virtual cv::Mat glance(const cv::Rect2f& area) const {
    (void)area;
    return {};
  }
  /// Begins the same, beside the caller's work where the finder can.
  virtual void begin_palms(const cv::Rect2f& area) { found_ = palms(area); }
  /// Waits for the palms of begin_palms() and returns them; returns none when nothing was begun.
  virtual std::vector<models::PalmDetection> begun_palms() { return std::exchange(found_, {}); }
  /// Returns the hand in a region of the frame.
  virtual models::HandResult hand(const models::RotatedRoi& roi) = 0;

private:
  std::vector<models::PalmDetection> found_{};
};

/// A hand with a high presence.
struct SeenHand {
  std::vector<cv::Point3f> points{}; ///< 21, frame px
  float share = 1;                   ///< weight with which the hand is shown, [0..1]; a new hand fades in
  float sure = 0;                    ///< [0..1]; 1: the network was very sure for many frames in a row
};

/// Detects and tracks hands in front of faces, because the swap must not be drawn on a hand. A hand is shown
/// unchanged. So a hand counts only when its presence is high in consecutive frames, its size fits the face,
/// and it is near its previous place. Thread: one at a time.
class HandsInFront {
public:
  /// Returns the hands of the next frame that touch one of the faces. faces: boxes of the landmarks of the
  /// faces that something is drawn on, frame px. beside: palms are searched for beside the caller's work, and
  /// count one frame later.
  std::vector<SeenHand> frame(HandFinder& finder, std::span<const cv::Rect2f> faces, bool beside = false);
  /// Forgets all hands after a jump in the stream.
  void flush() {
    tracks_.clear();
    searched_.clear();
    stale_ = true;
  }

private:
  struct HandTrack {
    models::RotatedRoi roi{};
    std::vector<cv::Point3f> points{};
    int sure = 0; ///< frames in a row in which the network was very sure
    int away = 0; ///< frames in a row without a face nearby
  };
  /// A square around a face, as the last search for palms saw it.
  struct Searched {
    cv::Mat glance{};
    int skipped = 0; ///< searches left out since then
  };
  static bool follow(HandFinder& finder, HandTrack& track, std::span<const cv::Rect2f> faces);
  void look_for_more(HandFinder& finder, std::span<const cv::Rect2f> faces, bool beside);
  bool still(const HandFinder& finder, const cv::Rect2f& square, std::size_t look, std::size_t squares);
  void add(HandFinder& finder, const std::vector<models::PalmDetection>& palms,
           std::span<const cv::Rect2f> faces);

  std::vector<HandTrack> tracks_{};
  int until_palms_ = 0;              ///< frames until the next palm detection
  std::vector<Searched> searched_{}; ///< one for each square of each face
  bool stale_ = false;               ///< the palms that were begun are of a picture before a jump
  std::size_t next_look_ = 0; ///< selects the face, and the square around the face, for the next search
};

/// Returns the mask of the hands: CV_8UC1 of the size of bounds (frame px), 255 on a hand, soft at the rim.
/// Fingers are a little thinner in the mask, so that no pixel beside them shows.
cv::Mat hand_area(std::span<const SeenHand> hands, const cv::Rect& bounds);
/// Returns the smallest SeenHand::sure of the hands there; 0 without a hand.
float least_sure(std::span<const SeenHand> hands, const cv::Rect& bounds);

} // namespace deid::faceswap
