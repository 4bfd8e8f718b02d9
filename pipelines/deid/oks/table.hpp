#pragma once
#include "elements/measures/coco/report.hpp"
#include <string>

namespace deid::cli {

/// Returns the comparison as text: every rate with its counts, and intervals if they were made. "n/a" means
/// that there is nobody to find.
std::string table_of(const coco::Report& report);

} // namespace deid::cli
