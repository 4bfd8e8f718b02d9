#include "elements/measures/coco/report.hpp"
#include "elements/measures/keypoint_files/number.hpp"
#include "elements/meta/pose.hpp"

namespace deid::coco {

namespace {

using keypoint_files::append_number;

/// Appends "name": and, when needed, a comma before it.
void key(std::string& to, const char* name) {
  if (to.back() != '{')
    to += ',';
  to += '"';
  to += name;
  to += "\":";
}

template <class List> void append_list(std::string& to, const List& numbers) {
  to += '[';
  for (const auto& number : numbers) {
    if (to.back() != '[')
      to += ',';
    append_number(to, number);
  }
  to += ']';
}

template <class Number> void member(std::string& to, const char* name, Number number) {
  key(to, name);
  append_number(to, number);
}

void append_ranges(std::string& to,
                   const std::array<std::array<double, threshold_count>, range_count>& values) {
  to += '{';
  for (const auto& [name, range] :
       {std::pair{"all", all}, std::pair{"medium", medium}, std::pair{"large", large}}) {
    key(to, name);
    append_list(to, values[range]);
  }
  to += '}';
}

/// Appends [a,b,c]: row number `row` of a table with `width` columns.
template <class List>
void append_row(std::string& to, const List& numbers, std::size_t width, std::size_t row = 0) {
  to += '[';
  for (std::size_t i = row * width; i < (row + 1) * width; ++i) {
    if (to.back() != '[')
      to += ',';
    if constexpr (std::is_same_v<List, std::vector<bool>>)
      to += numbers[i] ? '1' : '0';
    else
      append_number(to, numbers[i]);
  }
  to += ']';
}

template <class List>
void append_rows(std::string& to, const List& numbers, std::size_t width, std::size_t rows) {
  to += '[';
  for (std::size_t row = 0; row < rows; ++row) {
    to += row == 0 ? "" : ",";
    append_row(to, numbers, width, row);
  }
  to += ']';
}

template <class Scene> void append_scene(std::string& to, const Scene& scene) {
  to += to.back() == '[' ? "{" : ",{";
  member(to, "image_id", scene.image_id);
  member(to, "category_id", scene.category_id);
  key(to, "dt_ids");
  append_list(to, scene.detections);
  key(to, "gt_ids");
  append_list(to, scene.truths);
}

void append_matches(std::string& to, const ImageMatches& image) {
  append_scene(to, image);
  key(to, "gt_ignore");
  append_row(to, image.truth_ignored, image.truths.size());
  key(to, "dt_match_gt_id");
  append_rows(to, image.matched_truth, image.detections.size(), threshold_count);
  key(to, "dt_ignore");
  append_rows(to, image.detection_ignored, image.detections.size(), threshold_count);
  to += '}';
}

void append_pairs(std::string& to, const Evaluation& evaluation) {
  key(to, "oks");
  to += '[';
  for (const ImageOks& image : evaluation.images()) {
    append_scene(to, image);
    key(to, "oks");
    append_rows(to, image.values, image.truths.size(), image.detections.size());
    to += '}';
  }
  to += ']';
  key(to, "matches");
  to += '[';
  for (const auto& of_category : evaluation.matches())
    for (const ImageMatches& image : of_category)
      append_matches(to, image);
  to += ']';
}

void append_counts(std::string& to, const Report& report) {
  const Counts& counts = report.evaluation->counts();
  key(to, "counts");
  to += '{';
  member(to, "frames", counts.frames);
  member(to, "frames_with_nobody", counts.frames_with_nobody);
  member(to, "people", counts.truths);
  member(to, "ignored_people", counts.ignored_truths);
  member(to, "detections", counts.detections);
  member(to, "missing_people", report.preservation->missing_people());
  member(to, "extra_people", report.preservation->extra_people());
  member(to, "without_points", report.left_out.without_points);
  member(to, "without_scale", report.left_out.without_scale);
  member(to, "zero_area", report.left_out.zero_area);
  member(to, "passed_over", report.left_out.annotations);
  member(to, "frames_only_original", report.left_out.frames_only_original);
  member(to, "frames_only_deidentified", report.left_out.frames_only_deidentified);
  key(to, "found");
  append_list(to, counts.found);
  key(to, "wrong");
  append_list(to, counts.wrong);
  to += '}';
}

void append_distribution(std::string& to, const Distribution& d) {
  to += '{';
  member(to, "n", d.n);
  if (d.n > 0) {
    for (const auto& [name, value] : {std::pair{"min", d.min},
                                      {"p1", d.p1},
                                      {"p5", d.p5},
                                      {"p25", d.p25},
                                      {"median", d.median},
                                      {"p75", d.p75}})
      member(to, name, value);
    member(to, "at_least_85", d.at_least[0]);
    member(to, "at_least_95", d.at_least[1]);
    member(to, "at_least_99", d.at_least[2]);
  }
}

void append_similarities(std::string& to, const Preservation& preservation) {
  key(to, "similarity");
  const Distribution oks = preservation.oks();
  append_distribution(to, oks);
  key(to, "histogram");
  append_list(to, oks.histogram);
  to += '}';
  key(to, "keypoints");
  to += '{';
  const auto names = keypoint_names(KeypointSet::coco17);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const PointReport point = preservation.point(i);
    key(to, names[i].data());
    append_distribution(to, point.similarity);
    member(to, "missing", point.missing);
    to += '}';
  }
  to += '}';
}

void append_intervals(std::string& to, const Intervals& all_of, const BootstrapRule& rule) {
  key(to, "intervals");
  to += '{';
  member(to, "block_frames", rule.block);
  member(to, "resamples", rule.resamples);
  member(to, "seed", rule.seed);
  const auto interval = [&](const char* name, const Interval& one) {
    key(to, name);
    append_list(to, std::array{one.low, one.high});
  };
  interval("AP", all_of.ap);
  interval("AP50", all_of.ap50);
  interval("AP75", all_of.ap75);
  interval("AP95", all_of.ap95);
  interval("AR", all_of.ar);
  interval("AR50", all_of.ar50);
  interval("AR75", all_of.ar75);
  interval("AR95", all_of.ar95);
  interval("median", all_of.median);
  interval("at_least_85", all_of.at_least[0]);
  interval("at_least_95", all_of.at_least[1]);
  interval("at_least_99", all_of.at_least[2]);
  to += '}';
}

} // namespace

const std::array<const char*, 10>& stat_names() {
  static const std::array<const char*, 10> names{"AP", "AP50", "AP75", "AP_medium", "AP_large",
                                                 "AR", "AR50", "AR75", "AR_medium", "AR_large"};
  return names;
}

std::string to_json(const Report& report) {
  const Scores scores = report.evaluation->scores();
  std::string text = "{";
  text.reserve(report.evaluation->counts().frames * 400 + 8192);
  key(text, "stats");
  append_list(text, scores.stats);
  key(text, "stats_labels");
  text += '[';
  for (const char* name : stat_names())
    text += (text.back() == '[' ? "\"" : ",\"") + std::string(name) + "\"";
  text += ']';
  member(text, "AP95", scores.ap95);
  member(text, "AR95", scores.ar95);
  key(text, "AP_per_thr");
  append_ranges(text, scores.ap);
  key(text, "AR_per_thr");
  append_ranges(text, scores.ar);
  key(text, "scale");
  text += '"' + report.scale + '"';
  append_counts(text, report);
  append_similarities(text, *report.preservation);
  if (report.intervals)
    append_intervals(text, *report.intervals, report.bootstrap);
  append_pairs(text, *report.evaluation);
  return text + "}";
}

} // namespace deid::coco
