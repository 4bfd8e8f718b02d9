#include "pipelines/deid/review/batch.hpp"
#include "pipelines/deid/review/compile.hpp"
#include "pipelines/deid/review/lock.hpp"
#include "pipelines/deid/review/record.hpp"
#include <algorithm>
#include <fstream>

namespace deid::review {

namespace fs = std::filesystem;
using cli::Failure;

namespace {

constexpr const char* extensions[]{".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi"};

bool is_result(const fs::path& file) {
  std::string extension = file.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::error_code ec;
  return std::ranges::find(extensions, extension) != std::end(extensions) &&
         file.stem().extension() != ".reviewed" && fs::is_regular_file(file, ec) &&
         fs::exists(beside(file).audit, ec);
}

std::vector<fs::path> results_in(const fs::path& folder) {
  std::error_code ec;
  if (!fs::is_directory(folder, ec))
    throw Failure(folder.string() + " is no folder.");
  std::vector<fs::path> found;
  fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, ec);
  for (; !ec && it != fs::recursive_directory_iterator(); it.increment(ec))
    if (!it->is_symlink(ec) && is_result(it->path()))
      found.push_back(it->path());
  std::ranges::sort(found);
  return found;
}

Json moments_left(const Beside& files, const Stored& stored) {
  const Audited audited = read_audit(files.audit);
  std::optional<Looked> looked;
  if (std::ifstream in(files.look); in) {
    const Json json = value::parsed(in);
    if (json.is_object() && json.contains("of") && json.contains("found") &&
        json["of"] == stored.audit.facts.sha256)
      looked = looked_in(json["found"], bounds_of(audited));
  }
  if (!looked)
    return nullptr;
  const auto moments = moments_of(events_of(audited, &*looked), static_cast<int>(audited.frames.size()));
  return unseen(moments, stored).size();
}

std::string state_of(const Beside& files, bool second) {
  std::error_code ec;
  if (!fs::exists(files.record, ec))
    return "open";
  if (!problems_of(files.record).empty())
    return "changed";
  return second && load_record(files.record)["signatures"].size() < 2 ? "waiting for a second reader"
                                                                      : "done";
}

Json row_of(const fs::path& result, const fs::path& folder, bool second) {
  const Beside files = beside(result);
  Json row{{"name", result.lexically_relative(folder).string()},
           {"state", "open"},
           {"moments_left", nullptr},
           {"locked_by", nullptr},
           {"original", nullptr}};
  try {
    if (const std::string holder = Lock::holder(files.lock); !holder.empty())
      row["locked_by"] = holder;
    row["state"] = state_of(files, second);
    std::error_code ec;
    if (fs::exists(files.review, ec)) {
      const Stored stored = load_review(files.review);
      row["original"] = stored.original.path.string();
      row["moments_left"] = moments_left(files, stored);
    }
  } catch (const std::exception& e) {
    row["state"] = "damaged";
    row["why"] = e.what();
  }
  return row;
}

} // namespace

Json list_folder(const fs::path& folder, bool second) {
  Json list = Json::array();
  for (const fs::path& result : results_in(folder))
    list.push_back(row_of(result, folder, second));
  return list;
}

} // namespace deid::review
