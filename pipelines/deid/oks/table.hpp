#pragma once
#include "elements/measures/coco/report.hpp"
#include <string>

namespace deid::cli {

/// The comparison for people: every rate with its counts, intervals where they were made, "n/a" where there
/// is nobody to find.
std::string table_of(const coco::Report& report);

} // namespace deid::cli
