#pragma once
#include "elements/measures/keypoint_files/coco.hpp"
#include <array>
#include <cstdint>
#include <span>
#include <vector>

/// COCO's keypoint measure as pycocotools 2.0.11 computes it (COCOeval, iouType "keypoints"). Ronchi and
/// Perona 2017 explain it. All numbers are doubles. OKS is summed in numpy's order, so that the last bits are
/// equal.
namespace deid::coco {

constexpr std::size_t threshold_count = 10, recall_count = 101, range_count = 3;
constexpr std::size_t most_detections = 20; ///< the best by score of an image and category

/// numpy.linspace(.5, .95, 10). Value [8] is 0.8999999999999999; the others equal their decimal literals.
const std::array<double, threshold_count>& thresholds();
/// numpy.linspace(0, 1, 101). Each value is the double product i * 0.01, so some lie just above i / 100.
const std::array<double, recall_count>& recall_points();

/// Selects people by area [px^2]. COCO has no "small" for keypoints.
enum Range : std::uint8_t { all = 0, medium = 1, large = 2 };

/// Returns exp(-d^2 / (2 s^2 kappa^2)) [0..1] of each of COCO's 17 points; d is the distance in px, s^2 is
/// truth.area. The result also holds values of unlabelled points. When no point is labelled, d is the
/// distance to the truth's box of double size.
std::array<double, point_count> similarities(const Truth& truth, const Points& detected);

/// Mean similarity of the labelled points [0..1]; of all 17 points when none is labelled.
double oks(const Truth& truth, const Points& detected);

/// OKS of every pair of one image and category.
struct ImageOks {
  std::int64_t image_id = 0, category_id = 0;
  std::vector<std::int64_t> detections{}; ///< ids, best score first, at most 20
  std::vector<std::int64_t> truths{};     ///< ids, in the order given
  std::vector<double> values{};           ///< [detection][truth]
};

/// The matches of one image and category, for people of all areas.
struct ImageMatches {
  std::int64_t image_id = 0, category_id = 0;
  std::vector<std::int64_t> detections{};    ///< ids, best score first, at most 20
  std::vector<std::int64_t> truths{};        ///< ids, ignored ones last
  std::vector<bool> truth_ignored{};         ///< in that order
  std::vector<std::int64_t> matched_truth{}; ///< [threshold][detection], 0 for none
  std::vector<bool> detection_ignored{};     ///< [threshold][detection]
};

/// AP and AR. A value is -1 when there is no person to find.
struct Scores {
  std::array<double, 10> stats{}; ///< AP, AP50, AP75, APm, APl, AR, AR50, AR75, ARm, ARl: pycocotools' output
  double ap95 = -1, ar95 = -1;    ///< at threshold .95, all areas; the paper has them, pycocotools does not
  std::array<std::array<double, threshold_count>, range_count> ap{}, ar{}; ///< [Range][threshold]
};

/// The counts behind the rates.
struct Counts {
  std::size_t frames = 0;
  std::size_t frames_with_nobody = 0;               ///< neither truth nor detection
  std::size_t truths = 0;                           ///< people to find; ignored people are not counted here
  std::size_t ignored_truths = 0;                   ///< crowds and people without a labelled point
  std::size_t detections = 0;                       ///< at most the 20 best of a frame
  std::array<std::size_t, threshold_count> found{}; ///< truths with a detection at OKS >= threshold
  std::array<std::size_t, threshold_count> wrong{}; ///< detections that match no truth and are not ignored
};

/// The match result of one detection, kept for AP and for resampling. Bit t belongs to threshold t.
struct ScoredDetection {
  double score = 0;
  std::uint32_t frame = 0;                        ///< index of the call of add()
  std::array<std::uint16_t, range_count> found{}; ///< matched to a truth
  std::array<std::uint16_t, range_count> ignored{};
};

/// All of one category.
struct CategoryRecord {
  std::vector<ScoredDetection> detections{};                    ///< in the order of the frames
  std::vector<std::array<std::uint32_t, range_count>> truths{}; ///< for each frame: number of people to find
  bool seen = false;                                            ///< any truth or detection at all
};

/// Takes one frame at a time and computes the scores at the end. Not thread-safe.
class Evaluation {
public:
  /// categories: ids in ascending order. People of other categories are ignored, as in pycocotools.
  /// keep_pairs: keeps images() and matches(), which takes 300 bytes a frame or more.
  explicit Evaluation(std::vector<std::int64_t> categories = {1}, bool keep_pairs = false);

  /// Adds one frame. Requires: image_id ascends from call to call, because equal scores are ranked by frame
  /// order; no truth has id 0, because pycocotools reads id 0 as "no match".
  void add(std::int64_t image_id, std::span<const Truth> truths, std::span<const Detection> detections);

  [[nodiscard]] Scores scores() const;
  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] std::span<const CategoryRecord> records() const { return records_; }
  [[nodiscard]] std::span<const ImageOks> images() const {
    return images_;
  } ///< images with truths and detections
  /// Images with truths or detections; one list for each category, in frame order.
  [[nodiscard]] std::span<const std::vector<ImageMatches>> matches() const { return matches_; }

private:
  /// Adds the frame's people of category `c`, an index. Returns whether the frame has any.
  bool add_category(std::size_t c, std::uint32_t frame, std::int64_t image_id, std::span<const Truth> truths,
                    std::span<const Detection> detections);

  std::vector<std::int64_t> categories_;
  bool keep_pairs_;
  std::vector<CategoryRecord> records_;            ///< one a category
  std::vector<std::vector<ImageMatches>> matches_; ///< one a category
  std::vector<ImageOks> images_{};
  Counts counts_{};
};

} // namespace deid::coco
