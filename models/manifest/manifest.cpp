#include "models/manifest/manifest.hpp"
#include "manifest_json.hpp"
#include "models/files/sha256.hpp"
#include "models/session/session.hpp"
#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

namespace deid::models {
namespace fs = std::filesystem;
namespace {

constexpr const char* mend =
    "Run ./meson-free-scripts/setup to fetch the models. Was gst-deid installed? Then install "
    "the package gst-deid-models, or unpack the archive, again.";

std::vector<Weight> parse() {
  const auto json = nlohmann::json::parse(manifest_json);
  std::map<std::string, std::string> versions;
  for (const auto& package : json.at("packages"))
    versions[package.at("name")] = package.at("version");

  std::vector<Weight> found;
  for (const auto& file : json.at("files")) {
    if (file.at("role") != "weight")
      continue;
    const std::string package = file.at("package");
    found.push_back({.name = file.at("name"),
                     .file = fs::path(file.at("to").get<std::string>()).filename().string(),
                     .sha256 = file.at("sha256"),
                     .package = package + " " + versions.at(package),
                     .licence = file.at("licence"),
                     .part = file.value("part", "")});
  }
  return found;
}

/// The shared object or program that contains this code; empty when the loader does not know it.
fs::path this_object() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&this_object), &info) == 0 || info.dli_fname == nullptr)
    return {};
  std::error_code error;
  const fs::path object = fs::canonical(info.dli_fname, error);
  // For a program started through PATH the loader gives no folder. The kernel knows it.
  return error ? fs::read_symlink("/proc/self/exe", error) : object;
}

struct Stamp {
  std::uintmax_t size = 0;
  fs::file_time_type time{};
  std::string sha256;
};

/// sha256 of a file, remembered until the file's size or time changes. A pipeline opens the same weights
/// several times.
std::string remembered_sha256(const fs::path& file) {
  static std::mutex lock;
  static std::map<fs::path, Stamp> known;
  std::error_code error;
  Stamp now{.size = fs::file_size(file, error), .time = fs::last_write_time(file, error), .sha256 = {}};
  const std::lock_guard guard(lock);
  if (const auto entry = known.find(file);
      entry != known.end() && entry->second.size == now.size && entry->second.time == now.time)
    return entry->second.sha256;
  now.sha256 = sha256_of(file);
  known[file] = now;
  return now.sha256;
}

} // namespace

const std::vector<Weight>& weights() {
  static const std::vector<Weight> all = parse();
  return all;
}

const Weight& weight(const std::string& name) {
  for (const Weight& candidate : weights())
    if (candidate.name == name)
      return candidate;
  throw std::out_of_range("models/manifest.json knows no weight called " + name);
}

std::vector<fs::path> model_dirs() {
  // A folder chosen by the user is the only one searched. Falling back in silence would hide that a file is
  // missing from it.
  if (const char* chosen = std::getenv("DEID_MODEL_DIR"); chosen != nullptr && *chosen != '\0')
    return {chosen};
  std::vector<fs::path> dirs;
  const fs::path object = this_object();
  if (object.empty())
    return dirs;
  const fs::path here = object.parent_path();
  // Installed: bin, lib/gstreamer-1.0, lib/<triplet>/gstreamer-1.0. Build tree:
  // build/<preset>/{plugins,pipelines,tests/...}.
  for (const char* relative :
       {"../share/gst-deid/models", "../../share/gst-deid/models", "../../../share/gst-deid/models",
        "../../deps/models", "../../../deps/models", "../../../../deps/models"})
    dirs.push_back((here / relative).lexically_normal());
  return dirs;
}

fs::path locate(const std::string& name) {
  const Weight& wanted = weight(name);
  std::string searched;
  for (const fs::path& dir : model_dirs()) {
    fs::path file = dir / wanted.file;
    std::error_code error;
    if (!fs::is_regular_file(file, error)) {
      searched += (searched.empty() ? "" : ", ") + dir.string();
      continue;
    }
    const std::string found = remembered_sha256(file);
    if (found != wanted.sha256)
      throw ModelError(ModelError::Kind::wrong_hash, "Model file " + file.string() + " is not the one of " +
                                                         wanted.package + ": its sha256 is " + found +
                                                         ", expected " + wanted.sha256 + ". " + mend);
    return file;
  }
  throw ModelError(ModelError::Kind::missing,
                   "Model file " + wanted.file + " is missing; looked in " + searched + ". " + mend);
}

bool any_present(std::initializer_list<const char*> names) {
  return std::ranges::any_of(names, [](const char* name) {
    return std::ranges::any_of(model_dirs(), [&](const fs::path& folder) {
      std::error_code ignored;
      return fs::exists(folder / weight(name).file, ignored);
    });
  });
}

fs::path given_or_weight(const fs::path& given, const std::string& name) {
  return given.empty() ? locate(name) : given;
}

std::string described(const fs::path& given, const std::string& name) {
  const std::string hash = given.empty() ? weight(name).sha256 : sha256_of(given);
  return (given.empty() ? name : given.filename().string()) + "@" + hash.substr(0, 16);
}

std::string sha256_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  files::Sha256 sum;
  std::vector<char> block(1U << 16U);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0)
    sum.add(std::as_bytes(std::span(block)).first(static_cast<std::size_t>(in.gcount())));
  if (!in.eof())
    throw ModelError(ModelError::Kind::missing, "Model file " + file.string() + " cannot be read. " + mend);
  return sum.hex();
}

} // namespace deid::models
