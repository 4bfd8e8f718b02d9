#pragma once
#include "elements/meta/pose.hpp"
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deid::kinematics {

/// The person in one frame of one stream. An empty list means "not detected".
struct View {
  std::vector<Keypoint> points{};  ///< in the order of the series' set; empty when the person was not seen
  std::vector<Hand> hands{};       ///< 21 points each
  std::vector<cv::Point2f> face{}; ///< the 468 points of the face mesh [px], or empty
};

/// A frame that both streams have.
struct PairedFrame {
  std::int64_t pts = 0; ///< PTS of the original [ns]; must rise from frame to frame
  View original{};
  View deidentified{};
};

/// One person in two streams, in the order of time.
struct PairedSeries {
  KeypointSet set = KeypointSet::blazepose33;
  std::vector<PairedFrame> frames{};
  std::size_t only_original = 0;     ///< frames without a partner in the de-identified stream
  std::size_t only_deidentified = 0; ///< frames without a partner in the original stream
};

/// Settings of all measures. Limits marked "proposal" have no published source.
struct Settings {
  float threshold = 0.F;        ///< a point counts when its score is above this [0..1]
  double max_gap = .25;         ///< s; a longer gap splits a signal and is not interpolated
  double band_low = 2;          ///< Hz, tremor band [> 0] (VisionMD's hand tremor task)
  double band_high = 10;        ///< Hz [> band_low]
  double window = 4;            ///< s of one spectrum; .25 Hz between its lines
  double alpha = .05;           ///< of the coherence's significance
  double frequency_limit = .25; ///< Hz; tremor is preserved up to this difference (proposal)
  double amplitude_limit = .1;  ///< share; and up to this change of the amplitude (proposal)
  double coherence_limit = .9;  ///< and from this coherence on (proposal)
  double prominence = 10;       ///< peak over median of the spectrum from which there is a rhythm (proposal)
  double still_travel = .02;    ///< torso lengths in .5 s; less is standing still (proposal)
  double min_move = .05;        ///< of the unit of a distance; smaller movements are no taps (proposal)
  double pause = 1.5;           ///< a cycle longer than this many median cycles is a pause (proposal)
  double max_lag = 1;           ///< s; largest lag that is searched
  double swap_floor = .05;      ///< torso lengths; smaller distances are no swap of sides (proposal)
  double blink_share = .7;      ///< of the median eye opening; below it the eye is closed (proposal)
  double longest_blink = .5;    ///< s; a longer closing is no blink (proposal)
};
/// Throws std::invalid_argument with a sentence that names a setting out of range.
void check(const Settings& settings);

/// The places of one point in both streams at one time.
struct Sample {
  double t = 0; ///< s since the first usable frame
  cv::Point2d original{};
  cv::Point2d deidentified{};
};
/// Samples of a point at the times when both streams have it, in order of time.
using Track = std::vector<Sample>;

/// One figure of the body at a time when both streams have its points.
struct Reading {
  double t = 0; ///< s since the first usable frame
  double original = 0, deidentified = 0;
};
using Readings = std::vector<Reading>;

/// Counts of data that were left out before measuring.
struct Exclusions {
  std::size_t frames = 0;  ///< used
  std::size_t untimed = 0; ///< negative pts, or pts that did not rise: left out
  std::size_t not_finite_original =
      0; ///< points with NaN, infinite or impossible (> 1e6 px) coordinates; taken as absent
  std::size_t not_finite_deidentified = 0;
  std::size_t below_threshold_original =
      0; ///< present points with a score below the threshold; taken as absent
  std::size_t below_threshold_deidentified = 0;
};

/// A cleaned series. Times rise, lists of body points have full length, and every present point can be
/// measured. BODY_25 is added, because it names all points that the measures need. The constructor throws
/// std::invalid_argument when a list is neither empty nor as long as the set.
class CleanSeries {
public:
  struct Side {
    std::vector<Keypoint> points{};               ///< of the series' set
    std::vector<Keypoint> body{};                 ///< BODY_25
    std::array<std::vector<Keypoint>, 2> hands{}; ///< left, right: 21 points or empty
    std::vector<cv::Point2f> face{};              ///< 468 finite points or empty
  };
  struct Frame {
    double t = 0;
    Side original{}, deidentified{};
  };

  CleanSeries(const PairedSeries& series, const Settings& settings);

  [[nodiscard]] KeypointSet set() const { return set_; }
  [[nodiscard]] const std::vector<Frame>& frames() const { return frames_; }
  [[nodiscard]] const Exclusions& exclusions() const { return exclusions_; }
  /// Median time between frames [s]; 0 with fewer than two frames.
  [[nodiscard]] double interval() const { return interval_; }
  /// Median torso length of the original [px], from mid shoulder to mid hip; 0 when it was never seen.
  [[nodiscard]] double torso() const { return torso_; }

private:
  KeypointSet set_;
  std::vector<Frame> frames_{};
  Exclusions exclusions_{};
  double interval_ = 0;
  double torso_ = 0;
};

/// Index of a BODY_25 point. Throws std::invalid_argument on a name that BODY_25 does not have.
std::size_t body_index(std::string_view name);
/// "left_wrist" as "left wrist".
std::string spoken(std::string_view name);
/// The readings' times.
std::vector<double> times_of(const Readings& readings);

} // namespace deid::kinematics
