#include "pipelines/deid/run/keeper.hpp"
#include "models/files/whole_file.hpp"
#include "pipelines/deid/archive/overview.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/length.hpp"
#include "pipelines/deid/run/run.hpp"
#include <cstdio>
#include <ctime>
#include <thread>

namespace deid::cli {
namespace fs = std::filesystem;
using archive::Act;
using archive::FileState;
using archive::Status;
namespace {

constexpr std::chrono::milliseconds longest_nap{5000}; ///< between two looks at another process's file

std::vector<fs::path> beside(const BatchItem& item) {
  std::vector<fs::path> all;
  for (const fs::path& file : {item.audit, item.side_by_side, item.measure})
    if (!file.empty())
      all.push_back(file);
  if (!item.measure.empty())
    all.push_back(fs::path(item.measure).replace_extension(".csv"));
  return all;
}

void make_parents(const BatchItem& item) {
  for (const fs::path& file : {item.output, item.audit, item.side_by_side, item.measure})
    if (!file.empty())
      fs::create_directories(file.parent_path());
}

/// Removes the hidden unfinished files of a name, which a killed process left.
void remove_parts(const fs::path& file) {
  const std::string begin = "." + file.filename().string() + ".";
  std::error_code ec;
  std::vector<fs::path> parts;
  for (const auto& entry : fs::directory_iterator(file.parent_path(), ec)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(begin) && name.ends_with(".part"))
      parts.push_back(entry.path());
  }
  for (const fs::path& part : parts)
    fs::remove(part, ec);
}

/// Removes what a killed process left of its work on this item. Requires: the claim is held, and the record
/// says "working": then these files did not exist when that process began, or it had leave to replace them.
void remove_leftovers(const BatchItem& item) {
  std::error_code ec;
  const bool complete = fs::exists(item.output, ec); // the other files get their names before the result does
  remove_parts(item.output);
  for (const fs::path& file : beside(item)) {
    remove_parts(file);
    if (!complete)
      fs::remove(file, ec);
  }
}

void check_beside(const BatchItem& item) {
  for (const fs::path& file : beside(item))
    if (fs::exists(file))
      throw Failure(file.string() + " exists, but " + item.output.string() +
                    " does not. Another run or a killed run left it. Move it away, or name another folder.");
}

/// A summary of an item that was not processed.
Summary unprocessed(const BatchItem& item, const char* status, const std::string& why) {
  Summary s;
  s.input = item.input.string();
  s.output = item.output.string();
  s.status = status;
  s.error = why;
  return s;
}

void take_over(FileState& state, const Summary& summary) {
  state.method = summary.method;
  state.frames = summary.frames;
  state.faces = Summary::count(summary.cover, "faces");
  state.covered = Summary::count(summary.cover, "frames-covered");
  state.dropped = summary.frames_dropped();
  state.missing = summary.frames_missing;
  state.doubts = 0;
  for (const auto& [key, value] : summary.cover.items())
    if (key.starts_with("doubt"))
      state.doubts += Summary::count(summary.cover, key);
}

/// Saves the end of an attempt. A record that cannot be written then says "working" without a holder, which
/// is begun again.
void save_end(const archive::Store& store, const FileState& state) {
  try {
    store.save(state);
  } catch (const files::WriteError& e) {
    std::fprintf(stderr, "note: the record of a result could not be written: %s\n", e.what());
  }
}

} // namespace

Keeper::Keeper(const RunOptions& options, const ElementNames& names, const archive::Patience& patience)
    : options_(options), names_(names), store_(options.output), claims_(archive::this_worker(), patience) {}

fs::path Keeper::relative(const BatchItem& item) const {
  return item.output.lexically_relative(options_.output);
}

FileState Keeper::fresh_state(const BatchItem& item) const {
  std::error_code ec;
  FileState state{.output = relative(item).string()};
  if (fs::exists(item.output, ec))
    state.status = Status::found;
  else
    state.length = length_of(item.input);
  return state;
}

void Keeper::announce(const std::vector<BatchItem>& items) {
  for (const BatchItem& item : items)
    if (!store_.load(relative(item)))
      store_.add(fresh_state(item));
}

bool Keeper::wanted(const std::optional<FileState>& state) const {
  if (options_.only == Only::failed)
    return state && state->status == Status::failed;
  return options_.only == Only::open || !state || state->attempts.empty();
}

archive::Decision Keeper::decide_on(const BatchItem& item, const std::optional<FileState>& state) const {
  std::error_code ec;
  return archive::decide(
      state,
      {.exists = fs::exists(item.output, ec),
       .overwrite = options_.overwrite,
       .options = archive::hash_of(treatment_text(options_of(item, options_))),
       .input_differs =
           [&](const archive::Print& known, bool& touched) {
             std::error_code missing; // an original that was archived elsewhere is no change
             return fs::exists(item.input, missing) && archive::differs(item.input, known, touched);
           },
       .result_differs = [&](const archive::Print& known,
                             bool& touched) { return archive::differs(item.output, known, touched); }});
}

std::optional<Summary> Keeper::attempt(const BatchItem& item, const std::string& label, bool last_look,
                                       int& code) {
  try {
    const auto state = store_.load(relative(item));
    if (!wanted(state))
      return unprocessed(item, "skipped", "--only leaves it out");
    if (!state || state->status != Status::working) {
      const archive::Decision decision = decide_on(item, state);
      if (decision.act == Act::skip && !decision.refresh)
        return unprocessed(item, "skipped", decision.why);
      if (decision.act == Act::refuse)
        throw Failure(decision.why);
    }
    return claimed(item, label, last_look);
  } catch (const Failure& e) {
    code = e.code() == exit_interrupted ? exit_interrupted : exit_failed;
    return unprocessed(item, "failed", e.what());
  } catch (const std::exception& e) { // also memory and OpenCV: the other files of the batch go on
    code = exit_failed;
    return unprocessed(item, "failed", e.what());
  }
}

