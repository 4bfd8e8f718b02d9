#pragma once
#include "elements/meta/pose.hpp"
#include "models/hands/hands.hpp"
#include <optional>
#include <vector>

namespace deid::posedetect {

/// One arm of one person, as the body's network sees it in this frame; px. A point that is not seen is not
/// there.
struct Arm {
  std::uint32_t person = 0; ///< the person's id
  bool left = false;        ///< the person's left
  std::optional<cv::Point2f> wrist{};
  std::optional<cv::Point2f> elbow{};
  std::optional<cv::Point2f> index{}; ///< roots of the fingers (BlazePose); other networks have none
  std::optional<cv::Point2f> little{};
};

/// The arms of a person whose set knows hands (BlazePose) or wrists and elbows only; left one first.
[[nodiscard]] std::vector<Arm> arms(const Person& person);

/// The networks on the frame at hand. Both may throw models::ModelError. Not thread-safe.
class HandNetworks {
public:
  virtual ~HandNetworks() = default;
  /// Palms anywhere in the frame.
  virtual std::vector<models::PalmDetection> palms() = 0;
  /// The hand in a region.
  virtual models::HandResult hand(const models::RotatedRoi& roi) = 0;
};

struct TrackedHand {
  std::uint32_t person = 0;
  Hand hand{};
};

/// Follows the hands of people whose wrists are known. Each arm has one hand at most, and a hand belongs to
/// one arm. Where a hand is looked for, the next only when the one before found none:
///  1. where the landmarks of the frame before say (MediaPipe's tracking);
///  2. where the arm points (MediaPipe's holistic tracking), and once more where that look's landmarks say;
///  3. where the palm detector sees a palm near the wrist; it runs in every `palm_period`-th frame at most.
/// A hand counts when the network is sure of it and its wrist is near the arm's. Left and right come from the
/// arm: hands that look alike are told apart by the body, and crossing hands go to the nearer wrists.
/// No smoothing. Not thread-safe.
class HandTracker {
public:
  struct Settings {
    float presence = .5F;   ///< [0..1] a hand is one above this (MediaPipe's)
    float palm_score = .5F; ///< [0..1]
    int palm_period = 5;    ///< frames [1..]
  };
  HandTracker() = default;
  explicit HandTracker(Settings settings) : settings_(settings) {}

  /// Hands of this frame; arms without a wrist, or with points that are not numbers, have none and are
  /// forgotten. frame: its size [px].
  [[nodiscard]] std::vector<TrackedHand> update(HandNetworks& finder, const std::vector<Arm>& arms,
                                                cv::Size frame);
  /// After a jump in the stream.
  void reset();

private:
  struct Found {
    Arm arm;
    models::HandResult hand{}; ///< no points: not found yet
  };
  struct Track {
    std::uint32_t person;
    bool left;
    models::RotatedRoi roi;
  };

  [[nodiscard]] models::HandResult look(HandNetworks& finder, const models::RotatedRoi& roi,
                                        cv::Size frame) const;
  void follow(HandNetworks& finder, std::vector<Found>& all, cv::Size frame) const;
  void look_where_arms_point(HandNetworks& finder, std::vector<Found>& all, cv::Size frame) const;
  void look_for_palms(HandNetworks& finder, std::vector<Found>& all, cv::Size frame) const;

  Settings settings_{};
  std::vector<Track> tracks_;
  int until_palms_ = 0; ///< frames until the palm detector may run again
};

} // namespace deid::posedetect
