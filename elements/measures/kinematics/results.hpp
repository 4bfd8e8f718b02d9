#pragma once
#include "elements/measures/kinematics/angles.hpp"
#include "elements/measures/kinematics/completeness.hpp"
#include "elements/measures/kinematics/cycles.hpp"
#include "elements/measures/kinematics/face_dynamics.hpp"
#include "elements/measures/kinematics/gait.hpp"
#include "elements/measures/kinematics/position.hpp"
#include "elements/measures/kinematics/tremor.hpp"
#include <optional>

namespace deid::kinematics {

/// All measures of one person's movement before and after de-identification.
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
/// Computes all measures. Throws std::invalid_argument on settings out of range and on lists of wrong
/// lengths. Thread-safe.
Results assess(const PairedSeries& series, const Settings& settings = {});

/// One line of the report. A measure that compares the streams has only `value`. Other measures have all
/// three numbers, and `value` is de-identified - original. A row with an empty measure gives the reason why a
/// whole part is n/a.
struct Row {
  std::string group{};   ///< "tremor"
  std::string part{};    ///< "left wrist"; may be empty
  std::string measure{}; ///< "peak_frequency"
  std::string unit{};    ///< "Hz"; "1" for shares, ratios and counts
  std::optional<Pair> streams{};
  Value value{};
  std::size_t n = 0; ///< number of frames or events that were used
};
std::vector<Row> rows(const Results& results);
std::vector<Row> rows(const std::string& group, const std::string& part, const std::string& unit,
                      const Agreement& agreement);

} // namespace deid::kinematics
