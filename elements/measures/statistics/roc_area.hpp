#pragma once
#include <optional>
#include <span>

namespace deid::statistics {

/// Area under the ROC curve [0..1]: the probability that a distance of `own` is smaller than a distance of
/// `other`. Equal distances count half. 1 means always recognised, .5 means chance. Returns nothing when a
/// list is empty.
std::optional<double> roc_area(std::span<const double> own, std::span<const double> other);

} // namespace deid::statistics
