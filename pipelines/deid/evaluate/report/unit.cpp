#include "pipelines/deid/evaluate/report/unit.hpp"
#include "models/files/whole_file.hpp"
#include "models/manifest/manifest.hpp"
#include <algorithm>
#include <fstream>
#include <functional>
#include <set>
#include <stdexcept>
#include <vector>

namespace deid::evaluate {

namespace {

using nlohmann::ordered_json;
constexpr const char* format = "deid-evaluate-unit-1";
constexpr std::string_view original_picture = ".original-";

std::optional<ordered_json> read_json(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    return std::nullopt;
  ordered_json json = ordered_json::parse(in, nullptr, false); // damaged: discarded
  if (!json.is_object() || json.value("format", "") != format || !json.contains("key"))
    return std::nullopt;
  return json;
}

Key key_of(const ordered_json& json) {
  const auto& input = json.at("input");
  return {{input.value("size", std::uintmax_t{0}), input.value("mtime", std::int64_t{0}),
           input.value("sha256", std::string())},
          json.value("method", std::string()),
          json.value("options", std::string()),
          json.value("version", std::string())};
}

ordered_json json_of(const Key& key) {
  return {{"input", {{"size", key.input.size}, {"mtime", key.input.mtime}, {"sha256", key.input.sha256}}},
          {"method", key.method},
          {"options", key.options},
          {"version", key.version}};
}

bool same_key(const Key& a, const Key& b) {
  return a.input.sha256 == b.input.sha256 && a.input.size == b.input.size && a.method == b.method &&
         a.options == b.options && a.version == b.version;
}

bool whole(const Folder& folder, const ordered_json& files) {
  std::error_code ec;
  return std::ranges::all_of(files, [&](const ordered_json& file) {
    const auto size = fs::file_size(folder.root() / file.value("path", std::string()), ec);
    return !ec && size == file.value("size", std::uintmax_t{0});
  });
}

/// Removes the pictures whose names `gone` is true of.
void remove_pictures(const Folder& folder, const std::function<bool(const std::string&)>& gone) {
  std::vector<fs::path>
      files; // collected before the removal: a folder's iterator is undefined while the folder changes
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder.root() / "pictures", ec))
    if (gone(entry.path().filename().string()))
      files.push_back(entry.path());
  for (const fs::path& file : files)
    if (!fs::remove(file, ec) && ec)
      throw std::runtime_error("The picture " + file.string() +
                               " of an evaluation before cannot be removed: " + ec.message() + ".");
}

std::string short_hash(const std::string& text) { // FNV-1a: the same on every machine
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const unsigned char c : text)
    hash = (hash ^ c) * 0x100000001b3U;
  char hex[17];
  std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(hash));
  return std::string(hex, 6);
}

bool plain(unsigned char c) {
  return std::isalnum(c) || c == '-' || c == '_' || c == '.';
}

} // namespace

std::string file_name(const std::string& video) {
  std::string name;
  std::ranges::transform(video, std::back_inserter(name),
                         [](char c) { return plain(static_cast<unsigned char>(c)) ? c : '_'; });
  return name == video ? name : name + "-" + short_hash(video);
}

void Folder::make() const {
  std::error_code ec;
  for (const fs::path& path : {root_, root_ / "units", root_ / "raw", root_ / "pictures"}) {
    fs::create_directories(path, ec);
    if (!fs::is_directory(path) || access(path.c_str(), W_OK | X_OK) != 0)
      throw std::runtime_error(path.string() +
                               " is no folder that can be written to; choose another with --out.");
    if (path != root_)
      fs::permissions(path, fs::perms::owner_all, ec);
  }
}

fs::path Folder::unit(const std::string& video, const std::string& method) const {
  return root_ / "units" / (file_name(video) + "." + file_name(method) + ".json");
}

fs::path Folder::raw(const std::string& video, const std::string& method, const std::string& what) const {
  return root_ / "raw" / (file_name(video) + "." + file_name(method) + "." + what);
}

fs::path Folder::picture(const std::string& video, const std::string& method, const std::string& what) const {
  return root_ / "pictures" / (file_name(video) + "." + file_name(method) + "." + what);
}

std::string Folder::relative(const fs::path& file) const {
  return file.lexically_relative(root_).string();
}

Input input_of(const fs::path& file, const std::optional<Input>& before) {
  std::error_code ec;
  Input input;
  input.size = fs::file_size(file, ec);
  if (ec)
    throw std::runtime_error(file.string() + " cannot be read: " + ec.message() + ".");
  input.mtime = fs::last_write_time(file, ec).time_since_epoch().count();
  const bool known = before && before->size == input.size && before->mtime == input.mtime;
  input.sha256 = known ? before->sha256 : models::sha256_of(file);
  return input;
}

std::optional<Key> key_in(const fs::path& unit_file) {
  const auto json = read_json(unit_file);
  return json ? std::optional(key_of((*json)["key"])) : std::nullopt;
}

std::optional<ordered_json> finished(const Folder& folder, const fs::path& unit_file, const Key& key) {
  auto json = read_json(unit_file);
  if (!json || !same_key(key_of((*json)["key"]), key) || !json->contains("files") ||
      !whole(folder, (*json)["files"]))
    return std::nullopt;
  return json;
}

void publish(const Folder& folder, const fs::path& unit_file, const Key& key, ordered_json content) {
  ordered_json json{{"format", format}, {"key", json_of(key)}};
  for (auto& [name, path] : content["files"].items()) {
    const std::string relative = path.get<std::string>();
    path = {{"path", relative}, {"size", fs::file_size(folder.root() / relative)}};
  }
  json.update(content);
  files::write_whole(unit_file, json.dump(1) + "\n", 0600);
}

void drop_old_pictures(const Folder& folder, const std::string& video, const std::string& method,
                       const ordered_json& files) {
  std::set<std::string> kept;
  for (const ordered_json& path : files)
    kept.insert(path.get<std::string>());
  const std::string front = folder.picture(video, method, "").filename().string();
  remove_pictures(folder, [&](const std::string& name) {
    // "a.mp4.mask." also begins the names of a video "a.mp4.mask.mp4": only one word and ".jpg" may follow
    return name.starts_with(front) && name.find('.', front.size()) == name.rfind('.') &&
           !kept.contains(folder.relative(folder.root() / "pictures" / name));
  });
}

void drop_originals(const Folder& folder) {
  remove_pictures(folder, [](const std::string& name) {
    const auto what = name.rfind('.', name.rfind('.') - 1); // video.method.original-12.jpg
    return what != std::string::npos && name.compare(what, original_picture.size(), original_picture) == 0;
  });
}

void require_ours(const Folder& folder) {
  const auto refuse = [&](const char* name) {
    throw std::runtime_error((folder.root() / name).string() +
                             " was not written by deid evaluate (perhaps by deid measure) and would be "
                             "overwritten; choose another folder with --out.");
  };
  if (const fs::path report = folder.root() / "report.json"; fs::exists(report)) {
    std::ifstream in(report, std::ios::binary);
    const ordered_json json = ordered_json::parse(in, nullptr, false);
    if (!json.is_object() || json.value("format", ordered_json()) != report_format)
      refuse("report.json");
  }
  if (fs::exists(folder.root() / "movement.csv") && !fs::exists(folder.root() / "units"))
    refuse("movement.csv");
}

} // namespace deid::evaluate
