#include "elements/oksmeter/meter.hpp"
#include "elements/oksmeter/clinical/report.hpp"
#include "elements/oksmeter/clinical/results.hpp"
#include "elements/oksmeter/report.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <stdexcept>

namespace deid::oks {

namespace {

using nlohmann::ordered_json;

// A partner less alike than this is somebody else, and the person is missing there.
constexpr double hardly_alike = 0.1;

const Person* person_with(const PoseFrame& frame, std::int64_t id) {
  const auto found = std::ranges::find_if(
      frame.people, [id](const Person& p) { return static_cast<std::int64_t>(p.id) == id; });
  return found == frame.people.end() ? nullptr : &*found;
}

/// The face whose middle is nearest to the person's nose, if the nose is within it.
std::vector<cv::Point2f> face_of(const Person& person, const Seen& seen) {
  const Keypoint nose = convert_points(person, KeypointSet::coco17)[0];
  if (!nose.present)
    return {};
  const std::vector<cv::Point2f>* best = nullptr;
  float nearest = 0;
  for (const auto& face : seen.faces) {
    if (face.empty())
      continue;
    cv::Point2f middle(0, 0);
    for (const cv::Point2f& point : face)
      middle += point;
    middle *= 1.F / static_cast<float>(face.size());
    const float distance = std::hypot(middle.x - nose.x, middle.y - nose.y);
    const cv::Rect2f box = cv::boundingRect(face);
    if (distance < std::max(box.width, box.height) / 2 && (best == nullptr || distance < nearest)) {
      best = &face;
      nearest = distance;
    }
  }
  return best == nullptr ? std::vector<cv::Point2f>{} : *best;
}

clinical::View view_of(const Person* person, const std::optional<Seen>& seen, KeypointSet set) {
  if (person == nullptr || !seen)
    return {};
  return {convert_points(*person, set), person->hands, face_of(*person, *seen)};
}

/// How one stream was made, as far as its first frame says it.
ordered_json stream_of(const std::vector<Couple>& couples, std::optional<Seen> Couple::*which) {
  const auto first =
      std::ranges::find_if(couples, [which](const Couple& c) { return (c.*which).has_value(); });
  if (first == couples.end())
    return nullptr;
  const PoseFrame& pose = (*first.*which)->pose;
  return {{"detector", pose.detector},
          {"smoothing", pose.smoothing},
          {"width", pose.width},
          {"height", pose.height}};
}

} // namespace

Primary primary_named(const std::string& text) {
  if (text == "all")
    return {};
  if (text == "largest")
    return {Primary::Who::largest, 0};
  Primary primary{Primary::Who::given, 0};
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, primary.id);
  if (read.ec != std::errc() || read.ptr != end || primary.id == 0)
    throw std::invalid_argument("\"" + text + "\" is nobody: all, largest, or the id of a person");
  return primary;
}

Meter::Meter(MeterRule rule) : rule_(std::move(rule)), everybody_(rule_.keep_pairs) {
  clinical::check(rule_.clinical);
}

void Meter::score(Scored& scored, const Couple& couple, std::int64_t number,
                  const std::optional<std::uint32_t>& only) const {
  std::vector<coco::Truth> truths;
  std::vector<coco::Detection> detections;
  if (couple.original)
    truths = truths_of(couple.original->pose, number, rule_.people, scored.left_out);
  else
    ++scored.left_out.frames_only_deidentified;
  if (couple.deidentified)
    detections = detections_of(couple.deidentified->pose, number, rule_.people, scored.left_out);
  else
    ++scored.left_out.frames_only_original;
  if (only)
    keep_only(*only, truths, detections);
  scored.evaluation.add(number, truths, detections);
  scored.preservation.add(truths, detections);
}

void Meter::add(Couple couple) {
  for (auto* seen : {&couple.original, &couple.deidentified})
    if (*seen)
      for (Person& person : (*seen)->pose.people)
        person.mask.reset(); // large, and no measure looks at it
  score(everybody_, couple, static_cast<std::int64_t>(couples_.size()) + 1, std::nullopt);
  if (couple.original)
    largest_.add(couple.original->pose);
  couples_.push_back(std::move(couple));
}

