#include "pipelines/deid/target/apart.hpp"
#include "pipelines/deid/failure.hpp"
#include <cmath>
#include <cstdio>

namespace deid::cli {

namespace {

double four_digits(double distance) {
  return std::round(1e4 * distance) / 1e4;
}

/// Returns a limit as people write it: .6
std::string short_number(double limit) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", limit);
  const std::string number(text.data());
  return number.starts_with("0.") ? number.substr(1) : number;
}

} // namespace

std::vector<Known> known(const TargetOptions& o, const std::vector<Portrait>& portraits,
                         PortraitReader& reader) {
  std::vector<Known> all;
  for (const Portrait& portrait : portraits)
    all.push_back({portrait.name, portrait.descriptor, reader.features(portrait.rgb, portrait.mesh)});
  for (const std::filesystem::path& file : o.apart) {
    const faceswap::Target other = faceswap::read_target(file);
    if (!other.descriptor)
      throw Failure(file.string() + " has no descriptor to compare with.");
    all.push_back({file.filename().string(), *other.descriptor,
                   reader.features(other.image, {.landmarks = other.landmarks, .presence = 1})});
  }
  return all;
}

nlohmann::ordered_json distances(const Known& target, const std::vector<Known>& all) {
  nlohmann::ordered_json table = nlohmann::ordered_json::object();
  for (const Known& one : all)
    table[one.name] = four_digits(models::distance(target.descriptor, one.descriptor));
  return table;
}

nlohmann::ordered_json second_distances(const Known& target, const std::vector<Known>& all) {
  nlohmann::ordered_json table = nlohmann::ordered_json::object();
  for (const Known& one : all)
    if (target.second && one.second)
      table[one.name] = four_digits(models::distance(*target.second, *one.second));
  return table;
}

void require_apart(const nlohmann::ordered_json& table, double limit, const std::string& by) {
  for (const auto& [name, value] : table.items())
    if (value.get<double>() < limit)
      throw Failure("The composite is too close to " + name + by + ": " +
                    std::to_string(value.get<double>()).substr(0, 5) + ", less than " + short_number(limit) +
                    ". Take more portraits or other weights; --force writes it nevertheless.");
}

double nearest(const faceswap::Target& target, const std::vector<Known>& all) {
  double least = HUGE_VAL;
  for (const Known& one : all)
    least = std::min(least, models::distance(*target.descriptor, one.descriptor));
  return least;
}

} // namespace deid::cli
