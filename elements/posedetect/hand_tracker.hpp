#pragma once
#include "elements/meta/pose.hpp"
#include "models/hands/hands.hpp"
#include <optional>
#include <vector>

namespace deid::posedetect {

/// One arm of one person, from the body's network in this frame; px. A point that is not seen is empty.
struct Arm {
  std::uint32_t person = 0; ///< the person's id
  bool left = false;        ///< it is the person's left arm
  std::optional<cv::Point2f> wrist{};
  std::optional<cv::Point2f> elbow{};
  std::optional<cv::Point2f> index{}; ///< roots of the fingers (BlazePose); other networks have none
  std::optional<cv::Point2f> little{};
};

/// Returns a person's two arms, the left one first. Roots of fingers are set only for BlazePose.
[[nodiscard]] std::vector<Arm> arms(const Person& person);

/// The hand networks on the current frame. Both may throw models::ModelError. Not thread-safe.
class HandNetworks {
public:
  virtual ~HandNetworks() = default;
  /// Returns palms anywhere in the frame.
  virtual std::vector<models::PalmDetection> palms() = 0;
  /// Returns the hand in a region.
  virtual models::HandResult hand(const models::RotatedRoi& roi) = 0;
};

struct TrackedHand {
  std::uint32_t person = 0;
  Hand hand{};
};

/// Follows the hands of people whose wrists are known. Each arm has at most one hand, and a hand belongs to
/// one arm. The places below are tried in this order until one has a hand:
///  1. the region from the previous frame's landmarks (MediaPipe's tracking);
///  2. the region where the arm points (MediaPipe's holistic tracking), refined once by the landmarks found
///     there;
///  3. the region of a palm that the detector finds near the wrist; it runs at most in every `palm_period`-th
///     frame.
/// A hand counts when its presence is high enough and its wrist is near the arm's. The arm decides between
/// left and right, so similar hands are not confused, and crossing hands go to the nearer wrists. No
/// smoothing. Not thread-safe.
class HandTracker {
public:
  struct Settings {
    float presence = .5F;   ///< least presence of a hand [0..1] (MediaPipe's)
    float palm_score = .5F; ///< [0..1]
    int palm_period = 5;    ///< frames [1..]
  };
  HandTracker() = default;
  explicit HandTracker(Settings settings) : settings_(settings) {}

  /// Returns the hands of this frame. Arms without a wrist, or with points that are not finite, have no hand
  /// and are forgotten. frame: its size [px].
  [[nodiscard]] std::vector<TrackedHand> update(HandNetworks& finder, const std::vector<Arm>& arms,
                                                cv::Size frame);
  /// Forgets all hands, after a jump in the stream.
  void reset();

private:
  struct Found {
    Arm arm;
    models::HandResult hand{}; ///< without points: not found yet
  };
  struct Track {
    std::uint32_t person;
    bool left;
    models::RotatedRoi roi;
  };

  [[nodiscard]] models::HandResult look(HandNetworks& finder, const models::RotatedRoi& roi,
                                        cv::Size frame) const;
  /// Looks at the regions from the previous frame.
  void look_where_hands_were(HandNetworks& finder, std::vector<Found>& all, cv::Size frame) const;
  /// The tracks of one person's arms may have crossed. Each hand is given to the arm for which the sum of
  /// distances is least.
  static void uncross(std::vector<Found>& all);
  static void drop_strangers(std::vector<Found>& all);
  /// Of two arms with the same hand, the one whose wrist is nearer keeps it.
  static void part_twins(std::vector<Found>& all);
  static std::vector<Found> usable(const std::vector<Arm>& arms);
  void look_where_arms_point(HandNetworks& finder, std::vector<Found>& all, cv::Size frame) const;
  void look_for_palms(HandNetworks& finder, std::vector<Found>& all, cv::Size frame) const;
  /// Whether the palm detector runs in this frame. Call once in each frame.
  [[nodiscard]] bool palms_are_due(const std::vector<Found>& all);
  /// Keeps the regions of the next frame.
  void remember(const std::vector<Found>& all);

  Settings settings_{};
  std::vector<Track> tracks_;
  int until_palms_ = 0; ///< frames until the palm detector may run again
};

} // namespace deid::posedetect
