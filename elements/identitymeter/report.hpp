#pragma once
#include "elements/identitymeter/measurement.hpp"

namespace deid::identitymeter {

/// One JSON object; every rate stands beside its counts, what was not measured is null. No descriptors.
std::string to_json(const Summary& summary);

/// Whole or not at all. Throws WriteError.
void write_report(const std::filesystem::path& file, const Summary& summary);

} // namespace deid::identitymeter
