#include "elements/measures/kinematics/results.hpp"

namespace deid::kinematics {

Results assess(const PairedSeries& series, const Settings& settings) {
  const CleanSeries clean(series, settings);
  Results results{.settings = settings,
                  .set = series.set,
                  .exclusions = clean.exclusions(),
                  .only_original = series.only_original,
                  .only_deidentified = series.only_deidentified};
  const Value few = Value::none("fewer than two paired frames");
  results.seconds = clean.frames().size() < 2 ? few : Value(clean.frames().back().t);
  results.rate = clean.frames().size() < 2 ? few : Value(1 / clean.interval());
  results.torso = clean.torso() > 0
                      ? Value(clean.torso())
                      : Value::none("shoulders and hips were never seen together in the original");
  results.completeness = completeness(clean, settings);
  results.displacements = displacements(clean, settings);
  results.angles = angle_errors(clean, settings);
  results.tremors = tremors(clean, settings);
  results.tappings = tappings(clean, settings);
  results.gait = gait(clean, settings);
  results.face = face_dynamics(clean, settings);
  return results;
}

} // namespace deid::kinematics
