#pragma once
#include "elements/meta/pose.hpp"
#include "elements/oksmeter/scale.hpp"
#include "elements/posefile/coco.hpp"
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

/// People of our frames as COCO's truths and detections.
namespace deid::oks {

struct PeopleRule {
  ScaleRule scale{};
  float min_score = 0; ///< [0..1) a point whose score is not above it is absent
};

/// What could not take part, counted.
struct LeftOut {
  std::size_t without_points = 0; ///< people with no COCO point: nothing to find, nothing to score
  std::size_t without_scale = 0;  ///< truths whose scale needs points they do not have: ignored in the scores
  std::size_t zero_area = 0;      ///< truths whose file gives the area 0: only equal points score above 0
  std::size_t annotations = 0;    ///< of COCO files: entries whose image or category is not listed
  std::size_t frames_only_original = 0,
              frames_only_deidentified = 0; ///< frames without a partner; scored, too
};

/// The people of the original. id and image_id: Person::id, as given. An absent point has v 0. A person
/// without a scale stays as `empty`, so that whoever is matched to it is ignored, too.
std::vector<coco::Truth> truths_of(const PoseFrame& frame, std::int64_t image_id, const PeopleRule& rule,
                                   LeftOut& left_out);

/// The people of the de-identified frame. An absent point is infinitely far away: similarity 0, whichever way
/// its file spelt it. The area is the box around the present points.
std::vector<coco::Detection> detections_of(const PoseFrame& frame, std::int64_t image_id,
                                           const PeopleRule& rule, LeftOut& left_out);

/// A truth and the detection most like it: indices into what pair_up() was given.
struct Pair {
  std::size_t truth = 0, detection = 0;
  double oks = 0; ///< [0..1]
};

/// Pairs people by OKS, the most alike first, each once; ignored truths (crowd, empty) take part. No
/// threshold: as many pairs as the smaller side has people. Only within a category.
std::vector<Pair> pair_up(std::span<const coco::Truth> truths, std::span<const coco::Detection> detections);

/// Finds out who the patient is: whose box has the largest median area, of those seen in at least a tenth of
/// the frames that have anybody. Not thread-safe.
class PrimaryPerson {
public:
  void add(const PoseFrame& frame);
  [[nodiscard]] std::optional<std::uint32_t> id() const; ///< nothing when nobody was seen

private:
  std::map<std::uint32_t, std::vector<float>> areas_{}; ///< by Person::id
  std::size_t frames_ = 0;
};

/// Keeps of one frame the truth with this id, and the detection that pair_up() gives it among everybody.
void keep_only(std::int64_t id, std::vector<coco::Truth>& truths, std::vector<coco::Detection>& detections);

} // namespace deid::oks
