#include "elements/identitymeter/stats.hpp"

namespace deid::identitymeter {

namespace {

void set(GstStructure* to, const std::string& name, std::uint64_t value) {
  gst_structure_set(to, name.c_str(), G_TYPE_UINT64, static_cast<guint64>(value), nullptr);
}

void set(GstStructure* to, const std::string& name, const std::optional<double>& value) {
  gst_structure_set(to, name.c_str(), G_TYPE_DOUBLE, value.value_or(-1), nullptr);
}

void set(GstStructure* to, const std::string& name, const statistics::RunningStats& tally) {
  set(to, name + "-count", tally.count());
  set(to, name + "-mean", tally.mean());
  set(to, name + "-sd", tally.sd());
  set(to, name + "-min", tally.least());
  set(to, name + "-above", tally.above());
}

void set_missing(GstStructure* to, const std::array<std::uint64_t, missing_count>& missing) {
  for (std::size_t i = 1; i < missing.size(); ++i)
    set(to, to_string(static_cast<Missing>(i)), missing.at(i));
}

} // namespace

GstStructure* structure_of(const char* name, const Summary& s) {
  GstStructure* out = gst_structure_new(name, "threshold", G_TYPE_DOUBLE, s.threshold, "interval",
                                        G_TYPE_UINT, s.interval, nullptr);
  set(out, "frames", s.counts.frames);
  set(out, "measured", s.counts.measured);
  set(out, "left-out", s.counts.left_out);
  set_missing(out, s.counts.missing);
  for (std::size_t i = 0; i < identity::state_count; ++i)
    set(out, std::string("faces-") + to_string(static_cast<identity::State>(i)), s.faces.at(i));
  set(out, "without-landmarks", s.counts.without_landmarks);
  set(out, "landmarks-of-original", s.counts.assumed);
  set(out, "not-described", s.counts.unseen);
  set(out, "unexpected", s.counts.unexpected);
  set(out, "to-original", s.all.original);
  set(out, "to-average", s.all.average);
  set(out, "to-target", s.all.target);
  statistics::RunningStats second;
  for (const statistics::RunningStats& one : s.second)
    second.add(one);
  set(out, "second-to-original", second);
  if (!s.ending)
    return out;
  statistics::RunningStats final_average;
  for (const statistics::RunningStats& one : s.ending->final_average)
    final_average.add(one);
  set(out, "to-final-average", final_average);
  set(out, "people", static_cast<std::uint64_t>(s.ending->recognition.people));
  set(out, "auc", s.ending->recognition.area);
  return out;
}

GstStructure* structure_of(const char* name, const Taken& taken) {
  GstStructure* out = gst_structure_new_empty(name);
  set(out, "frames", taken.frames);
  set(out, "taken", taken.taken);
  set(out, "left-out", taken.left_out);
  set_missing(out, taken.missing);
  set(out, "faces", taken.faces);
  set(out, "without-landmarks", taken.without_landmarks);
  return out;
}

} // namespace deid::identitymeter
