#include "pipelines/deid/archive/state.hpp"
#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

namespace deid::archive {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

constexpr int record_form = 1; ///< of the record
constexpr std::size_t most_attempts = 20;
constexpr std::array statuses{Status::waiting, Status::working, Status::stopped,
                              Status::failed,  Status::done,    Status::found};

Json json_of(const Print& print) {
  return {{"sha256", print.sha256}, {"stamp", print.stamp}, {"bytes", print.bytes}};
}

Print print_in(const Json& json) {
  return {json.at("sha256").get<std::string>(), json.at("stamp").get<std::uint32_t>(),
          json.at("bytes").get<std::uint64_t>()};
}

Json json_of(const Attempt& a) {
  Json json{{"claim", a.claim}, {"host", a.host}, {"began", a.began}};
  if (!a.job.empty())
    json["job"] = a.job;
  if (!a.outcome.empty()) {
    json["ended"] = a.ended;
    json["outcome"] = a.outcome;
  }
  if (!a.reason.empty())
    json["reason"] = a.reason;
  return json;
}

Attempt attempt_in(const Json& json) {
  return {.claim = json.at("claim"),
          .host = json.at("host"),
          .job = json.value("job", ""),
          .began = json.at("began"),
          .ended = json.value("ended", std::int64_t{0}),
          .outcome = json.value("outcome", ""),
          .reason = json.value("reason", "")};
}

bool is_text(const std::string& name) {
  try {
    const std::string unused = Json(name).dump();
    return !unused.empty();
  } catch (const Json::exception&) { // not UTF-8
    return false;
  }
}

/// A name; its bytes in hex where it is not UTF-8.
void put_name(Json& json, const std::string& key, const std::string& name) {
  if (name.empty())
    return;
  if (is_text(name)) {
    json[key] = name;
    return;
  }
  constexpr const char* digits = "0123456789abcdef";
  std::string hex;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    hex.push_back(digits[byte / 16]);
    hex.push_back(digits[byte % 16]);
  }
  json[key + "_bytes"] = hex;
}

std::string name_in(const Json& json, const std::string& key) {
  if (json.contains(key))
    return json.at(key).get<std::string>();
  const std::string hex = json.value(key + "_bytes", "");
  std::string name;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    name.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return name;
}

Status status_in(const Json& json) {
  const auto name = json.at("status").get<std::string>();
  const auto found = std::ranges::find_if(statuses, [&](Status s) { return name == to_string(s); });
  if (found == statuses.end())
    throw std::runtime_error("has no status \"" + name + "\"");
  return *found;
}

void add_counts(Json& json, const FileState& s) {
  if (s.length != Length{})
    json["length"] = {{"frames", s.length.frames}, {"width", s.length.width}, {"height", s.length.height}};
  if (s.status != Status::done)
    return;
  json["frames"] = s.frames;
  json["faces"] = s.faces;
  json["frames_covered"] = s.covered;
  json["frames_dropped"] = s.dropped;
  json["frames_in_doubt"] = s.doubts;
  json["frames_missing"] = s.missing;
  json["seconds"] = s.seconds;
  json["cpu_seconds"] = s.cpu_seconds;
}

void read_counts(const Json& json, FileState& s) {
  if (json.contains("length")) {
    const Json& length = json.at("length");
    s.length = {length.at("frames"), length.at("width"), length.at("height")};
  }
  s.frames = json.value("frames", std::uint64_t{0});
  s.faces = json.value("faces", std::uint64_t{0});
  s.covered = json.value("frames_covered", std::uint64_t{0});
  s.dropped = json.value("frames_dropped", std::uint64_t{0});
  s.doubts = json.value("frames_in_doubt", std::uint64_t{0});
  s.missing = json.value("frames_missing", std::uint64_t{0});
  s.seconds = json.value("seconds", 0.0);
  s.cpu_seconds = json.value("cpu_seconds", 0.0);
}

