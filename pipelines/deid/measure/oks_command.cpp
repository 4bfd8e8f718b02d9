#include "pipelines/deid/measure/oks_command.hpp"
#include "elements/oksmeter/files.hpp"
#include "elements/oksmeter/pairing.hpp"
#include "elements/oksmeter/report.hpp"
#include "elements/posefile/read.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/measure/oks_table.hpp"
#include <charconv>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <map>
#include <utility>

namespace deid::cli {

namespace {

using posefile::Recording;
using posefile::TimedPose;

constexpr const char* help = R"(
Files: COCO's ground truth and results (scored exactly as pycocotools 2.0.11 does), OpenPose's JSON (a file, or a
folder with a file a frame), or JSON lines of posedetect; kinds may be mixed. Other than two COCO files are paired
by time where both know it, by frame number otherwise.

Examples:
  deid oks --gt person_keypoints.json --dt results.json
  deid oks --gt original.jsonl --dt deidentified.jsonl --bootstrap-block 50 --primary largest
  deid oks --gt openpose-original/ --dt openpose-deidentified/ --scale torso --json)";

oks::PeopleRule rule_of(const OksOptions& options) {
  oks::PeopleRule rule{.min_score = options.min_score};
  if (!options.scale.empty())
    rule.scale = {oks::scale_named(options.scale), options.scale_px};
  return rule;
}

void put_out(const OksOptions& options, oks::Report report) {
  if (options.block > 0) {
    report.bootstrap = {options.block, options.resamples, options.seed};
    report.intervals = bootstrap(*report.evaluation, *report.preservation, report.bootstrap);
  }
  const std::string text = options.json ? to_json(report) + "\n" : table_of(report);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw Failure("The result cannot be written.");
}

/// Areas by the rule in place of the file's, or where the file gives none. What the report says of them.
std::string set_areas(coco::GroundTruth& truth, const OksOptions& options, oks::LeftOut& left_out) {
  const oks::ScaleRule rule = rule_of(options).scale;
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

/// A recording as entries of COCO's results, by frame number; all of `category`.
std::vector<coco::Detection> as_results(const Recording& recording, std::int64_t category,
                                        const OksOptions& options, oks::LeftOut& left_out) {
  std::vector<coco::Detection> results;
  for (const TimedPose& frame : recording.frames)
    for (coco::Detection& one : oks::detections_of(frame.pose, frame.number, rule_of(options), left_out)) {
      results.push_back(one);
      results.back().id = static_cast<std::int64_t>(results.size());
      results.back().category_id = category;
    }
  return results;
}

/// Two COCO files: what pycocotools does, with the doubles of the files.
void compare_coco(const OksOptions& options, coco::GroundTruth truth,
                  const std::vector<coco::Detection>& detections, oks::LeftOut left_out) {
  if (options.primary)
    throw Failure("--primary does not go with COCO's ground truth, whose people have no lasting ids.",
                  exit_usage);
  oks::Report report{.left_out = left_out};
  report.scale = set_areas(truth, options, report.left_out);
  oks::Preservation preservation;
  std::optional<oks::Evaluation> evaluation;
  try {
    evaluation = evaluate(truth, detections, options.json, &preservation, &report.left_out.annotations);
  } catch (const std::invalid_argument& e) {
    throw Failure(options.detections.string() + ": " + e.what() + ".");
  }
  report.evaluation = &*evaluation;
  report.preservation = &preservation;
  put_out(options, std::move(report));
}

/// Of a file with both stages only `stage`; a file with one stage as it is.
void keep_stage(Recording& recording, Stage stage) {
  const auto is = [&](const TimedPose& frame) { return frame.pose.stage == stage; };
  if (std::ranges::any_of(recording.frames, is))
    std::erase_if(recording.frames, std::not_fn(is));
}

/// The frames of a file in order, by time [ns] or by number. Throws Failure when two have the same.
std::vector<oks::Seen> in_order(const Recording& recording, bool by_time, const std::string& name) {
  std::vector<oks::Seen> seen;
  for (const TimedPose& frame : recording.frames)
    seen.push_back({by_time ? static_cast<std::int64_t>(*frame.pts) : frame.number, frame.pose, {}});
  std::ranges::stable_sort(seen, {}, &oks::Seen::time);
  const auto twice = std::ranges::adjacent_find(seen, {}, &oks::Seen::time);
  if (twice != seen.end())
    throw Failure(name + ": two frames have the same " + (by_time ? "time " : "number ") +
                  std::to_string(twice->time) + ".");
  return seen;
}

/// The frames of both files, paired: by time, within half a frame, because containers round times
/// differently; or by number where a file has no times.
std::vector<oks::Couple> moments_of(const Recording& original, const Recording& deidentified,
                                    const OksOptions& options) {
  const auto timed = [](const TimedPose& frame) { return frame.pts.has_value(); };
  const bool by_time =
      std::ranges::all_of(original.frames, timed) && std::ranges::all_of(deidentified.frames, timed);
  oks::Pairing pairing(by_time ? 0 : 1);
  for (oks::Seen& seen : in_order(original, by_time, options.truth.string()))
    pairing.original(std::move(seen));
  for (oks::Seen& seen : in_order(deidentified, by_time, options.detections.string()))
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
    throw Failure("--primary wants largest or the id of a person, not '" + text + "'.", exit_usage);
  oks::PrimaryPerson primary;
  for (const TimedPose& frame : original.frames)
    primary.add(frame.pose);
  return primary.id();
}

void compare_recordings(const OksOptions& options, Recording original, Recording deidentified) {
  keep_stage(original, Stage::original);
  keep_stage(deidentified, Stage::deidentified);
  const oks::PeopleRule rule = rule_of(options);
  const auto primary = primary_of(original, options);
  oks::Report report{.scale = describe(rule.scale)};
  oks::Evaluation evaluation({1}, options.json);
  oks::Preservation preservation;
  for (const oks::Couple& moment : moments_of(original, deidentified, options)) {
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
      oks::keep_only(*primary, truths, detections);
    evaluation.add(when, truths, detections);
    preservation.add(truths, detections);
  }
  report.evaluation = &evaluation;
  report.preservation = &preservation;
  put_out(options, std::move(report));
}

} // namespace

CLI::App* add_oks_options(CLI::App& app, OksOptions& o) {
  CLI::App* oks = app.add_subcommand("oks", "Score keypoints against those of the original: OKS, AP and AR");
  oks->add_option("--gt", o.truth, "Keypoints of the original")->required()->type_name("FILE");
  oks->add_option("--dt", o.detections, "Keypoints of the de-identified video")
      ->required()
      ->type_name("FILE");
  oks->add_option(
         "--scale", o.scale,
         "What a person's size is (default: the area that the ground truth gives, else keypoint-box)")
      ->check(CLI::IsMember({"keypoint-box", "box-0.53", "fixed", "torso"}));
  oks->add_option("--scale-px", o.scale_px, "The size s of --scale fixed [px]")->check(CLI::Range(1e-3, 1e6));
  oks->add_option("--min-score", o.min_score,
                  "Points that score no more than this are absent (not of COCO files)")
      ->check(CLI::Range(0.0, 1.0));
  oks->add_option("--primary", o.primary,
                  "Only one person: largest, or an id of the original's (not of two COCO files)")
      ->type_name("WHO");
  oks->add_option("--bootstrap-block", o.block,
                  "Give 95 % intervals, from blocks of so many frames (1 to 2 s of video)")
      ->check(CLI::Range(1, 1000000));
  oks->add_option("--bootstrap-resamples", o.resamples, "How many")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  oks->add_option("--bootstrap-seed", o.seed, "The same seed gives the same intervals")
      ->capture_default_str();
  oks->add_flag("--json", o.json, "Everything as one line of JSON, with every OKS and every match");
  oks->footer(help);
  return oks;
}

int compare_keypoints(const OksOptions& options) {
  if ((options.scale == "fixed") != (options.scale_px > 0))
    throw Failure("--scale fixed and --scale-px belong together.", exit_usage);
  posefile::Content original = posefile::read_any(options.truth);
  posefile::Content deidentified = posefile::read_any(options.detections);
  auto* truth = std::get_if<coco::GroundTruth>(&original);
  const auto* detections = std::get_if<std::vector<coco::Detection>>(&deidentified);
  if (truth != nullptr && detections != nullptr && options.min_score > 0)
    throw Failure("--min-score does not go with two COCO files, which are scored as they are.", exit_usage);
  if (truth != nullptr) {
    oks::LeftOut left_out;
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
