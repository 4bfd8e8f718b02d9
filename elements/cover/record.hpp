#pragma once
#include "elements/cover/plan.hpp"
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace deid::cover {

/// What happens to a frame in doubt.
enum class OnDoubt : std::uint8_t { cover_frame, drop, error };

/// What happens to tags, chapters and other data beside the frames.
enum class Tags : std::uint8_t { drop, keep };

/// Settings of every covering element.
struct Settings {
  Shape shape = Shape::box;
  float margin = 0.1F;
  OnDoubt on_doubt = OnDoubt::cover_frame;
  Tags tags = Tags::drop;
  std::string audit{}; ///< file; empty: none
};

/// Counts since start.
struct Counters {
  std::uint64_t frames = 0, faces = 0, frames_covered = 0, frames_dropped = 0;
  std::array<std::uint64_t, deid::cover::doubt_count> doubts{};
  std::vector<std::pair<const char*, std::uint64_t>> more{}; ///< of the derived element, names with '-'
};

/// GTypes of the enums, for properties.
GType shape_type();
GType on_doubt_type();
GType tags_type();
/// Returns the nick of an enum's value.
const char* nick(GType type, int value);

/// Returns the counters for the property `stats` and the summary message (transfer full).
GstStructure* counters_structure(const Counters& counters, const char* name);

/// The word of the audit for a method.
const char* to_string(Method method);

/// Parts of the audit's summary and header.
nlohmann::ordered_json counters_json(const Counters& counters);
nlohmann::ordered_json settings_json(const Settings& settings, const Style& style);

} // namespace deid::cover
