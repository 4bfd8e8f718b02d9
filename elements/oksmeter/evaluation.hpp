#pragma once
#include "elements/posefile/coco.hpp"
#include <array>
#include <cstdint>
#include <span>
#include <vector>

/// COCO's keypoint measure as pycocotools 2.0.11 computes it (COCOeval, iouType "keypoints"; Ronchi and
/// Perona 2017 for its meaning). Doubles everywhere; OKS sums in numpy's order.
namespace deid::oks {

constexpr std::size_t threshold_count = 10, recall_count = 101, range_count = 3;
constexpr std::size_t most_detections = 20; ///< of an image and category, by score

/// numpy.linspace(.5, .95, 10): all are the decimal literals but [8], which is 0.8999999999999999.
const std::array<double, threshold_count>& thresholds();
/// numpy.linspace(0, 1, 101): i * 0.01 as a double product, so that some lie just above i / 100.
const std::array<double, recall_count>& recall_points();

/// Which people count: those whose area is in [low, high], px^2. COCO has no "small" for keypoints.
enum Range : std::uint8_t { all = 0, medium = 1, large = 2 };

/// exp(-d^2 / (2 s^2 kappa^2)) of each of COCO's 17 points, d px apart, s^2 = truth.area [0..1]. A truth
/// without labelled points: d is the distance to its box, doubled in size. Points that are not labelled are
/// given, too, unless none is.
std::array<double, coco::point_count> similarities(const coco::Truth& truth, const coco::Points& detected);

/// Their mean over the labelled points, all 17 when none is [0..1].
double oks(const coco::Truth& truth, const coco::Points& detected);

/// OKS of every pair of one image and category.
struct ImageOks {
  std::int64_t image_id = 0, category_id = 0;
  std::vector<std::int64_t> detections{}; ///< ids, best score first, at most 20
  std::vector<std::int64_t> truths{};     ///< ids, in the order given
  std::vector<double> values{};           ///< [detection][truth]
};

/// Who was matched to whom, of all areas.
struct ImageMatches {
  std::int64_t image_id = 0, category_id = 0;
  std::vector<std::int64_t> detections{};    ///< ids, best score first, at most 20
  std::vector<std::int64_t> truths{};        ///< ids, ignored ones last
  std::vector<bool> truth_ignored{};         ///< in that order
  std::vector<std::int64_t> matched_truth{}; ///< [threshold][detection], 0 for none
  std::vector<bool> detection_ignored{};     ///< [threshold][detection]
};

/// AP and AR; -1 where there is nobody to find.
struct Scores {
  std::array<double, 10>
      stats{};                 ///< AP, AP50, AP75, APm, APl, AR, AR50, AR75, ARm, ARl, as pycocotools prints
  double ap95 = -1, ar95 = -1; ///< of all areas at .95, which the paper prints and pycocotools does not
  std::array<std::array<double, threshold_count>, range_count> ap{}, ar{}; ///< [Range][threshold]
};

/// What was counted; every rate stands beside its counts.
struct Counts {
  std::size_t frames = 0;
  std::size_t frames_with_nobody = 0;               ///< neither truth nor detection
  std::size_t truths = 0;                           ///< people to find: not ignored
  std::size_t ignored_truths = 0;                   ///< crowds and people without a labelled point
  std::size_t detections = 0;                       ///< beyond the 20 best of a frame none is counted
  std::array<std::size_t, threshold_count> found{}; ///< truths with a detection at OKS >= threshold
  std::array<std::size_t, threshold_count> wrong{}; ///< detections that found nobody and are not ignored
};

/// What the matching of one detection gave, kept for AP and for resampling. Bit t stands for threshold t.
struct ScoredDetection {
  double score = 0;
  std::uint32_t frame = 0;                        ///< index of the call of add()
  std::array<std::uint16_t, range_count> found{}; ///< matched to somebody
  std::array<std::uint16_t, range_count> ignored{};
};

/// All of one category.
struct CategoryRecord {
  std::vector<ScoredDetection> detections{};                    ///< in the order of the frames
  std::vector<std::array<std::uint32_t, range_count>> truths{}; ///< a frame: how many are to be found
  bool seen = false;                                            ///< any truth or detection at all
};

/// Frames go in one at a time, scores come out at the end. Not thread-safe.
class Evaluation {
public:
  /// categories: ids, ascending; whoever has another is passed over, as pycocotools does.
  /// keep_pairs: keep images() and matches(), some 300 bytes a frame and more.
  explicit Evaluation(std::vector<std::int64_t> categories = {1}, bool keep_pairs = false);

  /// One frame. Frames are to come in ascending order of image_id, because equal scores are ranked by the
  /// order of frames. Truth ids are not to be 0: pycocotools, and so this, takes them for no match.
  void add(std::int64_t image_id, std::span<const coco::Truth> truths,
           std::span<const coco::Detection> detections);

  [[nodiscard]] Scores scores() const;
  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] std::span<const CategoryRecord> records() const { return records_; }
  [[nodiscard]] std::span<const ImageOks> images() const { return images_; } ///< where there are both
  /// Where there is either; one list a category, each in the order of the frames.
  [[nodiscard]] std::span<const std::vector<ImageMatches>> matches() const { return matches_; }

private:
  std::vector<std::int64_t> categories_;
  bool keep_pairs_;
  std::vector<CategoryRecord> records_;            ///< one a category
  std::vector<std::vector<ImageMatches>> matches_; ///< one a category
  std::vector<ImageOks> images_{};
  Counts counts_{};
};

} // namespace deid::oks
