#include "pipelines/deid/target/recipes.hpp"
#include "pipelines/deid/failure.hpp"
#include <fstream>
#include <nlohmann/json.hpp>

namespace deid::cli {

namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json; // keeps the order of the file

constexpr std::size_t fewest_textures = 3; ///< sitters in a texture; with fewer one of them may be recognised

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Failure("The recipes " + file.string() + " cannot be used: " + why + ".");
}

/// Returns a member's numbers as "NAME=NUMBER"; those that are 0 are left out.
std::vector<std::string> numbers(const json& recipe, const char* member) {
  std::vector<std::string> texts;
  if (recipe.contains(member))
    for (const auto& [name, value] : recipe.at(member).items())
      if (value.get<double>() != 0)
        texts.push_back(name + "=" + json(value.get<double>()).dump());
  return texts;
}

TargetOptions recipe_of(const TargetOptions& common, const std::string& name, const json& recipe) {
  if (name.empty() || name.starts_with('.') || name.find('/') != std::string::npos)
    refuse(common.recipes, "\"" + name + "\" is no name of a file");
  TargetOptions o = common;
  o.name = name;
  o.out = common.out / (name + ".json");
  o.picture = common.out / (name + ".ppm");
  o.shape = numbers(recipe, "shape");
  o.texture = numbers(recipe, "texture");
  o.detail = numbers(recipe, "detail");
  o.tone = numbers(recipe, "tone");
  o.proportion = numbers(recipe, "proportions");
  o.sex = recipe.value("sex", "");
  if (recipe.contains("age"))
    o.age = recipe.at("age").get<double>();
  o.status = recipe.value("status", common.status);
  o.second_least = recipe.value("second_least", common.second_least);
  if (o.shape.empty() || o.texture.size() < fewest_textures)
    refuse(common.recipes, name + " mixes fewer than three textures, or has no shape");
  if (!o.sex.empty() && o.sex != "woman" && o.sex != "man")
    refuse(common.recipes, "the sex of " + name + " is not \"woman\" or \"man\"");
  return o;
}

} // namespace

std::vector<TargetOptions> read_recipes(const TargetOptions& common) {
  std::ifstream in(common.recipes);
  if (!in)
    refuse(common.recipes, "it cannot be read");
  std::vector<TargetOptions> recipes;
  try {
    const json all = json::parse(in);
    for (const auto& [name, recipe] : all.get_ref<const json::object_t&>())
      recipes.push_back(recipe_of(common, name, recipe));
  } catch (const json::exception&) {
    refuse(common.recipes, "it is not a JSON object of recipes");
  }
  if (!fs::is_directory(common.out))
    throw Failure("--out names a folder with --recipes, and " + common.out.string() + " is none.",
                  exit_usage);
  return recipes;
}

} // namespace deid::cli
