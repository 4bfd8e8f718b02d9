#include "pipelines/deid/target/command.hpp"
#include "models/descriptor/limit.hpp"
#include "models/files/whole_file.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/target/apart.hpp"
#include "pipelines/deid/target/composite/composite.hpp"
#include "pipelines/deid/target/mixture.hpp"
#include "pipelines/deid/target/portrait.hpp"
#include "pipelines/deid/target/recipes.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <set>

namespace deid::cli {

namespace fs = std::filesystem;
using composites::WeightedPortrait;
using faceswap::Target;
using json = nlohmann::ordered_json;

namespace {

constexpr double far_enough = .625; // ends --tries: beyond it, faces only become odd
std::vector<fs::path> pictures_in(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw Failure("--from needs a folder of portraits, which " + folder.string() + " is not.", exit_usage);
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::string extension = entry.path().extension().string();
    std::ranges::transform(extension, extension.begin(), [](unsigned char c) { return std::tolower(c); });
    if (entry.is_regular_file() &&
        std::set<std::string>{".jpg", ".jpeg", ".png", ".bmp", ".webp"}.contains(extension))
      files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

/// Splits "NAME=NUMBER". most: largest number, either way. what: begins the sentence of a refusal.
std::pair<std::string, double> parse_number(const std::string& text, double most, const char* what) {
  const auto equals = text.rfind('=');
  double number = 0;
  const char* end = text.data() + text.size();
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size() ||
      std::from_chars(text.data() + equals + 1, end, number).ptr != end || !(std::abs(number) <= most))
    throw Failure(std::string(what) + ", not '" + text + "'.", exit_usage);
  return {text.substr(0, equals), number};
}

std::string known_proportions() {
  std::string all;
  for (const std::string_view name : composites::proportion_names())
    all.append(all.empty() ? "" : ", ").append(name);
  return all;
}

composites::Proportion parse_proportion(const std::string& text) {
  const auto [name, value] = parse_number(text, composites::largest_proportion,
                                          "A proportion is NAME=NUMBER with a number of -3 to 3");
  const auto names = composites::proportion_names();
  if (std::ranges::find(names, name) == names.end())
    throw Failure("There is no proportion called " + name + ". Known are: " + known_proportions() + ".",
                  exit_usage);
  return {name, value};
}

/// Sets weights from "FILE=WEIGHT". Without any, all sitters count the same. With some, the other sitters
/// count nothing.
void weigh(std::vector<WeightedPortrait>& sitters, const std::vector<Portrait>& portraits,
           const std::vector<std::string>& weights, double WeightedPortrait::*kind) {
  for (WeightedPortrait& sitter : sitters)
    sitter.*kind = weights.empty() ? 1 : 0;
  for (const std::string& text : weights) {
    const auto [name, weight] = parse_weight(text);
    const auto found = std::ranges::find(portraits, name, &Portrait::name);
    if (found == portraits.end())
      throw Failure("There is no portrait called " + name + ".", exit_usage);
    sitters[static_cast<std::size_t>(found - portraits.begin())].*kind = weight;
  }
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

/// Scales a portrait down to the size that a composite needs, so that many tries are quick.
WeightedPortrait shrunk(const Portrait& portrait) {
  constexpr float enough = 1.5F * 256; // px of the face's height
  WeightedPortrait sitter{.rgb = portrait.rgb, .landmarks = portrait.mesh.landmarks};
  const auto [top, bottom] = std::ranges::minmax_element(sitter.landmarks, {}, &cv::Point3f::y);
  const float scale = enough / (bottom->y - top->y);
  if (scale >= 1)
    return sitter;
  cv::resize(portrait.rgb, sitter.rgb, {}, scale, scale, cv::INTER_AREA);
  for (cv::Point3f& p : sitter.landmarks)
    p *= scale;
  return sitter;
}

std::vector<WeightedPortrait> sitters_of(const TargetOptions& o, const std::vector<Portrait>& portraits) {
  std::vector<WeightedPortrait> sitters;
  for (const Portrait& portrait : portraits) {
    sitters.push_back(shrunk(portrait));
    sitters.back().glasses = holds(o.glasses, portrait.name);
    sitters.back().fringe = holds(o.fringe, portrait.name);
  }
  weigh(sitters, portraits, o.shape, &WeightedPortrait::shape);
  weigh(sitters, portraits, o.texture, &WeightedPortrait::texture);
  weigh(sitters, portraits, o.tone.empty() ? o.texture : o.tone, &WeightedPortrait::tone);
  if (!o.detail.empty())
    weigh(sitters, portraits, o.detail, &WeightedPortrait::detail);
  return sitters;
}

/// The weights that are not 0, by name, with two decimals.
json named(const std::vector<WeightedPortrait>& sitters, const std::vector<Portrait>& portraits,
           double WeightedPortrait::*kind) {
  json table = json::object();
  for (std::size_t i = 0; i < sitters.size(); ++i)
    if (sitters[i].*kind != 0)
      table[portraits[i].name] = sitters[i].*kind;
  return table;
}

void report(const TargetOptions& o, const json& all) {
  if (o.json) {
    std::printf("%s\n", all.dump().c_str());
    return;
  }
  std::printf("%s: distances (dlib; the same person below %.1f)\n", o.out.c_str(), models::same_person_limit);
  for (const auto& [name, value] : all.at("distances").items())
    std::printf("  %.3f  %s\n", value.get<double>(), name.c_str());
  if (!all.at("second").empty())
    std::printf("By FaceRes, a second recogniser (the same person below %.1f):\n", models::faceres_limit);
  for (const auto& [name, value] : all.at("second").items())
    std::printf("  %.3f  %s\n", value.get<double>(), name.c_str());
  if (o.tries > 0)
    for (const char* kind : {"shape", "texture"})
      for (const auto& [name, value] : all.at(kind).items())
        std::printf("  --%s %s=%.2f\n", kind, name.c_str(), value.get<double>());
}

/// PPM, a picture format that needs no library.
void write_picture(const fs::path& file, const cv::Mat& rgb) {
  std::string text("P6\n");
  text.append(std::to_string(rgb.cols)).append(" ").append(std::to_string(rgb.rows)).append("\n255\n");
  for (int y = 0; y < rgb.rows; ++y)
    text.append(reinterpret_cast<const char*>(rgb.ptr(y)), static_cast<std::size_t>(rgb.cols) * 3);
  try {
    files::write_whole(file, text);
  } catch (const files::WriteError&) {
    throw Failure(file.string() + " cannot be written.");
  }
}

void write(const TargetOptions& o, const Target& target) {
  write_target(o.out, target);
  if (!o.picture.empty())
    write_picture(o.picture, target.image);
}

void check(const TargetOptions& o) {
  const auto refuse = [](const std::string& why) { throw Failure(why, exit_usage); };
  if (o.from.empty() == o.photo.empty())
    refuse("Give either --from FOLDER or --photo FILE.");
  if (!o.photo.empty() && !o.consented)
    refuse("--photo needs --consented: the person in the photo must have given written consent, which can be "
           "withdrawn at any time.");
  const bool mixes =
      !(o.shape.empty() && o.texture.empty() && o.detail.empty() && o.tone.empty() && o.proportion.empty());
  if (!o.photo.empty() && (mixes || o.tries > 0 || !o.recipes.empty() ||
                           !(o.glasses.empty() && o.fringe.empty() && o.apart.empty())))
    refuse("Weights, --proportion, --recipes, --glasses, --fringe, --apart-from and --tries go with --from.");
  if (!o.recipes.empty() && (mixes || !o.name.empty() || !o.picture.empty() || !o.sex.empty() || o.age))
    refuse("With --recipes, the file says the weights, names and looks.");
  if (o.recipes.empty() && !o.overwrite && fs::exists(o.out))
    refuse(o.out.string() + " exists; --overwrite replaces it.");
}

/// Returns the sex and the age that the user says; what the user leaves out, the network says. Returns
/// nothing when one of them is not known.
std::optional<models::Looks> looks_of(const TargetOptions& o, PortraitReader& reader, const cv::Mat& rgb,
                                      const models::FaceMeshResult& mesh) {
  const bool all = !o.sex.empty() && o.age;
  std::optional<models::Looks> looks = all ? models::Looks{} : reader.look(rgb, mesh);
  if (looks && !o.sex.empty())
    looks->man = o.sex == "man" ? 1 : 0;
  if (looks && o.age)
    looks->age = *o.age;
  return looks;
}

int make_photo(const TargetOptions& o, PortraitReader& reader) {
  const Portrait portrait = reader.read(o.photo);
  Target target = composites::from_photo(portrait.rgb, portrait.mesh.landmarks);
  target.descriptor = portrait.descriptor;
  target.looks = looks_of(o, reader, portrait.rgb, portrait.mesh);
  target.name = o.name.empty() ? o.out.stem().string() : o.name;
  target.status = o.status.empty() ? "a photo of one person who agreed to lend the face" : o.status;
  write(o, target);
  return exit_ok;
}

std::vector<Portrait> portraits_of(const TargetOptions& o, PortraitReader& reader) {
  std::vector<Portrait> portraits;
  for (const fs::path& file : pictures_in(o.from))
    portraits.push_back(reader.read(file));
  if (portraits.size() < 3 && !o.force)
    throw Failure("A composite needs at least 3 portraits; " + o.from.string() + " has " +
                  std::to_string(portraits.size()) + ".");
  for (const auto* names : {&o.glasses, &o.fringe})
    for (const std::string& name : *names)
      if (std::ranges::find(portraits, name, &Portrait::name) == portraits.end())
        throw Failure("There is no portrait called " + name + ".", exit_usage);
  return portraits;
}

/// Makes the composite of the sitters with a weight, and describes it.
Target mixed(const TargetOptions& o, std::vector<WeightedPortrait> sitters, PortraitReader& reader) {
  std::erase_if(sitters, [](const WeightedPortrait& s) {
    return s.shape == 0 && s.texture == 0 && s.detail == 0 && s.tone == 0;
  });
  composites::CompositeOptions options{.sharpen = o.sharpen};
  for (const std::string& text : o.proportion)
    options.proportions.push_back(parse_proportion(text));
  Target target = composites::composite(sitters, options);
  target = composites::as_seen(target, reader.look_again(target.image, target.landmarks).landmarks);
  target.descriptor = reader.describe(target.image, {.landmarks = target.landmarks, .presence = 1});
  return target;
}

/// The sitters with a weight of this kind.
std::vector<WeightedPortrait*> who(std::vector<WeightedPortrait>& sitters, double WeightedPortrait::*kind) {
  std::vector<WeightedPortrait*> group;
  for (WeightedPortrait& sitter : sitters)
    if (sitter.*kind != 0)
      group.push_back(&sitter);
  if (group.size() < 3)
    throw Failure("--tries needs at least 3 portraits to mix.", exit_usage);
  return group;
}

/// The sitters whose weights are searched for.
struct Searched {
  std::vector<WeightedPortrait*> shapes{}, textures{};

  [[nodiscard]] Mixture mixture() const {
    Mixture now;
    for (const WeightedPortrait* sitter : shapes)
      now.shape.push_back(sitter->shape);
    for (const WeightedPortrait* sitter : textures)
      now.texture.push_back(sitter->texture);
    return now;
  }
  /// Gives the sitters the weights of a mixture, rounded as they will be written. with_tone: the tone follows
  /// the texture.
  void put(const Mixture& mixture, bool with_tone) const {
    for (std::size_t i = 0; i < shapes.size(); ++i)
      shapes[i]->shape = std::round(100 * mixture.shape[i]) / 100;
    for (std::size_t i = 0; i < textures.size(); ++i) {
      textures[i]->texture = std::round(100 * mixture.texture[i]) / 100;
      if (with_tone)
        textures[i]->tone = textures[i]->texture;
    }
  }
};

/// Returns the distance of the sitters' composite to the nearest of all; -1 when there is no face, so that
/// such weights are never the best ones.
double score(const TargetOptions& o, const std::vector<WeightedPortrait>& sitters,
             const std::vector<Known>& all, PortraitReader& reader) {
  try {
    return nearest(mixed(o, sitters, reader), all);
  } catch (const faceswap::TargetError&) {
    return -1.; // the weights nearly cancel each other
  } catch (const Failure&) {
    return -1.; // the network finds no face
  }
}

/// Returns the sitters with the weights of the mixture that is farthest from all of them. A sitter with a
/// weight of a kind takes part in the search for that kind. --tone is not changed.
std::vector<WeightedPortrait> searched(const TargetOptions& o, std::vector<WeightedPortrait> sitters,
                                       const std::vector<Known>& all, PortraitReader& reader) {
  const Searched weights{.shapes = who(sitters, &WeightedPortrait::shape),
                         .textures = who(sitters, &WeightedPortrait::texture)};
  Effort effort{.tries = o.tries, .seed = o.seed, .enough = far_enough};
  if (o.refine)
    effort.start = weights.mixture();
  const bool with_tone = o.tone.empty();
  const Mixture best =
      best_mixture(weights.shapes.size(), weights.textures.size(), effort, [&](const Mixture& mixture) {
        weights.put(mixture, with_tone);
        return score(o, sitters, all, reader);
      });
  weights.put(best, with_tone);
  return sitters;
}

/// Makes, checks and writes one composite. Returns what the next one must be apart from.
Known make_one(const TargetOptions& o, const std::vector<Portrait>& portraits, const std::vector<Known>& all,
               PortraitReader& reader) {
  std::vector<WeightedPortrait> sitters = sitters_of(o, portraits);
  if (o.tries > 0)
    sitters = searched(o, std::move(sitters), all, reader);
  Target target = mixed(o, sitters, reader);
  const models::FaceMeshResult mesh{.landmarks = target.landmarks, .presence = 1};
  target.looks = looks_of(o, reader, target.image, mesh);
  target.name = o.name.empty() ? o.out.stem().string() : o.name;
  target.status =
      o.status.empty() ? "a composite of " + std::to_string(portraits.size()) + " portraits" : o.status;
  const Known made{o.out.filename().string(), *target.descriptor, reader.features(target.image, mesh)};
  const json table = distances(made, all), second = second_distances(made, all);
  report(o, {{"target", o.out.string()},
             {"distances", table},
             {"second", second},
             {"shape", named(sitters, portraits, &WeightedPortrait::shape)},
             {"texture", named(sitters, portraits, &WeightedPortrait::texture)}});
  if (!o.force) {
    require_apart(table, models::same_person_limit, "");
    require_apart(second, o.second_least, " for FaceRes");
  }
  write(o, target);
  return made;
}

int make_composite(const TargetOptions& o, PortraitReader& reader) {
  const std::vector<Portrait> portraits = portraits_of(o, reader);
  make_one(o, portraits, known(o, portraits, reader), reader);
  return exit_ok;
}

/// Makes the composites of all recipes; each must be apart from those before it, too.
int make_bank(const TargetOptions& o, PortraitReader& reader) {
  const std::vector<TargetOptions> recipes = read_recipes(o);
  for (const TargetOptions& one : recipes)
    if (!o.overwrite && fs::exists(one.out))
      throw Failure(one.out.string() + " exists; --overwrite replaces it.", exit_usage);
  const std::vector<Portrait> portraits = portraits_of(o, reader);
  std::vector<Known> all = known(o, portraits, reader);
  for (const TargetOptions& one : recipes)
    try {
      all.push_back(make_one(one, portraits, all, reader));
    } catch (const Failure& failure) {
      throw Failure(one.name + " cannot be made: " + failure.what(), failure.code());
    } catch (const faceswap::TargetError& error) {
      throw Failure(one.name + " cannot be made: " + error.what());
    }
  return exit_ok;
}

} // namespace

std::pair<std::string, double> parse_weight(const std::string& text) {
  return parse_number(text, 2, "A weight is FILE=NUMBER with a number of -2 to 2");
}

int make_target(const TargetOptions& options) {
  check(options);
  PortraitReader reader;
  if (!options.photo.empty())
    return make_photo(options, reader);
  return options.recipes.empty() ? make_composite(options, reader) : make_bank(options, reader);
}

} // namespace deid::cli
