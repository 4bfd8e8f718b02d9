#pragma once
#include "elements/oksmeter/clinical/angles.hpp"
#include "elements/oksmeter/clinical/completeness.hpp"
#include "elements/oksmeter/clinical/cycles.hpp"
#include "elements/oksmeter/clinical/face_dynamics.hpp"
#include "elements/oksmeter/clinical/gait.hpp"
#include "elements/oksmeter/clinical/position.hpp"
#include "elements/oksmeter/clinical/tremor.hpp"
#include <optional>

namespace deid::clinical {

/// What de-identification left of one person's movement.
struct Results {
  Settings settings{};
  KeypointSet set = KeypointSet::blazepose33;
  Exclusions exclusions{};
  std::size_t only_original = 0, only_deidentified = 0; ///< unpaired frames
  Value seconds{};                                      ///< from the first to the last usable frame
  Value rate{};                                         ///< frames a second: 1 / median interval
  Value torso{};                                        ///< px, median of the original
  Completeness completeness{};
  std::vector<Displacement> displacements{};
  std::vector<AngleError> angles{};
  std::vector<Tremor> tremors{};
  std::vector<Tapping> tappings{};
  Gait gait{};
  FaceDynamics face{};
};
/// All measures. Throws std::invalid_argument on settings out of range and lists of wrong lengths. Threads:
/// any.
Results assess(const PairedSeries& series, const Settings& settings = {});

/// One line of the report. A measure that compares the streams itself has only `value`; others have all
/// three, and `value` is de-identified - original. A row with an empty measure says why a whole part is n/a.
struct Row {
  std::string group{};   ///< "tremor"
  std::string part{};    ///< "left wrist"; may be empty
  std::string measure{}; ///< "peak_frequency"
  std::string unit{};    ///< "Hz"; "1" for shares, ratios and counts
  std::optional<Pair> streams{};
  Value value{};
  std::size_t n = 0; ///< frames, or events, behind it
};
std::vector<Row> rows(const Results& results);
std::vector<Row> rows(const std::string& group, const std::string& part, const std::string& unit,
                      const Agreement& agreement);

} // namespace deid::clinical
