#pragma once
#include "elements/measures/kinematics/results.hpp"
#include <nlohmann/json_fwd.hpp>
#include <ostream>

namespace deid::kinematics {

/// {"about": …, "settings": …, "excluded": …, "<group>": {"<part>": {"<measure>": …}}}. A figure of both
/// streams is {"unit", "n", "original", "deidentified", "difference"}. A figure that compares the streams is
/// {"unit", "n", "value"}. A missing figure is {"value": null, "why": "…"}.
nlohmann::json report_of(const Results& results);
/// measure,part,unit,original,deidentified,difference,n,why with one heading line. Figures that compare the
/// streams are in the column "difference". Text is quoted as in RFC 4180.
void write_csv(const Results& results, std::ostream& out);

} // namespace deid::kinematics
