#include "pipelines/deid/run/batch.hpp"
#include "pipelines/deid/archive/manifest.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/output_file.hpp"
#include "pipelines/deid/picture/picture.hpp"
#include "pipelines/deid/review/from.hpp"
#include "pipelines/deid/run/keeper.hpp"
#include "pipelines/deid/run/run.hpp"
#include "pipelines/deid/run/summary.hpp"
#include "pipelines/deid/scan/run.hpp"
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <unistd.h>

namespace deid::cli {
namespace fs = std::filesystem;
namespace {

bool is_written(const fs::path& file) {
  static const std::set<std::string> known{".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi"};
  return known.contains(lower_extension(file));
}

/// A picture or a scan; of a pair of files only the first.
bool is_known_by_name(const fs::path& file) {
  return format_of_name(file).has_value() || (is_scan(file) && !is_voxels_of_pair(file));
}

BatchItem place(const fs::path& input, const fs::path& relative, const RunOptions& o) {
  BatchItem item{input, o.output / relative, {}, {}, {}};
  const bool picture = format_of_name(relative).has_value();
  if (!picture && !is_written(relative) && !is_scan(relative) && !is_series(input))
    item.output += ".mp4";
  if (is_header_of_pair(relative))
    item.output += ".nii.gz";
  if (!o.audit.empty())
    (item.audit = o.audit / relative) += ".jsonl";
  if (!o.side_by_side.empty())
    (item.side_by_side = o.side_by_side / relative) += picture ? "" : ".mp4";
  if (!o.measure.empty())
    (item.measure = o.measure / relative) += ".json";
  return item;
}

bool inside(const fs::path& file, const fs::path& directory) {
  if (directory.empty() || file.empty())
    return false;
  std::error_code ec;
  const fs::path there = fs::weakly_canonical(directory, ec), here = fs::weakly_canonical(file, ec);
  return std::ranges::mismatch(there, here).in1 == there.end();
}

/// Why the iterator skips this entry in silence: an unreadable folder, a link to a folder, or a dead link
/// with a video's name. Empty otherwise.
std::string closed_to_us(const fs::directory_entry& entry) {
  std::error_code ec;
  if (entry.is_symlink(ec) && entry.is_directory(ec))
    return "it is a link to a folder; name that folder itself as an input";
  if (entry.is_directory(ec) && access(entry.path().c_str(), R_OK | X_OK) != 0)
    return "the folder cannot be opened";
  if (entry.is_symlink(ec) && !fs::exists(entry.path(), ec) && is_named_as_video(entry.path()))
    return "the link leads nowhere";
  return "";
}

/// A file: an input, or one that is left out and why.
void add_file(const fs::path& file, const fs::path& relative, const RunOptions& o,
              std::vector<BatchItem>& items, std::vector<LeftOut>& left_out) {
  if (is_known_by_name(file)) {
    items.push_back(place(file, relative, o));
    return;
  }
  if (const std::string why = why_left_out(file); !why.empty()) {
    left_out.push_back({file, why});
    return;
  }
  const FileKind kind = kind_of_file(file);
  if (kind.what == FileKind::What::video)
    items.push_back(place(file, relative, o));
  else if (kind.what == FileKind::What::left_out)
    left_out.push_back({file, kind.why});
}

void add_directory(const fs::path& directory, const RunOptions& o, std::vector<BatchItem>& items,
                   std::vector<LeftOut>& left_out) {
  const auto options = fs::directory_options::skip_permission_denied;
  std::error_code ec;
  for (fs::recursive_directory_iterator at(directory, options); at != fs::recursive_directory_iterator();
       ++at) {
    const fs::path& path = at->path();
    if (inside(path, o.output) || inside(path, o.side_by_side))
      continue;
    if (const std::string why = closed_to_us(*at); !why.empty())
      left_out.push_back({path, why});
    if (is_series(path)) {
      items.push_back(place(path, path.lexically_relative(directory), o));
      at.disable_recursion_pending();
    }
    if (at->is_regular_file(ec))
      add_file(path, path.lexically_relative(directory), o, items, left_out);
  }
}

/// The options of a row with this subject.
RunOptions with_subject(const RunOptions& o, const std::string& subject) {
  RunOptions row = o;
  if (!subject.empty())
    row.subject = subject;
  return row;
}

/// Refuses a file about patients among the results.
void check_apart(const fs::path& table, const char* what, const RunOptions& o) {
  if (inside(table, o.output))
    throw Failure(std::string("The ") + what + " lies in " + o.output.string() +
                      ". It says who is in which result, so it must not be where results are passed on "
                      "from. Move it to another folder.",
                  exit_usage);
}

void add_manifest(const RunOptions& o, std::vector<BatchItem>& items) {
  check_apart(o.manifest, "manifest", o);
  for (const archive::Row& row : archive::read_manifest(o.manifest)) {
    BatchItem item = place(row.input, row.output, o);
    try {
      item.own = row_options(with_subject(o, row.subject), row.method, row.options);
      if (item.own->method == Method::swap && !o.subjects.empty() && item.own->subject.empty())
        throw Failure("the column subject is empty, and --subjects needs it.", exit_usage);
    } catch (const Failure& e) {
      throw Failure(o.manifest.string() + ", line " + std::to_string(row.line) + ": " + e.what(), exit_usage);
    }
    items.push_back(std::move(item));
  }
}

void tell(const std::vector<LeftOut>& left_out) {
  for (const LeftOut& one : left_out)
    std::fprintf(stderr, "left out: %s: %s.\n", one.file.c_str(), one.why.c_str());
}

void print_table(const std::vector<Summary>& all) {
  std::size_t width = 5;
  for (const Summary& s : all)
    width = std::max(width, s.input.size());
  std::printf("%-*s  %-8s %8s %8s %8s  %s\n", static_cast<int>(width), "input", "status", "frames", "faces",
              "fps", "");
  for (const Summary& s : all) {
    const double fps = s.seconds > 0 ? static_cast<double>(s.frames) / s.seconds : 0;
    std::printf("%-*s  %-8s %8llu %8llu %8.1f  %s\n", static_cast<int>(width), s.input.c_str(),
                s.status.c_str(), static_cast<unsigned long long>(s.frames),
                static_cast<unsigned long long>(Summary::count(s.cover, "faces")), fps, s.error.c_str());
  }
}

/// Whether a batch wrote this file. The same command may then replace it.
bool is_summary(const fs::path& file) {
  std::ifstream in(file);
  const auto json = nlohmann::json::parse(in, nullptr, false);
  return json.is_array() && std::ranges::all_of(json, [](const nlohmann::json& one) {
           return one.is_object() && one.contains("input") && one.contains("status");
         });
}

void write_json(const RunOptions& o, const nlohmann::ordered_json& json, bool overwrite) {
  if (o.json_summary.empty())
    return;
  OutputFile file(o.json_summary, overwrite);
  const std::string text = json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  if (write(file.fd(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw Failure(o.json_summary.string() + " could not be written.");
  file.commit();
}

Summary summary_of(const LeftOut& one) {
  Summary s;
  s.input = one.file.string();
  s.status = "left out";
  s.error = one.why;
  return s;
}

void check_directory(const fs::path& output) {
  if (output.empty())
    throw Failure("Several inputs need a directory: -o DIRECTORY.", exit_usage);
  std::error_code ec;
  if (fs::exists(output, ec) && !fs::is_directory(output, ec))
    throw Failure(output.string() + " is a file; several inputs need a directory.", exit_usage);
}

/// The items of the part that this run takes.
std::vector<BatchItem> of_shard(const RunOptions& o, std::vector<BatchItem> items) {
  if (!o.shard)
    return items;
  const archive::Plan plan = o.shard_plan.empty() ? archive::Plan{} : archive::read_plan(o.shard_plan);
  const archive::Store store(o.output);
  std::erase_if(items, [&](const BatchItem& item) {
    const auto planned = plan.find(store.folder_of(item.output.lexically_relative(o.output)).filename());
    const std::uint32_t mine = planned != plan.end() && planned->second <= o.shard->of
                                   ? planned->second
                                   : archive::shard_of(item.input, o.shard->of);
    return mine != o.shard->index;
  });
  return items;
}

/// Tells what became of the items and of the files that are none.
void tell_all(const RunOptions& o, const std::vector<Summary>& all, const std::vector<LeftOut>& left_out) {
  if (!o.quiet)
    print_table(all);
  for (const Summary& s : all)
    if (s.status == "failed") {
      const bool named = s.error.starts_with(s.input + ": "); // many reasons begin with the file
      std::fprintf(stderr, "failed: %s%s%s\n", named ? "" : s.input.c_str(), named ? "" : ": ",
                   s.error.c_str());
    }
  tell(left_out);
}

/// Processes all files, also after failures; an interrupt ends it.
int run_batch(const RunOptions& o, const ElementNames& names) {
  check_directory(o.output);
  const bool again = !o.json_summary.empty() && is_summary(o.json_summary);
  if (!o.json_summary.empty())
    check_target(o.json_summary, o.overwrite || again); // before the work, not after it
  std::vector<LeftOut> left_out;
  const std::vector<BatchItem> items = of_shard(o, plan_batch(o, left_out));
  int code = exit_ok;
  Keeper keeper(o, names, {.stale = std::chrono::seconds(o.stale_after)});
  keeper.announce(items);
  std::vector<Summary> all = keeper.run(items, code);
  for (const LeftOut& one : left_out)
    all.push_back(summary_of(one));
  auto json = nlohmann::ordered_json::array();
  for (const Summary& s : all)
    json.push_back(to_json(s));
  tell_all(o, all, left_out);
  write_json(o, json, o.overwrite || again);
  return code;
}

int run_one(const RunOptions& o, const ElementNames& names) {
  if (o.quality && (o.live() || !is_picture(o.inputs.front())))
    throw Failure("--quality is for pictures; a video has --crf.", exit_usage);
  const std::string label = o.live() ? o.camera : o.inputs.front().filename().string();
  const Summary s = o.live() ? run_camera(o, names) : run_file(o, label, names);
  if (!o.quiet)
    std::fputs((s.kind == "scan" ? scan_text(s) : to_text(s)).c_str(), stdout);
  write_json(o, to_json(s), o.overwrite);
  return exit_ok;
}

} // namespace

RunOptions options_of(const BatchItem& item, const RunOptions& o) {
  RunOptions one = item.own.value_or(o);
  one.inputs = {item.input};
  one.manifest.clear();
  one.output = item.output;
  one.audit = item.audit;
  one.side_by_side = item.side_by_side;
  one.measure = item.measure;
  one.json_summary.clear();
  return one;
}

bool is_batch(const RunOptions& o) {
  std::error_code ec;
  return !o.manifest.empty() || (o.shard && !o.inputs.empty()) || o.inputs.size() > 1 ||
         (o.inputs.size() == 1 && fs::is_directory(o.inputs.front(), ec) && !is_series(o.inputs.front()));
}

std::vector<BatchItem> plan_batch(const RunOptions& o) {
  std::vector<LeftOut> left_out;
  std::vector<BatchItem> items = plan_batch(o, left_out);
  tell(left_out);
  return items;
}

std::vector<BatchItem> plan_batch(const RunOptions& o, std::vector<LeftOut>& left_out) {
  std::vector<BatchItem> items;
  std::error_code ec;
  check_apart(o.subjects, "book of subjects", o);
  if (!o.manifest.empty())
    add_manifest(o, items);
  for (const fs::path& input : o.inputs) {
    if (fs::is_directory(input, ec) && !is_series(input))
      add_directory(input, o, items, left_out);
    else
      items.push_back(place(input, input.filename(), o));
  }
  std::ranges::sort(items, {}, &BatchItem::input);
  std::ranges::sort(left_out, {}, &LeftOut::file);
  std::set<fs::path> outputs, inputs;
  for (const BatchItem& item : items)
    inputs.insert(fs::weakly_canonical(item.input, ec));
  for (const BatchItem& item : items) {
    if (!outputs.insert(item.output).second)
      throw Failure("Two inputs would become " + item.output.string() + "; run them separately.", exit_usage);
    if (inputs.contains(fs::weakly_canonical(item.output, ec)))
      throw Failure(item.output.string() +
                        " is an input, and the output would overwrite it; name another directory with -o.",
                    exit_usage);
  }
  if (items.empty()) {
    tell(left_out);
    throw Failure("There is no video, no picture and no scan in " + o.inputs.front().string() + ".");
  }
  return items;
}

int run_command(const RunOptions& o, const ElementNames& names) {
  try {
    if (!o.from.empty()) {
      const review::Corrected corrected(o);
      return run_one(corrected.options(), names);
    }
    if (is_batch(o)) {
      if (!o.dry_run)
        return run_batch(o, names);
      for (const BatchItem& item : of_shard(o, plan_batch(o)))
        std::puts(dry_run(options_of(item, o), names).c_str());
      return exit_ok;
    }
    if (o.dry_run) {
      std::puts(dry_run(o, names).c_str());
      return exit_ok;
    }
    return run_one(o, names);
  } catch (const Failure& e) {
    std::fprintf(stderr, "deid: %s\n", e.what());
    return e.code();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "deid: %s\n", e.what());
    return exit_failed;
  }
}

} // namespace deid::cli