std::optional<Summary> Keeper::claimed(const BatchItem& item, const std::string& label, bool last_look) {
  const fs::path output = relative(item);
  store_.make_folder(output);
  auto taken = claims_.take(store_.folder_of(output), [&] {
    const auto state = store_.load(output);
    return state ? state->claim : 0;
  });
  if (const auto* by = std::get_if<archive::Taken>(&taken)) {
    if (!last_look || by->life != archive::Life::alive)
      return std::nullopt;
    return unprocessed(item, "busy", "another process works on it, on " + by->host);
  }
  return settle(item, label, *std::get<std::unique_ptr<archive::Claim>>(taken));
}

Summary Keeper::settle(const BatchItem& item, const std::string& label, archive::Claim& claim) {
  auto state = store_.load(relative(item)); // it may have changed before the claim was held
  const archive::Decision decision = decide_on(item, state);
  if (decision.act == Act::refuse)
    throw Failure(decision.why);
  if (decision.act == Act::run)
    return work(item, label, claim, decision, state ? *std::move(state) : fresh_state(item));
  if (decision.act == Act::adopt) {
    remove_leftovers(item);
    state->result = archive::print_of(item.output);
    state->frames = state->length.frames;
    state->end(Status::done, std::time(nullptr), "");
  }
  if (decision.refresh) {
    state->result.stamp = archive::stamp_of(item.output);
    std::error_code missing;
    if (fs::exists(item.input, missing))
      state->input.stamp = archive::stamp_of(item.input);
  }
  if (decision.refresh || decision.act == Act::adopt) {
    state->claim = claim.number();
    store_.save(*state);
  }
  return unprocessed(item, "skipped",
                     decision.act == Act::adopt ? "done before, by a process that was killed" : decision.why);
}

FileState Keeper::begun(const BatchItem& item, const RunOptions& one, const archive::Claim& claim,
                        FileState state) const {
  state.status = Status::working;
  state.claim = claim.number();
  state.replaces = fs::exists(item.output);
  state.audit = item.audit.empty() ? "" : item.audit.lexically_relative(options_.audit).string();
  state.method = to_string(one.method);
  state.options = archive::hash_of(treatment_text(one));
  state.version = DEID_VERSION;
  state.begin({claim.number(), claim.worker().host, claim.worker().job, std::time(nullptr)});
  return state;
}

Summary Keeper::timed_run(const BatchItem& item, const RunOptions& one, const std::string& label,
                          archive::Claim& claim, FileState& state) const {
  const Hooks hooks{
      .progress = [&](std::uint64_t frames, std::uint64_t total) { claim.note(frames, total); },
      .before_commit =
          [&] {
            if (!claim.holds())
              throw Failure(
                  "Another computer took this file over, because this process gave no sign of life. "
                  "Nothing was written.");
          }};
  const auto began = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  Summary summary = run_file(one, label, names_, hooks);
  state.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  state.cpu_seconds = cpu_seconds() - cpu;
  take_over(state, summary);
  state.result = archive::print_of(item.output);
  return summary;
}

Summary Keeper::work(const BatchItem& item, const std::string& label, archive::Claim& claim,
                     const archive::Decision& decision, FileState state) {
  RunOptions one = options_of(item, options_);
  one.overwrite = decision.replace;
  if (state.status == Status::working)
    remove_leftovers(item);
  if (!one.overwrite)
    check_beside(item);
  make_parents(item);
  state = begun(item, one, claim, std::move(state));
  const auto end = [&](Status status, const std::string& why) {
    state.end(status, std::time(nullptr), archive::without_names(why, item.input, options_.output));
    if (claim.holds()) // otherwise the record is another process's
      save_end(store_, state);
  };
  try {
    state.input = archive::print_of(item.input);
    store_.save(state);
    Summary summary = timed_run(item, one, label, claim, state);
    end(Status::done, "");
    return summary;
  } catch (const Failure& e) {
    end(e.code() == exit_interrupted ? Status::stopped : Status::failed, e.what());
    throw;
  } catch (const std::exception& e) {
    end(Status::failed, e.what());
    throw;
  }
}

void Keeper::tell_progress() {
  const auto now = std::chrono::steady_clock::now();
  if (options_.quiet || now - told_ < pause_)
    return;
  std::fprintf(
      stderr, "all parts: %s\n",
      archive::progress_text(archive::look(store_, {.stale = std::chrono::seconds(options_.stale_after)}))
          .c_str());
  told_ = std::chrono::steady_clock::now();
  pause_ = std::max(pause_, 50 * (told_ - now)); // looking must not cost more than a fiftieth
}

std::vector<Summary> Keeper::run(const std::vector<BatchItem>& items, int& code) {
  std::vector<std::optional<Summary>> results(items.size());
  const auto round = [&](bool last_look) {
    bool all = true;
    for (std::size_t i = 0; i < items.size() && code != exit_interrupted; ++i) {
      if (results[i])
        continue;
      const std::string label = "[" + std::to_string(i + 1) + "/" + std::to_string(items.size()) + "] " +
                                items[i].input.filename().string();
      results[i] = attempt(items[i], label, last_look, code);
      all = all && results[i];
      tell_progress();
    }
    return all;
  };
  bool all = round(false);
  while (!all && code != exit_interrupted) {
    all = round(true);
    if (!all)
      std::this_thread::sleep_for(std::min(longest_nap, claims_.patience().beat));
  }
  std::vector<Summary> done;
  for (auto& one : results)
    if (one)
      done.push_back(*std::move(one));
  return done;
}

} // namespace deid::cli
