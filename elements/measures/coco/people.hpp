#pragma once
#include "elements/measures/coco/scale.hpp"
#include "elements/measures/keypoint_files/coco.hpp"
#include "elements/meta/pose.hpp"
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

/// Converts people of our frames into COCO's truths and detections.
namespace deid::coco {

struct PeopleRule {
  ScaleRule scale{};
  float min_score = 0; ///< [0..1) a point is absent when its score is not above this
};

/// Counts of data that were left out.
struct LeftOut {
  std::size_t without_points = 0; ///< people without any COCO point
  std::size_t without_scale = 0;  ///< truths without the points that the scale needs; ignored in the scores
  std::size_t zero_area = 0;      ///< truths with area 0 in the file; only identical points score above 0
  std::size_t annotations = 0;    ///< entries of COCO files with an unlisted image or category
  std::size_t frames_only_original = 0,
              frames_only_deidentified = 0; ///< frames without a partner; they are scored
};

/// Returns the people of the original as truths. The id is Person::id. An absent point has v 0. A person
/// without a scale becomes an `empty` truth, so that a detection matched to it is ignored, too.
std::vector<Truth> truths_of(const PoseFrame& frame, std::int64_t image_id, const PeopleRule& rule,
                             LeftOut& left_out);

/// Returns the people of the de-identified frame as detections. An absent point lies infinitely far away, so
/// its similarity is 0. The area is the area of the box around the present points.
std::vector<Detection> detections_of(const PoseFrame& frame, std::int64_t image_id, const PeopleRule& rule,
                                     LeftOut& left_out);

/// A truth and the detection paired with it: indices into the arguments of pair_up().
struct Pair {
  std::size_t truth = 0, detection = 0;
  double oks = 0; ///< [0..1]
};

/// Pairs people of one category by OKS. The most similar pair is taken first; each person is in at most one
/// pair. Ignored truths (crowd, empty) take part. There is no threshold: the smaller side is paired
/// completely.
std::vector<Pair> pair_up(std::span<const Truth> truths, std::span<const Detection> detections);

/// Finds the patient: the person whose box has the largest median area. Only people seen in at least a tenth
/// of the frames with people count. Not thread-safe.
class PrimaryPerson {
public:
  void add(const PoseFrame& frame);
  [[nodiscard]] std::optional<std::uint32_t> id() const; ///< nothing when no person was seen

private:
  std::map<std::uint32_t, std::vector<float>> areas_{}; ///< by Person::id
  std::size_t frames_ = 0;
};

/// Keeps one frame's truth with this id and the detection that pair_up() pairs it with. Removes all others.
void keep_only(std::int64_t id, std::vector<Truth>& truths, std::vector<Detection>& detections);

} // namespace deid::coco
