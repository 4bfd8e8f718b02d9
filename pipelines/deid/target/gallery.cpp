#include "pipelines/deid/target/gallery.hpp"
#include "models/descriptor/limit.hpp"
#include "models/files/whole_file.hpp"
#include "pipelines/deid/failure.hpp"
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace deid::cli {

namespace {

using json = nlohmann::ordered_json;

/// [dlib] Least distance of two strangers. Set by measurement: two observations of one person are within .5.
/// With more, a gallery of 24 needs more sitters than set-up has.
constexpr double least_apart = .5;
constexpr int tries_for_each = 60; ///< mixtures; of those of set-up's sitters, one in four is taken

/// Numbers with five decimals, which distances of descriptors need.
template <class Numbers> json rounded(const Numbers& numbers) {
  json list = json::array();
  for (const float number : numbers)
    list.push_back(std::round(1e5 * static_cast<double>(number)) / 1e5);
  return list;
}

bool far_from_all(const models::Descriptor& face, std::span<const models::Descriptor> others) {
  return std::ranges::all_of(others, [&](const models::Descriptor& other) {
    return models::distance(face, other) >= models::same_person_limit;
  });
}

bool another(const models::Descriptor& face, const std::vector<Stranger>& strangers) {
  return std::ranges::all_of(
      strangers, [&](const Stranger& other) { return models::distance(face, other.first) >= least_apart; });
}

} // namespace

std::vector<Stranger> drawn_strangers(const GalleryPlan& plan,
                                      const std::function<std::optional<Stranger>(const Mixture&)>& draw) {
  std::vector<Stranger> strangers;
  const Effort effort{.tries = static_cast<int>(plan.people) * tries_for_each, .seed = plan.seed};
  random_mixtures(plan.shapes, plan.textures, effort, [&](const Mixture& mixture) {
    const auto face = draw(mixture);
    if (face && far_from_all(face->first, plan.sitters) && another(face->first, strangers))
      strangers.push_back(*face);
    return strangers.size() < plan.people;
  });
  if (strangers.size() < plan.people)
    throw Failure("Only " + std::to_string(strangers.size()) + " different faces of the " +
                  std::to_string(plan.people) +
                  " that --gallery wants can be drawn from these portraits. Add portraits, or want fewer.");
  return strangers;
}

void write_gallery(const std::filesystem::path& file, std::span<const Stranger> strangers) {
  json people = json::array();
  for (const Stranger& stranger : strangers) {
    json person{{"name", "stranger-" + std::to_string(people.size() + 1)},
                {"descriptor", rounded(stranger.first)}};
    if (stranger.second)
      person["second"] = rounded(*stranger.second);
    people.push_back(std::move(person));
  }
  const json all{{"format", "deid-gallery-1"},
                 {"status", "drawn faces that show nobody: strangers, with whom results are compared"},
                 {"people", std::move(people)}};
  try {
    files::write_whole(file, all.dump() + "\n");
  } catch (const files::WriteError&) {
    throw Failure(file.string() + " cannot be written.");
  }
}

} // namespace deid::cli
