#pragma once
#include "elements/mriremodel/remodel.hpp"
#include <string>

namespace deid::mriremodel {

/// The report as one JSON object, with a line feed at the end. Names, the seed and descriptors are not in it.
[[nodiscard]] std::string to_json(const Report& report);

} // namespace deid::mriremodel
