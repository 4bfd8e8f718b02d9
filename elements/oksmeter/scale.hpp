#pragma once
#include "elements/posefile/coco.hpp"
#include <optional>
#include <string>
#include <string_view>

namespace deid::oks {

/// What stands for s^2, the person's area, where nobody has outlined the person. Every report names it.
enum class Scale : std::uint8_t {
  keypoint_box, ///< the box around the labelled points; COCO's own rule for results
  box_053,      ///< .53 of the person's box, as xtcocotools does; near the median of outlined people
  fixed,        ///< the same for everybody
  torso,        ///< the square of the way from mid shoulder to mid hip: stricter, about a quarter of the box
};

struct ScaleRule {
  Scale scale = Scale::keypoint_box;
  double fixed = 0; ///< s [px], > 0 with Scale::fixed
};

/// "keypoint-box", "box-0.53", "fixed", "torso".
const char* to_string(Scale scale);
/// For reports: "fixed (s = 400 px)".
std::string describe(const ScaleRule& rule);
/// Throws std::invalid_argument on a name to_string() does not give.
Scale scale_named(std::string_view name);

/// s^2 [px^2] of a truth, whose own area is not looked at; box_053 takes truth.box when it has a size, else
/// the box around the points. Nothing when the points that the rule needs are not labelled. Throws
/// std::invalid_argument when fixed is not above 0.
std::optional<double> area_of(const coco::Truth& truth, const ScaleRule& rule);

/// Width times height of the box around the points with v > 0; nothing when there is none.
std::optional<coco::Box> labelled_box(const coco::Points& points);

} // namespace deid::oks
