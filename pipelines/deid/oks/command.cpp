#include "pipelines/deid/oks/command.hpp"
#include "elements/measures/coco/files.hpp"
#include "elements/measures/coco/pairing.hpp"
#include "elements/measures/coco/report.hpp"
#include "elements/measures/keypoint_files/read.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/oks/table.hpp"
#include <charconv>
#include <cstdio>
#include <functional>
#include <map>
#include <utility>

namespace deid::cli {

namespace {

using keypoint_files::Recording;
using keypoint_files::TimedPose;

coco::PeopleRule rule_of(const OksOptions& options) {
  coco::PeopleRule rule{.min_score = options.min_score};
  if (!options.scale.empty())
    rule.scale = {coco::scale_named(options.scale), options.scale_px};
  return rule;
}

void put_out(const OksOptions& options, coco::Report report) {
  if (options.block > 0) {
    report.bootstrap = {options.block, options.resamples, options.seed};
    report.intervals = bootstrap(*report.evaluation, *report.preservation, report.bootstrap);
  }
  const std::string text = options.json ? to_json(report) + "\n" : table_of(report);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw Failure("The result cannot be written.");
}

/// Sets areas by the rule, replacing the file's or filling in missing ones. Returns the report's text about
/// them.
std::string set_areas(coco::GroundTruth& truth, const OksOptions& options, coco::LeftOut& left_out) {
  const coco::ScaleRule rule = rule_of(options).scale;
  std::size_t set = 0;
  for (coco::Truth& one : truth.annotations) {
    if (options.scale.empty() && one.has_area) {
      left_out.zero_area += one.area > 0 || one.crowd || one.empty ? 0 : 1;
      continue;
    }
    const auto area = area_of(one, rule);
    one.area = area.value_or(0);
    left_out.without_scale += area || one.empty ? 0 : 1;
    one.empty = one.empty || !area;
    ++set;
  }
  if (!options.scale.empty())
    return describe(rule);
  return set == 0 ? "area of the file"
                  : "area of the file; " + describe(rule) + " for " + std::to_string(set) + " of " +
                        std::to_string(truth.annotations.size()) + " people without one";
}

/// A recording as entries of COCO results, by frame number, all of `category`.
std::vector<coco::Detection> as_results(const Recording& recording, std::int64_t category,
                                        const OksOptions& options, coco::LeftOut& left_out) {
  std::vector<coco::Detection> results;
  for (const TimedPose& frame : recording.frames)
    for (coco::Detection& one : coco::detections_of(frame.pose, frame.number, rule_of(options), left_out)) {
      results.push_back(one);
      results.back().id = static_cast<std::int64_t>(results.size());
      results.back().category_id = category;
    }
  return results;
}

/// Compares two COCO files as pycocotools does, with the files' doubles.
void compare_coco(const OksOptions& options, coco::GroundTruth truth,
                  const std::vector<coco::Detection>& detections, coco::LeftOut left_out) {
  if (options.primary)
    throw Failure("--primary does not go with COCO's ground truth, whose people have no lasting ids.",
                  exit_usage);
  coco::Report report{.left_out = left_out};
  report.scale = set_areas(truth, options, report.left_out);
  coco::Preservation preservation;
  std::optional<coco::Evaluation> evaluation;
  try {
    evaluation = coco::evaluate(truth, detections, options.json, &preservation, &report.left_out.annotations);
  } catch (const std::invalid_argument& e) {
    throw Failure(options.detections.string() + ": " + e.what() + ".");
  }
  report.evaluation = &*evaluation;
  report.preservation = &preservation;
  put_out(options, std::move(report));
}

/// Keeps only `stage` of a file with both stages. A file with one stage stays as it is.
void keep_stage(Recording& recording, Stage stage) {
  const auto is = [&](const TimedPose& frame) { return frame.pose.stage == stage; };
  if (std::ranges::any_of(recording.frames, is))
    std::erase_if(recording.frames, std::not_fn(is));
}

/// The frames of a file in order, by time [ns] or by number. Throws Failure when two have the same.
std::vector<coco::Seen> in_order(const Recording& recording, bool by_time, const std::string& name) {
  std::vector<coco::Seen> seen;
  for (const TimedPose& frame : recording.frames)
    seen.push_back({by_time ? static_cast<std::int64_t>(*frame.pts) : frame.number, frame.pose, {}});
  std::ranges::stable_sort(seen, {}, &coco::Seen::time);
  const auto twice = std::ranges::adjacent_find(seen, {}, &coco::Seen::time);
  if (twice != seen.end())
    throw Failure(name + ": two frames have the same " + (by_time ? "time " : "number ") +
                  std::to_string(twice->time) + ".");
  return seen;
}

/// Pairs the frames of both files by time, within half a frame, because containers round times differently.
/// Without times it pairs by number.
std::vector<coco::FramePair> moments_of(const Recording& original, const Recording& deidentified,
                                        const OksOptions& options) {
  const auto timed = [](const TimedPose& frame) { return frame.pts.has_value(); };
  const bool by_time =
      std::ranges::all_of(original.frames, timed) && std::ranges::all_of(deidentified.frames, timed);
  coco::Pairing pairing(by_time ? 0 : 1);
  for (coco::Seen& seen : in_order(original, by_time, options.truth.string()))
    pairing.original(std::move(seen));
  for (coco::Seen& seen : in_order(deidentified, by_time, options.detections.string()))
    pairing.deidentified(std::move(seen));
  pairing.end_original();
  pairing.end_deidentified();
  return pairing.take();
}

std::optional<std::uint32_t> primary_of(const Recording& original, const OksOptions& options) {
  if (!options.primary)
    return std::nullopt;
  std::uint32_t id = 0;
  const std::string& text = *options.primary;
  if (text != "largest" &&
      std::from_chars(text.data(), text.data() + text.size(), id).ptr == text.data() + text.size() && id > 0)
    return id;
  if (text != "largest")
    throw Failure("--primary needs largest or the id of a person, not '" + text + "'.", exit_usage);
  coco::PrimaryPerson primary;
  for (const TimedPose& frame : original.frames)
    primary.add(frame.pose);
  return primary.id();
}

void compare_recordings(const OksOptions& options, Recording original, Recording deidentified) {
  keep_stage(original, Stage::original);
  keep_stage(deidentified, Stage::deidentified);
  const coco::PeopleRule rule = rule_of(options);
  const auto primary = primary_of(original, options);
  coco::Report report{.scale = describe(rule.scale)};
  coco::Evaluation evaluation({1}, options.json);
  coco::Preservation preservation;
  for (const coco::FramePair& moment : moments_of(original, deidentified, options)) {
    const std::int64_t when = moment.time();
    std::vector<coco::Truth> truths;
    std::vector<coco::Detection> detections;
    if (moment.original)
      truths = truths_of(moment.original->pose, when, rule, report.left_out);
    else
      ++report.left_out.frames_only_deidentified;
    if (moment.deidentified)
      detections = detections_of(moment.deidentified->pose, when, rule, report.left_out);
    else
      ++report.left_out.frames_only_original;
    if (primary)
      coco::keep_only(*primary, truths, detections);
    evaluation.add(when, truths, detections);
    preservation.add(truths, detections);
  }
  report.evaluation = &evaluation;
  report.preservation = &preservation;
  put_out(options, std::move(report));
}

} // namespace

int compare_keypoints(const OksOptions& options) {
  if ((options.scale == "fixed") != (options.scale_px > 0))
    throw Failure("--scale fixed and --scale-px belong together.", exit_usage);
  keypoint_files::Content original = keypoint_files::read_any(options.truth);
  keypoint_files::Content deidentified = keypoint_files::read_any(options.detections);
  auto* truth = std::get_if<coco::GroundTruth>(&original);
  const auto* detections = std::get_if<std::vector<coco::Detection>>(&deidentified);
  if (truth != nullptr && detections != nullptr && options.min_score > 0)
    throw Failure("--min-score does not go with two COCO files, which are scored as they are.", exit_usage);
  if (truth != nullptr) {
    coco::LeftOut left_out;
    std::vector<coco::Detection> results;
    if (detections == nullptr) {
      Recording recording = people_of(deidentified, options.detections.string());
      keep_stage(recording, Stage::deidentified);
      if (truth->categories.size() != 1)
        throw Failure(options.truth.string() + ": categories must be one when the detections name none.");
      results = as_results(recording, truth->categories.front(), options, left_out);
    }
    compare_coco(options, std::move(*truth), detections != nullptr ? *detections : results, left_out);
  } else {
    compare_recordings(options, people_of(original, options.truth.string()),
                       people_of(deidentified, options.detections.string()));
  }
  return exit_ok;
}

} // namespace deid::cli