Summary Meter::summary() const {
  Summary summary;
  summary.frames = couples_.size();
  summary.only_original = everybody_.left_out.frames_only_original;
  summary.only_deidentified = everybody_.left_out.frames_only_deidentified;
  summary.people = everybody_.evaluation.counts().truths;
  summary.missing_people = everybody_.preservation.missing_people();
  summary.extra_people = everybody_.preservation.extra_people();
  summary.scores = everybody_.evaluation.scores();
  summary.median = everybody_.preservation.oks().median;
  return summary;
}

std::optional<std::uint32_t> Meter::subject() const {
  if (rule_.primary.who == Primary::Who::given)
    return rule_.primary.id;
  return largest_.id();
}

clinical::PairedSeries Meter::series_of(std::uint32_t id) const {
  clinical::PairedSeries series;
  series.only_original = everybody_.left_out.frames_only_original;
  series.only_deidentified = everybody_.left_out.frames_only_deidentified;
  bool set_known = false;
  LeftOut ignored;
  for (const Couple& couple : couples_) {
    if (!couple.original || !couple.deidentified)
      continue;
    const Person* original = person_with(couple.original->pose, id);
    if (original != nullptr && !std::exchange(set_known, true))
      series.set = original->set;
    auto truths = truths_of(couple.original->pose, 1, rule_.people, ignored);
    auto detections = detections_of(couple.deidentified->pose, 1, rule_.people, ignored);
    keep_only(id, truths, detections);
    const bool found =
        truths.size() == 1 && detections.size() == 1 && oks(truths[0], detections[0].points) >= hardly_alike;
    const Person* deidentified = found ? person_with(couple.deidentified->pose, detections[0].id) : nullptr;
    series.frames.push_back({couple.time(), view_of(original, couple.original, series.set),
                             view_of(deidentified, couple.deidentified, series.set)});
  }
  return series;
}

BootstrapRule Meter::block_rule() const {
  BootstrapRule rule = rule_.bootstrap;
  if (rule.block > 0)
    return rule;
  std::vector<double> steps;
  for (std::size_t i = 1; i < couples_.size(); ++i)
    steps.push_back(static_cast<double>(couples_[i].time() - couples_[i - 1].time()));
  const double step = clinical::median(std::move(steps));
  rule.block = step > 0 ? static_cast<std::size_t>(std::max(1.0, std::round(1e9 / step))) : 30;
  return rule;
}

Meter::Reports Meter::reports() const {
  const auto who = subject();
  const bool one = rule_.primary.who != Primary::Who::everybody;
  Scored only(rule_.keep_pairs);
  if (one && who)
    for (std::size_t i = 0; i < couples_.size(); ++i)
      score(only, couples_[i], static_cast<std::int64_t>(i) + 1, who);
  const Scored& scored = one ? only : everybody_;
  Report report{&scored.evaluation, &scored.preservation,         std::nullopt,
                block_rule(),       describe(rule_.people.scale), scored.left_out};
  if (scored.preservation.frames() > 0)
    report.intervals = bootstrap(scored.evaluation, scored.preservation, report.bootstrap);

  auto root = ordered_json::parse(to_json(report));
  root["primary"] = {{"scores", one ? "one person" : "everybody"}, {"id", nullptr}};
  root["streams"] = {{"original", stream_of(couples_, &Couple::original)},
                     {"deidentified", stream_of(couples_, &Couple::deidentified)},
                     {"waiting_when_stopped",
                      {{"original", unsettled_.original}, {"deidentified", unsettled_.deidentified}}}};
  Reports reports;
  if (who) {
    root["primary"]["id"] = *who;
    const clinical::Results results = clinical::assess(series_of(*who), rule_.clinical);
    root["movement"] = clinical::clinical_report(results);
    std::ostringstream csv;
    clinical::clinical_csv(results, csv);
    reports.csv = csv.str();
  } else {
    root["movement"] = {{"value", nullptr}, {"why", "nobody was seen in the original"}};
    reports.csv = "measure,part,unit,original,deidentified,difference,n,why\n";
  }
  reports.json = root.dump(1) + "\n";
  return reports;
}

} // namespace deid::oks
