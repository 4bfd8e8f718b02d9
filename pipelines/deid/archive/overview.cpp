#include "pipelines/deid/archive/overview.hpp"
#include "pipelines/deid/failure.hpp"
#include <algorithm>
#include <array>
#include <cstdio>

namespace deid::archive {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

constexpr int form = 1; ///< of the JSON
constexpr std::array order{"failed",  "changed", "missing", "stopped",
                           "waiting", "working", "found",   "done"}; ///< of the counts

template <class... Values> std::string format(const char* pattern, Values... values) {
  std::array<char, 512> text{};
  std::snprintf(text.data(), text.size(), pattern, values...);
  return text.data();
}

std::string time_text(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  if (s < 60)
    return format("%ld s", s);
  return s < 3600 ? format("%ld min %02ld s", s / 60, s % 60)
                  : format("%ld h %02ld min", s / 3600, s / 60 % 60);
}

/// Looks whether the result is as it was made.
void look_at_result(Entry& entry, const fs::path& file, const Looking& looking) {
  std::error_code ec;
  if (!fs::exists(file, ec)) {
    entry.status = "missing";
    entry.why = "The result was removed after it was made.";
    return;
  }
  bool touched = false;
  Print known = entry.state.result;
  if (looking.content)
    known.stamp = ~stamp_of(file);
  if (differs(file, known, touched)) {
    entry.status = "changed";
    entry.why = "The result was changed after it was made.";
  }
}

/// The record says that somebody works: does anybody?
void look_at_worker(Entry& entry, const fs::path& folder, const Looking& looking) {
  const Found found = newest_lease(folder);
  if (found.number == 0) {
    entry.status = "stopped";
    entry.why = "The process that worked on it is gone.";
    return;
  }
  if (!found.lease)
    return;
  entry.host = found.lease->worker.host;
  entry.job = found.lease->worker.job;
  entry.frames_done = found.lease->frames;
  entry.frames = std::max(entry.frames, found.lease->total);
  if (found.age > looking.stale) {
    entry.status = "stopped";
    entry.why = "Nobody gave a sign of life for " + time_text(static_cast<double>(found.age.count())) + ".";
    return;
  }
  if (found.lease->seconds > 0)
    entry.fps = static_cast<double>(entry.frames_done) / found.lease->seconds;
}

Entry entry_of(const Store& store, FileState state, const Looking& looking) {
  Entry entry{.state = std::move(state)};
  const FileState& s = entry.state;
  entry.status = to_string(s.status);
  entry.why = s.status == Status::failed ? s.reason() : "";
  entry.frames = s.length.frames;
  if (s.status == Status::working)
    look_at_worker(entry, store.folder_of(s.output), looking);
  if (s.status == Status::done) {
    entry.frames = entry.frames_done = s.frames;
    look_at_result(entry, store.out() / s.output, looking);
  }
  return entry;
}

bool is_open(const Entry& entry) {
  return entry.status == "waiting" || entry.status == "working" || entry.status == "stopped";
}

/// Frames of files that are done, and the seconds that they took.
struct Measured {
  double seconds = 0;
  std::uint64_t frames = 0;
};

/// Adds one file. One that failed counts as done: nothing of it is left to do now.
void add(const Entry& entry, Overview& all, Measured& measured) {
  ++all.counts[entry.status];
  if (entry.status == "found" || entry.status == "failed")
    return;
  if (is_open(entry) && entry.frames == 0)
    ++all.unknown;
  all.frames += std::max(entry.frames, entry.frames_done);
  if (entry.status != "stopped" && entry.status != "missing")
    all.frames_done += entry.frames_done;
  all.fps += entry.fps;
  if (entry.state.status == Status::done) {
    measured.seconds += entry.state.seconds;
    measured.frames += entry.state.frames;
  }
}

void add_up(Overview& all) {
  Measured measured;
  for (const Entry& entry : all.entries)
    add(entry, all, measured);
  const std::size_t workers = all.count("working");
  const double usual = measured.seconds > 0 ? static_cast<double>(measured.frames) / measured.seconds : 0;
  if (workers > 0 && usual > 0) // what was measured over whole files is steadier than the file at hand
    all.fps = usual * static_cast<double>(workers);
  if (all.fps > 0 && all.frames >= all.frames_done)
    all.seconds_left = static_cast<double>(all.frames - all.frames_done) / all.fps;
}

Json json_of(const Entry& entry) {
  const FileState& s = entry.state;
  Json json{{"output", s.output}, {"status", entry.status}, {"attempts", s.attempts.size()}};
  if (!entry.why.empty())
    json["why"] = entry.why;
  if (!s.method.empty())
    json["method"] = s.method;
  if (!s.version.empty())
    json["version"] = s.version;
  if (!entry.host.empty())
    json["host"] = entry.host;
  if (!entry.job.empty())
    json["job"] = entry.job;
  json["frames_done"] = entry.frames_done;
  json["frames"] = entry.frames;
  if (s.status != Status::done)
    return json;
  json["sha256"] = s.result.sha256;
  json["faces"] = s.faces;
  json["frames_covered"] = s.covered;
  json["frames_dropped"] = s.dropped;
  json["frames_in_doubt"] = s.doubts;
  json["frames_missing"] = s.missing;
  json["seconds"] = s.seconds;
  return json;
}

} // namespace

