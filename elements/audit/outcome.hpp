#pragma once
#include "elements/audit/reason.hpp"
#include "elements/meta/face_region.hpp"
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace deid::audit {

/// The place of a person among strangers, by distance to the result.
struct Rank {
  int place = 0;     ///< 1: the person is the nearest of all
  int strangers = 0; ///< people beside the person
  bool operator==(const Rank&) const = default;
};

/// In what a target does not look like the person who gets it: what the choice gave up for a better cover.
struct Unlike {
  bool sex = false, age = false, tone = false;
  [[nodiscard]] bool any() const { return sex || age || tone; }
  /// Returns the words for what differs, in the order of unlike_names.
  [[nodiscard]] std::vector<std::string> names() const;
  bool operator==(const Unlike&) const = default;
};

/// The words of the audit and of the bus.
constexpr std::array<std::pair<const char*, bool Unlike::*>, 3> unlike_names{
    {{"sex", &Unlike::sex}, {"age", &Unlike::age}, {"tone", &Unlike::tone}}};

inline std::vector<std::string> Unlike::names() const {
  std::vector<std::string> said;
  for (const auto& [name, member] : unlike_names)
    if (this->*member)
      said.emplace_back(name);
  return said;
}

/// What was done to one face of one frame, and why. Nothing in it tells who the person is.
struct Outcome {
  Treatment treatment = Treatment::none;
  std::string target{};             ///< name of the target that was drawn; empty: none was, or it has no name
  Reason reason = Reason::none;     ///< of a face that was not swapped, or not covered
  double weight = 1;                ///< of a swap over its cover [0..1]; below 1 it fades
  bool kept = false;                ///< The swap was drawn with landmarks of an earlier frame.
  double geometry = 0;              ///< of a swap [0..1]
  std::optional<double> distance{}; ///< dlib, between person and result; known when the result was checked
  std::optional<Rank> rank{};       ///< likewise; needs strangers
  std::optional<double> second_distance{}; ///< as distance, of the second judge, in its own unit
  std::optional<Rank> second_rank{};
  Unlike unlike{}; ///< of a swap that was checked: the target and the person
  bool operator==(const Outcome&) const = default;
};

} // namespace deid::audit
