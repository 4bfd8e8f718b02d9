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

/// All units of an evaluation with their data.
struct Collection {
  std::vector<Loaded> units{};                ///< methods in order, within each the videos in order
  std::vector<Evaluation::Trouble> trouble{}; ///< units whose data could not be read; the report ignores them
  [[nodiscard]] std::vector<const Loaded*> of(const std::string& method) const;
};
Collection collect(const Evaluation& evaluation);

/// Which person each face is, and the source of that knowledge.
struct People {
  std::string how{}; ///< "file", "folder", "cluster"
  identity::Who who{};
  std::vector<std::string> names{}; ///< in order of appearance
  std::vector<identity::Track> tracks{};
  std::vector<identity::Doubt> doubts{}; ///< of the clustering
  std::vector<std::string> unknown{};    ///< clips in the file of people that are not in the evaluation
};
/// Throws std::runtime_error when the file cannot be read.
People people_of(const Evaluation& evaluation, const Collection& collection);

/// All faces of one method.
identity::Samples samples_of(const Evaluation& evaluation, const Collection& collection, const People& people,
                             const std::string& method);

} // namespace deid::evaluate
