#pragma once
#include "elements/measures/keypoint_files/coco.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace deid::coco {

/// How s^2, the person's area, is estimated when the person has no outline. Every report names the rule.
enum class Scale : std::uint8_t {
  keypoint_box, ///< area of the box around the labelled points; COCO's own rule for results
  box_053, ///< .53 of the area of the person's box, as in xtcocotools; near the median of outlined people
  fixed,   ///< the same value for all people
  torso,   ///< squared distance from mid shoulder to mid hip; stricter, about a quarter of the box
};

struct ScaleRule {
  Scale scale = Scale::keypoint_box;
  double fixed = 0; ///< s [px], > 0 with Scale::fixed
};

/// "keypoint-box", "box-0.53", "fixed", "torso".
const char* to_string(Scale scale);
/// The rule for reports, e.g. "fixed (s = 400 px)".
std::string describe(const ScaleRule& rule);
/// Throws std::invalid_argument when to_string() gives no such name.
Scale scale_named(std::string_view name);

/// Returns s^2 [px^2] of a truth by the rule; truth.area is not used. box_053 uses truth.box when it has a
/// size, else the box around the points. Returns nothing when the rule needs points that are not labelled.
/// Throws std::invalid_argument when fixed is not above 0.
std::optional<double> area_of(const Truth& truth, const ScaleRule& rule);

/// The box around the points with v > 0; nothing when there is no such point.
std::optional<Box> labelled_box(const Points& points);

} // namespace deid::coco
