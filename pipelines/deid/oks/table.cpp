#include "pipelines/deid/oks/table.hpp"
#include "elements/meta/pose.hpp"
#include <cstdarg>
#include <cstdio>

namespace deid::cli {

namespace {

using coco::Interval;

[[gnu::format(printf, 2, 3)]] void line(std::string& to, const char* format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  to += text;
  to += '\n';
}

std::string rate(double value) {
  char text[16];
  std::snprintf(text, sizeof text, "%.3f", value);
  return value < 0 ? "n/a" : text;
}

std::string between(const Interval* interval) {
  if (interval == nullptr || interval->low < 0)
    return "";
  return "  [" + rate(interval->low) + ", " + rate(interval->high) + "]";
}

void append_scores(std::string& to, const coco::Report& report) {
  const coco::Scores scores = report.evaluation->scores();
  const coco::Counts& counts = report.evaluation->counts();
  const coco::Intervals* i = report.intervals ? &*report.intervals : nullptr;
  const auto row = [&](const char* name, double ap, const Interval* of_ap, double ar, const Interval* of_ar,
                       const std::string& count) {
    line(to, "%-16s %6s%-18s %6s%-18s %s", name, rate(ap).c_str(), between(of_ap).c_str(), rate(ar).c_str(),
         between(of_ar).c_str(), count.c_str());
  };
  const auto found = [&](std::size_t t) {
    return std::to_string(counts.found[t]) + " of " + std::to_string(counts.truths) + ", " +
           std::to_string(counts.wrong[t]) + " wrong";
  };
  line(to, "%-16s %6s%-18s %6s%-18s %s", "OKS", "AP", "", "AR", "", "people found");
  row(".50:.95", scores.stats[0], i ? &i->ap : nullptr, scores.stats[5], i ? &i->ar : nullptr, "");
  row(".50", scores.stats[1], i ? &i->ap50 : nullptr, scores.stats[6], i ? &i->ar50 : nullptr, found(0));
  row(".75", scores.stats[2], i ? &i->ap75 : nullptr, scores.stats[7], i ? &i->ar75 : nullptr, found(5));
  row(".95", scores.ap95, i ? &i->ap95 : nullptr, scores.ar95, i ? &i->ar95 : nullptr, found(9));
  row(".50:.95 medium", scores.stats[3], nullptr, scores.stats[8], nullptr, "");
  row(".50:.95 large", scores.stats[4], nullptr, scores.stats[9], nullptr, "");
}

void append_similarity(std::string& to, const coco::Report& report) {
  const coco::Distribution oks = report.preservation->oks();
  const std::size_t people = oks.n + report.preservation->missing_people();
  if (oks.n == 0) {
    line(to, "OKS of pairs: n/a, no person is in both files.");
    return;
  }
  line(to, "OKS of %zu pairs: median %.4f%s  p5 %.4f  p1 %.4f  min %.4f", oks.n, oks.median,
       between(report.intervals ? &report.intervals->median : nullptr).c_str(), oks.p5, oks.p1, oks.min);
  for (std::size_t i = 0; i < coco::marks.size(); ++i)
    line(to, "  at least %.2f: %zu of %zu people = %s%s", coco::marks[i], oks.at_least[i], people,
         rate(static_cast<double>(oks.at_least[i]) / static_cast<double>(people)).c_str(),
         between(report.intervals ? &report.intervals->at_least[i] : nullptr).c_str());
}

void append_points(std::string& to, const coco::Preservation& preservation) {
  line(to, "%-16s %8s %8s %8s %8s %8s %10s %8s", "point", "n", "median", "p5", "p1", "min", "over .95",
       "missing");
  const auto names = keypoint_names(KeypointSet::coco17);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const coco::PointReport point = preservation.point(i);
    const coco::Distribution& d = point.similarity;
    if (d.n == 0)
      line(to, "%-16s %8s", names[i].data(), "n/a");
    else
      line(to, "%-16s %8zu %8.4f %8.4f %8.4f %8.4f %10zu %8zu", names[i].data(), d.n, d.median, d.p5, d.p1,
           d.min, d.at_least[1], point.missing);
  }
}

void append_counts(std::string& to, const coco::Report& report) {
  const coco::Counts& counts = report.evaluation->counts();
  line(to, "Frames: %zu, %zu of them without people in both files.", counts.frames,
       counts.frames_with_nobody);
  line(to, "People: %zu to find, %zu ignored; %zu detections; %zu people missing, %zu extra.", counts.truths,
       counts.ignored_truths, counts.detections, report.preservation->missing_people(),
       report.preservation->extra_people());
  const coco::LeftOut& out = report.left_out;
  if (out.without_points > 0)
    line(to, "%zu people without any COCO point took no part.", out.without_points);
  if (out.without_scale > 0)
    line(to, "%zu people have no such scale and are ignored.", out.without_scale);
  if (out.zero_area > 0)
    line(to,
         "%zu people have the area 0 in the ground truth: their OKS is 0 unless every point is equal, so it "
         "is meaningless. Give --scale keypoint-box, or write their areas [px^2] into the file.",
         out.zero_area);
  if (out.annotations > 0)
    line(to, "%zu entries belong to an image or category that the ground truth does not list.",
         out.annotations);
  if (out.frames_only_original + out.frames_only_deidentified > 0)
    line(to, "Frames without a partner: %zu of the original, %zu of the de-identified; scored as they are.",
         out.frames_only_original, out.frames_only_deidentified);
}

} // namespace

std::string table_of(const coco::Report& report) {
  std::string text = "Scale: " + report.scale + "\n";
  append_counts(text, report);
  text += '\n';
  append_scores(text, report);
  if (report.intervals)
    line(text, "In brackets: 95 %% of %zu resamples, blocks of %zu frames, seed %llu.",
         report.bootstrap.resamples, report.bootstrap.block,
         static_cast<unsigned long long>(report.bootstrap.seed));
  text += '\n';
  append_similarity(text, report);
  text += '\n';
  append_points(text, *report.preservation);
  return text;
}

} // namespace deid::cli
