#include "elements/faceswap/events.hpp"
#include <array>
#include <cmath>
#include <cstdio>

namespace deid::faceswap {

namespace {

std::string sentence_of(const SwapEvent& event, double least) {
  std::array<char, 64> figures{};
  if (event.why == Reason::not_trained) {
    std::snprintf(figures.data(), figures.size(), "%.3f (dlib), and must be below %.2f", event.distance,
                  trained_limit);
    return std::string("The model of ")
        .append(event.target)
        .append(" was trained for another person: the person's distance to its subject is ")
        .append(figures.data())
        .append(". It is not used on this face; give the model of this person.");
  }
  std::snprintf(figures.data(), figures.size(), "%.3f (dlib), and must be %.3f", event.distance, least);
  return std::string("The target ")
      .append(event.target)
      .append(" looks too much like the person: its distance is ")
      .append(figures.data())
      .append(". The face stays blurred; choose another target.");
}

/// Posts a warning about a person who cannot be swapped, except when there are more people than targets.
void warn(GstElement* element, const SwapEvent& event, double least) {
  const std::string sentence = sentence_of(event, least);
  gst_element_message_full(element, GST_MESSAGE_WARNING, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                           g_strdup(sentence.c_str()), g_strdup_printf("face %u", event.face), __FILE__,
                           "warn", __LINE__);
}

/// Returns "sex, age" or the like; empty when the target looks like the person, or nothing is known.
std::string words(const Unlike& unlike) {
  std::string said;
  for (const std::string& name : unlike.names())
    said.append(said.empty() ? "" : ", ").append(name);
  return said;
}

GstStructure* structure_of(const SwapEvent& event) {
  GstStructure* fields = gst_structure_new(
      "deid-swap", "event", G_TYPE_STRING, to_string(event.kind), "face", G_TYPE_UINT, event.face, "target",
      G_TYPE_STRING, event.target.c_str(), "reason", G_TYPE_STRING, to_string(event.why), "distance",
      G_TYPE_DOUBLE, event.distance, "geometry", G_TYPE_DOUBLE, static_cast<double>(event.geometry), "rank",
      G_TYPE_INT, event.rank.place, "strangers", G_TYPE_INT, event.rank.strangers, nullptr);
  if (event.unlike.any())
    gst_structure_set(fields, "unlike", G_TYPE_STRING, words(event.unlike).c_str(), nullptr);
  if (event.second)
    gst_structure_set(fields, "second-distance", G_TYPE_DOUBLE, event.second->distance, "second-rank",
                      G_TYPE_INT, event.second->rank.place, "second-strangers", G_TYPE_INT,
                      event.second->rank.strangers, nullptr);
  return fields;
}

} // namespace

void post(GstElement* element, const SwapEvent& event, double least) {
  if (event.kind == SwapEvent::Kind::refused &&
      (event.why == Reason::target_too_close || event.why == Reason::not_trained))
    warn(element, event, least);
  gst_element_post_message(element, gst_message_new_element(GST_OBJECT(element), structure_of(event)));
}

cover::MoreCounters more(const SwapCounters& counters, const Budget& budget) {
  const auto thousandths = [](double value) { return static_cast<std::uint64_t>(std::lround(value * 1000)); };
  const auto without = [&](Economy least) {
    std::uint64_t frames = 0;
    for (auto level = static_cast<std::size_t>(least); level < economy_count; ++level)
      frames += budget.frames().at(level);
    return frames;
  };
  const std::uint64_t passed = counters.verified - counters.refused;
  return {
      {"faces-swapped", counters.swapped},
      {"faces-blurred", counters.blurred},
      {"described", counters.described},
      {"verified", counters.verified},
      {"refused", counters.refused},
      {"refused-by-second", counters.refused_by_second},
      {"judges", counters.judges},
      {"second-worst-thousandths", thousandths(counters.worst_second)},
      {"distance-worst-thousandths", thousandths(counters.worst)},
      {"distance-mean-thousandths", passed > 0 ? thousandths(counters.sum / static_cast<double>(passed)) : 0},
      {"frames-without-correction", without(Economy::correction)},
      {"frames-without-hands", without(Economy::hands)},
      {"frames-without-sharpness", without(Economy::sharpness)},
      {"frames-without-swap", without(Economy::swap)}};
}

} // namespace deid::faceswap
