#pragma once
#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <vector>

namespace deid::models {

/// The parts of a bottom-up network, in OpenPose's order (right before left; "right" is the person's).
enum class PartSet : std::uint8_t {
  coco18, ///< 18 parts and the background, 19 limbs: 57 maps
  body25, ///< 25 parts and the background, 26 limbs: 78 maps
};

/// A limb joins two parts. `field` says where its vectors are: channels 2 * field (x) and 2 * field + 1 (y).
struct Limb {
  int from;
  int to;
  int field;
  bool loose; ///< shoulder to ear: may add a missing ear; never starts a person or joins two
};
/// OpenPose's limbs in the order of assembly (Cao et al. 2017, 2019).
[[nodiscard]] std::span<const Limb> limbs(PartSet set);
[[nodiscard]] int part_count(PartSet set); ///< 18 or 25, without the background

/// An output's order of channels: 1 x C x H x W or 1 x H x W x C.
enum class MapLayout : std::uint8_t { detect, channels_first, channels_last };
/// Which maps come first in an output that holds both. In OpenPose's and tf-pose-estimation's networks the
/// heat maps do.
enum class MapOrder : std::uint8_t { heat_first, fields_first };

/// One output of a network, row-major. Does not own the values.
struct MapTensor {
  std::span<const float> values{};
  std::vector<std::size_t> shape{}; ///< four numbers, the first 1
};

/// The maps of one picture, each CV_32FC1 of the same size. Cell (x, y) has its centre at (x + .5, y + .5).
struct PartMaps {
  PartSet set = PartSet::coco18;
  std::vector<cv::Mat> heat{};   ///< one map a part, about [0..1]; without the background
  std::vector<cv::Mat> fields{}; ///< two maps a limb (x, y): unit vectors from part to part, 0 elsewhere
};

/// Sorts a network's outputs by their shapes: one output with 57 or 78 channels, or two with 19 + 38 or 26 +
/// 52 in either order. Throws std::invalid_argument with one sentence when they fit neither set, fit both
/// layouts, or are not as long as their shapes say.
[[nodiscard]] PartMaps split_maps(const std::vector<MapTensor>& outputs, MapLayout layout = MapLayout::detect,
                                  MapOrder order = MapOrder::heat_first);

/// How a peak is placed between the cells.
/// bicubic (default): OpenPose enlarges every map eight times with a bicubic kernel and searches the peaks
/// there; its users know these positions. We enlarge only cells with at least half of a part's threshold, a
/// few in a hundred. The kernel moves the top of an ideal Gaussian of 7 px by up to .6 px of the input.
/// gaussian: a parabola through the logarithms of the cells. It is exact for a Gaussian, but misses the lower
/// of two peaks that are less than two cells apart.
/// On a real network's maps both are equally good: when a picture was moved by 0..7 px, the parts followed
/// with an error of 1.06 px (bicubic) and 1.01 px (gaussian) rms.
enum class Refinement : std::uint8_t { bicubic, gaussian };

/// The thresholds of Cao et al. 2017.
struct DecodeOptions {
  float part_threshold = .1F;  ///< least height of a part's peak in the heat map [0..1]
  float limb_threshold = .05F; ///< a sample of the field agrees with the limb above this [-1..1]
  float limb_share = .8F;      ///< more than this share of the samples must agree [0..1)
  int limb_samples = 10;       ///< along the limb, both ends included [2..1000]
  int min_parts = 4;           ///< least parts of a person [1..]
  float min_score = .4F;       ///< least mean score of a person's parts and limbs, per part [0..]
  int max_parts = 127;         ///< strongest peaks kept of one heat map [1..]; bounds the cost
  Refinement refinement = Refinement::bicubic;
};

/// One part of a person. `at` and `score` of an absent part mean nothing.
struct BodyPart {
  cv::Point2f at{};
  float score = 0.F; ///< height of the peak [0..1]
  bool present = false;
};

/// A person with all parts of the set, present or not. score: mean of the present parts' [0..1].
struct BodyPose {
  std::vector<BodyPart> parts{};
  float score = 0.F;
};

/// A peak of one heat map. at: cells, centres at + .5. score: its height.
struct PartPeak {
  cv::Point2d at{};
  float score = 0.F;
};

/// Returns the peaks of a map (CV_32FC1, finite) with at least the height `threshold`, placed between the
/// cells, strongest first, at most `most`.
[[nodiscard]] std::vector<PartPeak> find_peaks(const cv::Mat& map, float threshold, int most,
                                               Refinement refinement = Refinement::bicubic);

/// Returns the people in the maps, best first. It finds peaks, integrates the fields along the lines, and
/// joins the best free pairs limb by limb. map_to_frame maps cells to the frame; parts are in frame px and
/// may lie outside. Maps without cells have nobody. Throws ModelError(engine) when a value is not finite,
/// std::invalid_argument on maps of unequal size, type or number and on options out of range. Threads: any
/// number at a time.
[[nodiscard]] std::vector<BodyPose> decode(const PartMaps& maps, const cv::Matx23f& map_to_frame,
                                           const DecodeOptions& options = {});

} // namespace deid::models
