// The results as rows: name and unit of every figure.
#include "elements/measures/kinematics/results.hpp"

namespace deid::kinematics {
namespace {

/// Writes the lines of one part of one group.
class Writer {
public:
  Writer(std::vector<Row>& rows, std::string group, std::string part, std::size_t n)
      : rows_(rows), group_(std::move(group)), part_(std::move(part)), n_(n) {}

  void both(const char* measure, const std::string& unit, const Pair& pair) {
    rows_.push_back({group_, part_, measure, unit, pair, pair.difference(), n_});
  }
  void one(const char* measure, const std::string& unit, const Value& value) {
    rows_.push_back({group_, part_, measure, unit, std::nullopt, value, n_});
  }
  void count(const char* measure, std::size_t value) { one(measure, "1", static_cast<double>(value)); }
  /// The whole part is missing.
  void none(const std::string& why) { one("", "", Value::none(why)); }
  void events(const Matches& matches) {
    count("events_missed", matches.missed);
    count("events_extra", matches.extra);
    one("events_f1", "1", matches.f1);
    one("events_timing_mae", "ms", matches.mae_ms);
    one("events_timing_bias", "ms", matches.bias_ms);
  }

private:
  std::vector<Row>& rows_;
  std::string group_, part_;
  std::size_t n_;
};

void add(std::vector<Row>& all, const Displacement& d) {
  Writer row(all, "position", d.part, d.n);
  row.one("median", "px", d.median);
  row.one("p95", "px", d.p95);
  row.one("max", "px", d.max);
  row.one("rmse", "px", d.rmse);
  row.one("median_torso", "torso lengths", d.median_torso);
  row.one("p95_torso", "torso lengths", d.p95_torso);
  row.one("max_torso", "torso lengths", d.max_torso);
  row.one("rmse_torso", "torso lengths", d.rmse_torso);
  constexpr std::array names{"pck_05", "pck_10", "pck_20"};
  for (std::size_t i = 0; i < names.size(); ++i)
    row.one(names[i], "1", d.pck[i]);
  row.one("bias_x", "px", d.bias_x);
  row.one("bias_y", "px", d.bias_y);
  row.one("jitter_sd", "px", d.jitter);
  Writer(all, "position", d.part, d.still).one("added_jitter_ratio", "1", d.added_jitter);
}

void add(std::vector<Row>& all, const AngleError& a) {
  Writer row(all, "angles", a.part, a.n);
  row.one("mae", "deg", a.mae);
  row.one("rmse", "deg", a.rmse);
  row.both("range_of_motion", "deg", a.range);
  Writer velocity(all, "angles", a.part, a.velocities);
  velocity.one("velocity_rmse", "deg/s", a.velocity_rmse);
  velocity.both("peak_velocity", "deg/s", a.peak_velocity);
  velocity.one("peak_velocity_ratio", "1", a.velocity_ratio);
}

void add(std::vector<Row>& all, const Tremor& t) {
  Writer row(all, "tremor", t.part, t.n);
  if (!t.seconds.known()) {
    row.none(t.seconds.why());
    return;
  }
  row.one("seconds", "s", t.seconds);
  row.one("grid_rate", "Hz", t.rate);
  row.count("windows", t.windows);
  row.both("peak_frequency", "Hz", t.frequency);
  row.both("amplitude", "px", t.amplitude);
  row.both("amplitude_torso", "torso lengths", t.amplitude_torso);
  row.both("prominence", "1", t.prominence);
  row.one("frequency_error", "Hz", t.frequency_error);
  row.one("amplitude_ratio", "1", t.amplitude_ratio);
  row.one("coherence", "1", t.coherence);
  row.one("coherence_unweighted", "1", t.coherence_mean);
  row.one("coherence_needed", "1", t.coherence_needed);
}

void add(std::vector<Row>& all, const Tapping& t) {
  Writer row(all, "tapping", t.part, t.n);
  if (!t.why.empty()) {
    row.none(t.why);
    return;
  }
  row.both("count", "1", t.count);
  row.both("rate", "Hz", t.rate);
  row.both("amplitude", t.unit, t.amplitude);
  row.both("amplitude_sd", t.unit, t.amplitude_sd);
  row.both("opening_speed", t.unit + "/s", t.opening_speed);
  row.both("closing_speed", t.unit + "/s", t.closing_speed);
  row.both("rms_velocity", t.unit + "/s", t.rms_velocity);
  row.both("cycle", "s", t.cycle);
  row.both("cycle_cv", "1", t.cycle_cv);
  row.both("decay", t.unit + "/tap", t.decay);
  row.both("late_to_early_amplitude", "1", t.late_early);
  row.both("pauses", "1", t.pauses);
  row.events(t.events);
  const auto agreed = rows("tapping", t.part, t.unit, t.amplitudes);
  all.insert(all.end(), agreed.begin(), agreed.end());
}

void add(std::vector<Row>& all, const Gait& g) {
  for (std::size_t side = 0; side < 2; ++side)
    Writer(all, "gait", side == 0 ? "left arm" : "right arm", g.n)
        .both("swing_range", "deg", g.arm_swing[side]);
  Writer row(all, "gait", "walk", g.n);
  if (!g.why.empty()) {
    row.none(g.why);
    return;
  }
  row.both("steps", "1", g.steps);
  row.both("cadence", "steps/min", g.cadence);
  row.both("step_time", "s", g.step_time);
  row.both("step_cv", "1", g.step_cv);
  row.both("stride_time", "s", g.stride_time);
  row.both("stride_cv", "1", g.stride_cv);
  row.both("asymmetry", "1", g.asymmetry);
  row.both("step_length", "leg lengths", g.step_length);
  for (std::size_t side = 0; side < 2; ++side)
    Writer(all, "gait", side == 0 ? "left heel" : "right heel", g.n).events(g.strikes[side]);
}

void add(std::vector<Row>& all, const Completeness& c) {
  for (const Presence& p : c.points) {
    Writer row(all, "completeness", p.part, p.original);
    row.one("missing_rate", "1", p.missing);
    row.one("longest_gap", "s", p.longest_gap);
    Writer(all, "completeness", p.part, p.deidentified).one("invented_rate", "1", p.invented);
  }
  for (const Swaps& s : c.swaps)
    Writer(all, "left_right_swaps", s.part, s.frames).count("frames", s.swapped);
  Writer lag(all, "lag", "", c.frames);
  lag.one("frames", "1", c.lag.frames);
  lag.one("time", "ms", c.lag.milliseconds);
  lag.one("correlation", "1", c.lag.correlation);
  lag.one("correlation_at_zero", "1", c.lag.correlation_at_zero);
}

void add(std::vector<Row>& all, const FaceDynamics& f) {
  if (!f.why.empty()) {
    Writer(all, "face", "", f.n).none(f.why);
    return;
  }
  for (const FaceFigure& figure : f.figures) {
    Writer(all, "face", figure.part, figure.agreement.n).both("mean", "1", figure.mean);
    const auto agreed = rows("face", figure.part, "1", figure.agreement);
    all.insert(all.end(), agreed.begin(), agreed.end());
  }
  Writer blink(all, "face", "blinks", f.n);
  blink.both("count", "1", f.blinks);
  blink.both("rate", "1/min", f.blink_rate);
  blink.events(f.events);
}

} // namespace

std::vector<Row> rows(const std::string& group, const std::string& part, const std::string& unit,
                      const Agreement& a) {
  std::vector<Row> all;
  Writer row(all, group, part, a.n);
  row.one("agreement_bias", unit, a.bias);
  row.one("agreement_bias_ci_low", unit, a.bias_ci.low);
  row.one("agreement_bias_ci_high", unit, a.bias_ci.high);
  row.one("agreement_sd", unit, a.sd);
  row.one("agreement_limit_low", unit, a.limit_low);
  row.one("agreement_limit_low_ci_low", unit, a.limit_low_ci.low);
  row.one("agreement_limit_low_ci_high", unit, a.limit_low_ci.high);
  row.one("agreement_limit_high", unit, a.limit_high);
  row.one("agreement_limit_high_ci_low", unit, a.limit_high_ci.low);
  row.one("agreement_limit_high_ci_high", unit, a.limit_high_ci.high);
  row.one("agreement_slope", "1", a.slope);
  row.one("agreement_icc", "1", a.icc);
  row.one("agreement_icc_ci_low", "1", a.icc_ci.low);
  row.one("agreement_icc_ci_high", "1", a.icc_ci.high);
  row.one("agreement_ccc", "1", a.ccc);
  row.one("agreement_sem", unit, a.sem);
  row.one("agreement_mdc95", unit, a.mdc95);
  row.one("agreement_pearson", "1", a.pearson);
  return all;
}

std::vector<Row> rows(const Results& results) {
  std::vector<Row> all;
  const auto add_each = [&](const auto& list) {
    for (const auto& each : list)
      add(all, each);
  };
  add(all, results.completeness);
  add_each(results.displacements);
  add_each(results.angles);
  add_each(results.tremors);
  add_each(results.tappings);
  add(all, results.gait);
  add(all, results.face);
  return all;
}

} // namespace deid::kinematics