std::size_t Overview::count(const std::string& status) const {
  const auto found = counts.find(status);
  return found == counts.end() ? 0 : found->second;
}

bool Overview::amiss() const {
  return count("failed") + count("changed") + count("missing") > 0;
}

bool Overview::complete() const {
  return !amiss() && count("done") + count("found") == entries.size();
}

Overview look(const Store& store, const Looking& looking) {
  Overview all;
  for (auto& [output, state] : store.all())
    all.entries.push_back(entry_of(store, std::move(state), looking));
  add_up(all);
  return all;
}

std::string progress_text(const Overview& all) {
  std::string text = format("%zu of %zu files, %llu of %llu frames", all.count("done") + all.count("found"),
                            all.entries.size(), static_cast<unsigned long long>(all.frames_done),
                            static_cast<unsigned long long>(all.frames));
  if (all.count("failed") > 0)
    text += format(", %zu failed", all.count("failed"));
  if (all.complete())
    return text;
  if (all.count("working") == 0)
    return text + ", nobody works";
  if (all.seconds_left < 0)
    return text;
  text += ", about " + time_text(all.seconds_left) + " left";
  return all.unknown == 0 ? text : text + format(" and %zu files of unknown length", all.unknown);
}

namespace {

/// One line of the table. width: of its first column, characters.
std::string row_of(const Entry& entry, std::size_t width) {
  std::string row = entry.state.output;
  row.resize(std::max(width, row.size()), ' ');
  row += format("  %-8s %8llu of %8llu frames", entry.status.c_str(),
                static_cast<unsigned long long>(entry.frames_done),
                static_cast<unsigned long long>(entry.frames));
  if (!entry.host.empty())
    row += "  " + entry.host + (entry.job.empty() ? "" : " (job " + entry.job + ")");
  return row + (entry.why.empty() ? "" : "  " + entry.why) + "\n";
}

} // namespace

std::string to_text(const Overview& all, bool every) {
  std::vector<const Entry*> shown;
  std::size_t width = 6;
  for (const Entry& entry : all.entries)
    if (every || (entry.status != "done" && entry.status != "found")) {
      shown.push_back(&entry);
      width = std::max(width, entry.state.output.size());
    }
  std::string text;
  for (const Entry* entry : shown)
    text += row_of(*entry, width);
  std::string counts;
  for (const char* status : order)
    if (all.count(status) > 0)
      counts += (counts.empty() ? "" : ", ") + std::to_string(all.count(status)) + " " + status;
  return text + counts + "\n" + progress_text(all) + "\n";
}

Json to_json(const Overview& all) {
  Json json{{"status", form}, {"complete", all.complete()}, {"files", all.entries.size()}};
  json["counts"] = Json::object();
  for (const char* status : order)
    json["counts"][status] = all.count(status);
  json["frames_done"] = all.frames_done;
  json["frames"] = all.frames;
  json["files_of_unknown_length"] = all.unknown;
  json["fps"] = all.fps;
  json["seconds_left"] = all.complete()         ? Json(0)
                         : all.seconds_left < 0 ? Json(nullptr)
                                                : Json(all.seconds_left);
  json["results"] = Json::array();
  for (const Entry& entry : all.entries)
    json["results"].push_back(json_of(entry));
  return json;
}

} // namespace deid::archive
