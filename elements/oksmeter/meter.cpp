#include "elements/oksmeter/meter.hpp"
#include "elements/measures/coco/report.hpp"
#include "elements/measures/kinematics/report.hpp"
#include "elements/measures/kinematics/results.hpp"
#include "elements/measures/statistics/quantile.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <stdexcept>

namespace deid::oksmeter {

namespace {

using nlohmann::ordered_json;

// A partner below this OKS is another person. The person then is missing in that frame.
constexpr double hardly_alike = 0.1;

const Person* person_with(const PoseFrame& frame, std::int64_t id) {
  const auto found = std::ranges::find_if(
      frame.people, [id](const Person& p) { return static_cast<std::int64_t>(p.id) == id; });
  return found == frame.people.end() ? nullptr : &*found;
}

/// Returns the face whose centre is nearest to the person's nose, when the nose is within the face.
std::vector<cv::Point2f> face_of(const Person& person, const coco::Seen& seen) {
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

kinematics::View view_of(const Person* person, const std::optional<coco::Seen>& seen, KeypointSet set) {
  if (person == nullptr || !seen)
    return {};
  return {convert_points(*person, set), person->hands, face_of(*person, *seen)};
}

/// Detector, smoothing and size of a stream, from its first frame.
ordered_json stream_of(const std::vector<coco::FramePair>& pairs,
                       std::optional<coco::Seen> coco::FramePair::*which) {
  const auto first =
      std::ranges::find_if(pairs, [which](const coco::FramePair& c) { return (c.*which).has_value(); });
  if (first == pairs.end())
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
    throw std::invalid_argument("\"" + text +
                                "\" is no choice of people: give all, largest, or the id of a person");
  return primary;
}

Meter::Meter(MeterRule rule) : rule_(std::move(rule)), everybody_(rule_.keep_pairs) {
  kinematics::check(rule_.kinematics);
}

void Meter::score(Scored& scored, const coco::FramePair& pair, std::int64_t number,
                  const std::optional<std::uint32_t>& only) const {
  std::vector<coco::Truth> truths;
  std::vector<coco::Detection> detections;
  if (pair.original)
    truths = coco::truths_of(pair.original->pose, number, rule_.people, scored.left_out);
  else
    ++scored.left_out.frames_only_deidentified;
  if (pair.deidentified)
    detections = coco::detections_of(pair.deidentified->pose, number, rule_.people, scored.left_out);
  else
    ++scored.left_out.frames_only_original;
  if (only)
    coco::keep_only(*only, truths, detections);
  scored.evaluation.add(number, truths, detections);
  scored.preservation.add(truths, detections);
}

void Meter::add(coco::FramePair pair) {
  for (auto* seen : {&pair.original, &pair.deidentified})
    if (*seen)
      for (Person& person : (*seen)->pose.people)
        person.mask.reset(); // masks are large, and no measure uses them
  score(everybody_, pair, static_cast<std::int64_t>(pairs_.size()) + 1, std::nullopt);
  if (pair.original)
    largest_.add(pair.original->pose);
  pairs_.push_back(std::move(pair));
}

Summary Meter::summary() const {
  Summary summary;
  summary.frames = pairs_.size();
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

kinematics::PairedSeries Meter::series_of(std::uint32_t id) const {
  kinematics::PairedSeries series;
  series.only_original = everybody_.left_out.frames_only_original;
  series.only_deidentified = everybody_.left_out.frames_only_deidentified;
  bool set_known = false;
  coco::LeftOut ignored;
  for (const coco::FramePair& pair : pairs_) {
    if (!pair.original || !pair.deidentified)
      continue;
    const Person* original = person_with(pair.original->pose, id);
    if (original != nullptr && !std::exchange(set_known, true))
      series.set = original->set;
    auto truths = coco::truths_of(pair.original->pose, 1, rule_.people, ignored);
    auto detections = coco::detections_of(pair.deidentified->pose, 1, rule_.people, ignored);
    coco::keep_only(id, truths, detections);
    const bool found = truths.size() == 1 && detections.size() == 1 &&
                       coco::oks(truths[0], detections[0].points) >= hardly_alike;
    const Person* deidentified = found ? person_with(pair.deidentified->pose, detections[0].id) : nullptr;
    series.frames.push_back({pair.time(), view_of(original, pair.original, series.set),
                             view_of(deidentified, pair.deidentified, series.set)});
  }
  return series;
}

coco::BootstrapRule Meter::block_rule() const {
  coco::BootstrapRule rule = rule_.bootstrap;
  if (rule.block > 0)
    return rule;
  std::vector<double> steps;
  for (std::size_t i = 1; i < pairs_.size(); ++i)
    steps.push_back(static_cast<double>(pairs_[i].time() - pairs_[i - 1].time()));
  const double step = statistics::median(std::move(steps));
  rule.block = step > 0 ? static_cast<std::size_t>(std::max(1.0, std::round(1e9 / step))) : 30;
  return rule;
}

Meter::Reports Meter::reports() const {
  const auto who = subject();
  const bool one = rule_.primary.who != Primary::Who::everybody;
  Scored only(rule_.keep_pairs);
  if (one && who)
    for (std::size_t i = 0; i < pairs_.size(); ++i)
      score(only, pairs_[i], static_cast<std::int64_t>(i) + 1, who);
  const Scored& scored = one ? only : everybody_;
  coco::Report report{&scored.evaluation,
                      &scored.preservation,
                      std::nullopt,
                      block_rule(),
                      coco::describe(rule_.people.scale),
                      scored.left_out};
  if (scored.preservation.frames() > 0)
    report.intervals = coco::bootstrap(scored.evaluation, scored.preservation, report.bootstrap);

  auto root = ordered_json::parse(coco::to_json(report));
  root["primary"] = {{"scores", one ? "one person" : "everybody"}, {"id", nullptr}};
  root["streams"] = {{"original", stream_of(pairs_, &coco::FramePair::original)},
                     {"deidentified", stream_of(pairs_, &coco::FramePair::deidentified)},
                     {"waiting_when_stopped",
                      {{"original", unsettled_.original}, {"deidentified", unsettled_.deidentified}}}};
  Reports reports;
  if (who) {
    root["primary"]["id"] = *who;
    const kinematics::Results results = kinematics::assess(series_of(*who), rule_.kinematics);
    root["movement"] = kinematics::report_of(results);
    std::ostringstream csv;
    kinematics::write_csv(results, csv);
    reports.csv = csv.str();
  } else {
    root["movement"] = {{"value", nullptr}, {"why", "no person was found in the original"}};
    reports.csv = "measure,part,unit,original,deidentified,difference,n,why\n";
  }
  reports.json = root.dump(1) + "\n";
  return reports;
}

} // namespace deid::oksmeter