bool part_of_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 127 || std::isalnum(byte) != 0;
}

/// Replaces a name where it stands as a word of its own.
void replace_name(std::string& text, const std::string& name, const std::string& by) {
  if (name.empty() || name == "." || name == "/")
    return;
  for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos;) {
    const std::size_t end = at + name.size();
    if ((at > 0 && part_of_word(text[at - 1]) && part_of_word(name.front())) ||
        (end < text.size() && part_of_word(text[end]) && part_of_word(name.back()))) {
      ++at;
      continue;
    }
    text.replace(at, name.size(), by);
    at += by.size();
  }
}

} // namespace

const char* to_string(Status status) {
  switch (status) {
  case Status::waiting:
    return "waiting";
  case Status::working:
    return "working";
  case Status::stopped:
    return "stopped";
  case Status::failed:
    return "failed";
  case Status::done:
    return "done";
  default:
    return "found";
  }
}

void FileState::begin(Attempt attempt) {
  attempts.push_back(std::move(attempt));
  if (attempts.size() > most_attempts)
    attempts.erase(attempts.begin());
}

void FileState::end(Status now, std::int64_t when, const std::string& why) {
  status = now;
  attempts.back().ended = when;
  attempts.back().outcome = to_string(now);
  attempts.back().reason = why;
}

std::string FileState::reason() const {
  return attempts.empty() ? "" : attempts.back().reason;
}

std::string to_text(const FileState& s) {
  Json json{{"state", record_form}};
  put_name(json, "output", s.output);
  put_name(json, "audit", s.audit);
  json["status"] = to_string(s.status);
  json["claim"] = s.claim;
  if (s.status == Status::working)
    json["replaces"] = s.replaces;
  if (!s.method.empty())
    json["method"] = s.method;
  if (!s.options.empty())
    json["options"] = s.options;
  if (!s.version.empty())
    json["version"] = s.version;
  if (!s.input.sha256.empty())
    json["input"] = json_of(s.input);
  if (s.status == Status::done)
    json["result"] = json_of(s.result);
  add_counts(json, s);
  json["attempts"] = Json::array();
  for (const Attempt& one : s.attempts)
    json["attempts"].push_back(json_of(one));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

FileState state_in(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    if (json.at("state") != record_form)
      throw std::runtime_error("has the form " + json.at("state").dump() +
                               ", which this version cannot read");
    FileState s{.output = name_in(json, "output"),
                .audit = name_in(json, "audit"),
                .status = status_in(json),
                .claim = json.at("claim"),
                .replaces = json.value("replaces", false),
                .method = json.value("method", ""),
                .options = json.value("options", ""),
                .version = json.value("version", "")};
    if (json.contains("input"))
      s.input = print_in(json.at("input"));
    if (json.contains("result"))
      s.result = print_in(json.at("result"));
    read_counts(json, s);
    for (const Json& one : json.at("attempts"))
      s.attempts.push_back(attempt_in(one));
    return s;
  } catch (const Json::exception&) {
    throw std::runtime_error("is damaged");
  } catch (const std::logic_error&) { // a number in hex
    throw std::runtime_error("is damaged");
  }
}

std::string without_names(std::string reason, const fs::path& input, const fs::path& out) {
  std::error_code ec;
  const std::array inputs{input, fs::absolute(input, ec), fs::weakly_canonical(input, ec)};
  for (const fs::path& one : inputs)
    replace_name(reason, one.string(), "the input");
  for (const fs::path& one : {fs::absolute(out, ec), fs::weakly_canonical(out, ec), out})
    replace_name(reason, one.string(), "OUT");
  for (const fs::path& one : inputs) {
    replace_name(reason, one.parent_path().string(), "the input's folder");
    replace_name(reason, one.filename().string(), "the input");
    replace_name(reason, one.stem().string(), "the input");
  }
  return reason;
}

} // namespace deid::archive
