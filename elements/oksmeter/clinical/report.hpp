#pragma once
#include "elements/oksmeter/clinical/results.hpp"
#include <nlohmann/json_fwd.hpp>
#include <ostream>

namespace deid::clinical {

/// {"about": …, "settings": …, "excluded": …, "<group>": {"<part>": {"<measure>": …}}}. A figure of both
/// streams is
/// {"unit", "n", "original", "deidentified", "difference"}, one that compares them {"unit", "n", "value"};
/// what is not there is {"value": null, "why": "…"}.
nlohmann::json clinical_report(const Results& results);
/// measure,part,unit,original,deidentified,difference,n,why with one heading. Figures that compare the
/// streams stand under "difference". Text is quoted as in RFC 4180.
void clinical_csv(const Results& results, std::ostream& out);

} // namespace deid::clinical
