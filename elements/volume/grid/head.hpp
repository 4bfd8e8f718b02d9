#pragma once
#include "elements/volume/grid/field.hpp"

/// The steps of head_of(), for a caller that needs them one by one.
namespace deid::volume {

/// The value that a head is brighter than: .45 of Otsu's value above the darkest. Fat and muscle are darker
/// than the brain's white matter.
[[nodiscard]] float head_limit(const Field& field);

/// The largest connected part that is brighter than `limit`, closed by `closing` cells, without holes.
[[nodiscard]] Mask head_above(const Field& field, float limit, int closing);

} // namespace deid::volume
