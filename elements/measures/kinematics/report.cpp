#include "elements/measures/kinematics/report.hpp"
#include <nlohmann/json.hpp>

namespace deid::kinematics {
namespace {

using nlohmann::json;

json missing(const Value& value) {
  return {{"value", nullptr}, {"why", value.why()}};
}

json written(const Value& value) {
  return value.known() ? json(value.get()) : missing(value);
}

json figure(const Row& row) {
  json out = row.streams || row.value.known() ? json::object() : missing(row.value);
  out["unit"] = row.unit;
  out["n"] = row.n;
  if (row.streams) {
    out["original"] = written(row.streams->original);
    out["deidentified"] = written(row.streams->deidentified);
    out["difference"] = written(row.value);
  } else if (row.value.known()) {
    out["value"] = row.value.get();
  }
  return out;
}

json settings_of(const Settings& s) {
  return {{"threshold", s.threshold},
          {"max_gap_s", s.max_gap},
          {"tremor_band_hz", {s.band_low, s.band_high}},
          {"window_s", s.window},
          {"alpha", s.alpha},
          {"preserved_if (proposal)",
           {{"frequency_error_hz_up_to", s.frequency_limit},
            {"amplitude_change_up_to", s.amplitude_limit},
            {"coherence_from", s.coherence_limit}}},
          {"rhythm_if_prominence_from (proposal)", s.prominence},
          {"still_travel_torso (proposal)", s.still_travel},
          {"min_move (proposal)", s.min_move},
          {"pause_median_cycles (proposal)", s.pause},
          {"max_lag_s", s.max_lag},
          {"swap_floor_torso (proposal)", s.swap_floor},
          {"blink_share_of_median (proposal)", s.blink_share},
          {"longest_blink_s (proposal)", s.longest_blink}};
}

json excluded(const Results& r) {
  const Exclusions& e = r.exclusions;
  return {{"frames_only_in_original", r.only_original},
          {"frames_only_in_deidentified", r.only_deidentified},
          {"frames_without_rising_time", e.untimed},
          {"frames_with_nobody_original", r.completeness.nobody_original},
          {"frames_with_nobody_deidentified", r.completeness.nobody_deidentified},
          {"points_not_finite_original", e.not_finite_original},
          {"points_not_finite_deidentified", e.not_finite_deidentified},
          {"points_below_threshold_original", e.below_threshold_original},
          {"points_below_threshold_deidentified", e.below_threshold_deidentified}};
}

json about(const Results& r) {
  json warnings = json::array();
  if (!r.completeness.lag.warning.empty())
    warnings.push_back(r.completeness.lag.warning);
  return {{"keypoint_set", to_string(r.set)},
          {"paired_frames", r.exclusions.frames},
          {"duration_s", written(r.seconds)},
          {"rate_hz", written(r.rate)},
          {"torso_px", written(r.torso)},
          {"difference", "de-identified - original"},
          {"spectra",
           "times from pts, resampled linearly to an even grid (1 / median interval), never across a gap; "
           "Butterworth band-pass of order 2 without delay; Welch, Hann, half overlap; amplitudes corrected "
           "for what the chain takes from a sinusoid of that frequency at these times"},
          {"warnings", warnings}};
}

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos)
    return text;
  std::string out = "\"";
  for (const char c : text)
    out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string number(const Value& value) {
  return value.known() ? json(value.get()).dump() : "";
}

void csv_row(std::ostream& out, const std::string& measure, const Row& row) {
  std::string why = row.value.known() ? "" : row.value.why();
  if (row.streams)
    for (const Value* value : {&row.streams->deidentified, &row.streams->original})
      if (!value->known())
        why = value->why();
  out << cell(measure) << ',' << cell(row.part) << ',' << cell(row.unit) << ','
      << (row.streams ? number(row.streams->original) : "") << ','
      << (row.streams ? number(row.streams->deidentified) : "") << ',' << number(row.value) << ',' << row.n
      << ',' << cell(why) << '\n';
}

} // namespace

json report_of(const Results& results) {
  json report{{"about", about(results)},
              {"settings", settings_of(results.settings)},
              {"excluded", excluded(results)}};
  for (const Row& row : rows(results)) {
    json& group = report[row.group];
    json& part = row.part.empty() ? group : group[row.part];
    if (row.measure.empty())
      part = missing(row.value);
    else
      part[row.measure] = figure(row);
  }
  for (const Tremor& tremor : results.tremors)
    report["tremor"][tremor.part]["verdict (proposal)"] = {{"verdict", to_string(tremor.verdict)},
                                                           {"why", tremor.verdict_why}};
  if (!results.gait.direction.empty())
    report["gait"]["direction"] = {{"to", results.gait.direction}, {"by", results.gait.direction_by}};
  return report;
}

void write_csv(const Results& results, std::ostream& out) {
  out << "measure,part,unit,original,deidentified,difference,n,why\n";
  for (const Row& row : rows(results))
    csv_row(out, row.measure.empty() ? row.group : row.group + "." + row.measure, row);
}

} // namespace deid::kinematics
