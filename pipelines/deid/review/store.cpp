#include "pipelines/deid/review/store.hpp"
#include "models/files/sha256.hpp"
#include "models/files/whole_file.hpp"
#include "models/manifest/manifest.hpp"
#include <fstream>

namespace deid::review {

namespace fs = std::filesystem;
using cli::Failure;

namespace {

std::string path_text(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_relative(folder);
  return (relative.empty() || *relative.begin() == ".." ? path : relative).string();
}

Json json_of(const Bound& bound, const fs::path& folder) {
  return {
      {"path", path_text(bound.path, folder)}, {"sha256", bound.facts.sha256}, {"bytes", bound.facts.bytes}};
}

bool is_sum(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string sum_in(const Json& json, const char* key) {
  std::string sum = value::text(json, key);
  if (!is_sum(sum))
    throw Failure(std::string("\"") + key + "\" is no SHA-256.");
  return sum;
}

const Json& part(const Json& json, const char* key) {
  if (!json.contains(key))
    throw Failure(std::string("\"") + key + "\" is missing.");
  return json[key];
}

std::uint64_t bytes_in(const Json& json) {
  if (!part(json, "bytes").is_number_unsigned())
    throw Failure("\"bytes\" is no size.");
  return json["bytes"].get<std::uint64_t>();
}

Bound bound_in(const Json& json, const char* key, const fs::path& folder) {
  const Json& from = part(json, key);
  value::only(from, {"path", "sha256", "bytes"});
  const fs::path path = value::text(from, "path", 8192);
  return {(path.is_absolute() ? path : folder / path).lexically_normal(),
          {sum_in(from, "sha256"), bytes_in(from)}};
}

void moments_in(const Json& json, Stored& stored) {
  for (const auto& [id, seconds] : part(json, "seen").items()) {
    if (!seconds.is_number() || !(seconds.get<double>() >= 0) || !(seconds.get<double>() < 1e7))
      throw Failure("The time that a moment was seen is no time.");
    stored.seen[id] = seconds.get<double>();
  }
  for (const auto& [id, why] : part(json, "left").items()) {
    if (!why.is_string())
      throw Failure("A reason is no text.");
    stored.left[id] = why.get<std::string>();
  }
}

Stored stored_in(const Json& json, const fs::path& folder) {
  value::only(json, {"review", "original", "result", "audit", "frames", "width", "height", "history",
                     "position", "seen", "left", "rendered"});
  if (value::whole(json, "review", 1, 1'000'000) != review_form)
    throw Failure("It has form " + json["review"].dump() + ", and this version reads form " +
                  std::to_string(review_form) + " alone.");
  Stored stored{.original = bound_in(json, "original", folder),
                .result = bound_in(json, "result", folder),
                .audit = bound_in(json, "audit", folder),
                .frames = value::whole(json, "frames", 1, 100'000'000),
                .size = {value::whole(json, "width", 1, 65536), value::whole(json, "height", 1, 65536)},
                .history = part(json, "history"),
                .rendered = part(json, "rendered")};
  if (!stored.history.is_array())
    throw Failure("\"history\" is no list.");
  stored.position =
      static_cast<std::size_t>(value::whole(json, "position", 0, static_cast<int>(stored.history.size())));
  moments_in(json, stored);
  if (!stored.rendered.is_null()) {
    value::only(stored.rendered, {"output", "sha256", "bytes", "audit_sha256", "edits"});
    for (const char* key : {"sha256", "audit_sha256", "edits"})
      sum_in(stored.rendered, key);
    stored.rendered["output"] =
        (folder / value::text(stored.rendered, "output", 8192)).lexically_normal().string();
    bytes_in(stored.rendered);
  }
  return stored;
}

fs::path folder_of(const fs::path& file) {
  return fs::absolute(file).lexically_normal().parent_path();
}

} // namespace

Stored load_review(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::error_code ec;
  const std::uintmax_t size = fs::file_size(file, ec);
  if (!in || ec)
    throw Failure(file.string() + " cannot be opened.");
  if (size > most_review_bytes)
    throw Failure(file.string() + " is too large for a review (" + std::to_string(size >> 20U) + " MiB).");
  try {
    const Json json = value::parsed(in);
    if (!json.is_object())
      throw Failure("It is no JSON object. Take the copy of your last backup, or delete it to begin again.");
    return stored_in(json, folder_of(file));
  } catch (const Failure& e) {
    throw Failure(file.string() + " is no review of this version, or it is damaged. " + e.what());
  }
}

void save_review(const fs::path& file, const Stored& s) {
  const fs::path folder = folder_of(file);
  Json rendered = s.rendered;
  if (!rendered.is_null())
    rendered["output"] = path_text(rendered["output"].get<std::string>(), folder);
  Json seen = Json::object(), left = Json::object();
  for (const auto& [id, seconds] : s.seen)
    seen[id] = seconds;
  for (const auto& [id, why] : s.left)
    left[id] = why;
  const Json json{{"review", review_form},
                  {"original", json_of(s.original, folder)},
                  {"result", json_of(s.result, folder)},
                  {"audit", json_of(s.audit, folder)},
                  {"frames", s.frames},
                  {"width", s.size.width},
                  {"height", s.size.height},
                  {"history", s.history},
                  {"position", s.position},
                  {"seen", seen},
                  {"left", left},
                  {"rendered", rendered}};
  try {
    const std::string text = json.dump(1, ' ', false, Json::error_handler_t::strict) + "\n";
    if (text.size() > most_review_bytes)
      throw Failure("The review is full: no further correction can be kept.");
    files::write_whole(file, text, 0600);
  } catch (const files::WriteError& e) {
    throw Failure(std::string(e.what()) + " The change was not kept; what was there before is still there.");
  } catch (const Json::exception&) {
    throw Failure("A text is not UTF-8. The change was not kept.");
  }
}

std::string sum_of_edits(const Stored& stored) {
  files::Sha256 sum;
  for (std::size_t i = 0; i < stored.position; ++i) {
    const std::string record = stored.history[i].dump() + "\n";
    sum.add(std::as_bytes(std::span(record)));
  }
  return sum.hex();
}

void check_content(const Bound& file, const char* what, bool whole) {
  std::error_code ec;
  const std::uintmax_t bytes = fs::file_size(file.path, ec);
  if (ec)
    throw Failure("The " + std::string(what) + " " + file.path.string() + " cannot be opened.");
  const bool same =
      bytes == file.facts.bytes && (!whole || models::sha256_of(file.path) == file.facts.sha256);
  if (!same)
    throw Failure("The " + std::string(what) + " " + file.path.string() +
                  " is not the one that was reviewed: its content differs (SHA-256). Nothing was done.");
}

} // namespace deid::review
