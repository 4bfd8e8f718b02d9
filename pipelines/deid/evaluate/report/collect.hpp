#pragma once
#include "elements/measures/identity/clustering.hpp"
#include "pipelines/deid/evaluate/report/audit.hpp"
#include "pipelines/deid/evaluate/report/movement.hpp"
#include "pipelines/deid/evaluate/report/report.hpp"

namespace deid::evaluate {

/// A unit with its raw data.
struct Loaded {
  std::string video{}, method{};
  nlohmann::ordered_json unit{}; ///< its file
  std::optional<identity::RawIdentity> identity{};
  std::optional<Audit> audit{};
  nlohmann::ordered_json movement{}; ///< oksmeter's report
};

/// All units of an evaluation, read.
struct Collection {
  std::vector<Loaded> units{};                ///< methods in order, within each the videos in order
  std::vector<Evaluation::Trouble> trouble{}; ///< units whose data could not be read; they take no part
  [[nodiscard]] std::vector<const Loaded*> of(const std::string& method) const;
};
Collection collect(const Evaluation& evaluation);

/// Who is who, and how that is known.
struct People {
  std::string how{}; ///< "file", "folder", "cluster"
  identity::Who who{};
  std::vector<std::string> names{}; ///< in the order in which they appear
  std::vector<identity::Track> tracks{};
  std::vector<identity::Doubt> doubts{}; ///< of the clustering
  std::vector<std::string> unknown{};    ///< clips of the file that are not here
};
/// Throws std::runtime_error when the file cannot be read.
People people_of(const Evaluation& evaluation, const Collection& collection);

/// All faces of one method.
identity::Samples samples_of(const Evaluation& evaluation, const Collection& collection, const People& people,
                             const std::string& method);

} // namespace deid::evaluate
