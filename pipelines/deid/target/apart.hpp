#pragma once
#include "elements/faceswap/target/target.hpp"
#include "pipelines/deid/target/options.hpp"
#include "pipelines/deid/target/portrait.hpp"
#include <nlohmann/json.hpp>
#include <optional>

namespace deid::cli {

/// A person or target that a composite must not resemble.
struct Known {
  std::string name{};
  models::Descriptor descriptor{};
  std::optional<models::FaceFeatures> second{}; ///< of FaceRes; nothing: it is not installed
};

/// Returns the sitters, then the targets of --apart-from. Throws Failure and TargetError.
std::vector<Known> known(const TargetOptions& o, const std::vector<Portrait>& portraits,
                         PortraitReader& reader);

/// Returns {"NAME": distance, ...} to all of them by dlib.
nlohmann::ordered_json distances(const Known& target, const std::vector<Known>& all);

/// Returns the same by FaceRes; empty where it is not installed.
nlohmann::ordered_json second_distances(const Known& target, const std::vector<Known>& all);

/// Throws Failure when a distance is below the limit. by: follows the name in the sentence.
void require_apart(const nlohmann::ordered_json& table, double limit, const std::string& by);

/// Returns dlib's distance to the nearest of all. Requires a descriptor.
double nearest(const faceswap::Target& target, const std::vector<Known>& all);

} // namespace deid::cli
