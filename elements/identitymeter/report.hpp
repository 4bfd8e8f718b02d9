#pragma once
#include "elements/identitymeter/measurement.hpp"

namespace deid::identitymeter {

/// Returns one JSON object without descriptors. Counts stand beside every rate; a value that was not measured
/// is null.
std::string to_json(const Summary& summary);

/// Writes the report whole or not at all. Throws WriteError.
void write_report(const std::filesystem::path& file, const Summary& summary);

} // namespace deid::identitymeter
