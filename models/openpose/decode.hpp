#pragma once
#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <vector>

namespace deid::models {

/// Which parts a bottom-up network knows, in OpenPose's order (right before left; "right" is the person's).
enum class PartSet : std::uint8_t {
  coco18, ///< 18 parts and the background, 19 limbs: 57 maps
  body25, ///< 25 parts and the background, 26 limbs: 78 maps
};

/// Two parts that a limb joins, and which of the fields holds it: channels 2 * field (x) and 2 * field + 1
/// (y).
struct Limb {
  int from;
  int to;
  int field;
  bool loose; ///< shoulder to ear: fills an ear that is still missing, never begins or joins people
};
/// OpenPose's limbs in the order people are assembled (Cao et al. 2017, 2019).
[[nodiscard]] std::span<const Limb> limbs(PartSet set);
[[nodiscard]] int part_count(PartSet set); ///< 18 or 25, without the background

/// Where an output keeps its channels: 1 x C x H x W or 1 x H x W x C.
enum class MapLayout : std::uint8_t { detect, channels_first, channels_last };
/// Which come first when one output holds both: OpenPose's and tf-pose-estimation's networks say heat maps.
enum class MapOrder : std::uint8_t { heat_first, fields_first };

/// One output of a network, row-major. Borrows the values.
struct MapTensor {
  std::span<const float> values{};
  std::vector<std::size_t> shape{}; ///< four numbers, the first 1
};

/// The maps of one picture, each CV_32FC1 of the same size. Cell (x, y) has its centre at (x + .5, y + .5).
struct PartMaps {
  PartSet set = PartSet::coco18;
  std::vector<cv::Mat> heat{};   ///< one a part, about [0..1]; the background is left out
  std::vector<cv::Mat> fields{}; ///< two a limb (x, y): unit vectors from part to part, 0 elsewhere
};

/// Sorts a network's outputs by their shapes: one with 57 or 78 channels, or two with 19 + 38 or 26 + 52 in
/// either order. Throws std::invalid_argument, with one sentence, when they fit neither set, both layouts,
/// or are not as long as their shapes say.
[[nodiscard]] PartMaps split_maps(const std::vector<MapTensor>& outputs, MapLayout layout = MapLayout::detect,
                                  MapOrder order = MapOrder::heat_first);

/// Where a peak lies between the cells.
///
/// OpenPose enlarges every map eight times with a bicubic kernel and looks for peaks there. That surface is
/// what its users know, so it is the default; but it is made only in cells that are half as high as a part
/// must be, a few of a hundred. The kernel pulls the top of an ideal Gaussian of 7 px by up to .6 px of the
/// input; `gaussian` (a parabola through the logarithms of the cells) is exact there, and misses the lower
/// of two peaks that are less than two cells apart. On a real network's maps neither places parts better:
/// when a picture was moved by 0..7 px, the parts followed with 1.06 px (bicubic) and 1.01 px rms.
enum class Refinement : std::uint8_t { bicubic, gaussian };

/// The thresholds of Cao et al. 2017.
struct DecodeOptions {
  float part_threshold = .1F;  ///< a peak of a heat map is a part from here on [0..1]
  float limb_threshold = .05F; ///< a sample of the field agrees with the limb above this [-1..1]
  float limb_share = .8F;      ///< more than this share of the samples must agree [0..1)
  int limb_samples = 10;       ///< along the limb, both ends among them [2..1000]
  int min_parts = 4;           ///< fewer parts are nobody [1..]
  float min_score = .4F;       ///< mean of the scores of a person's parts and limbs, a part [0..]
  int max_parts = 127;         ///< strongest peaks kept in one heat map [1..]; bounds the cost
  Refinement refinement = Refinement::bicubic;
};

/// One part of a person. An absent part is absent: its place means nothing.
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

/// A peak of one heat map. at: in cells, centres at + .5; score: its height.
struct PartPeak {
  cv::Point2d at{};
  float score = 0.F;
};

/// Peaks of a map (CV_32FC1, finite) that are `threshold` high or higher, placed between the cells, strongest
/// first, at most `most`.
[[nodiscard]] std::vector<PartPeak> find_peaks(const cv::Mat& map, float threshold, int most,
                                               Refinement refinement = Refinement::bicubic);

/// People in the maps, best first: peaks, line integrals over the fields, then limb by limb the best pairs
/// that are still free. map_to_frame takes a place in cells to the frame, where parts are given in px (may
/// lie outside it). Maps without cells have nobody. Throws ModelError(engine) when a map has values that are
/// not numbers, std::invalid_argument on maps of unequal size, type or number, and on options out of range.
/// Threads: any number at a time.
[[nodiscard]] std::vector<BodyPose> decode(const PartMaps& maps, const cv::Matx23f& map_to_frame,
                                           const DecodeOptions& options = {});

} // namespace deid::models
