#include "pipelines/deid/review/command.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/review/batch.hpp"
#include "pipelines/deid/review/record.hpp"
#include "pipelines/deid/review/server/serve.hpp"
#include "pipelines/deid/review/server/videos.hpp"
#include "pipelines/deid/review/session.hpp"
#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace deid::cli {

namespace fs = std::filesystem;
using review::Json;

namespace {

std::vector<fs::path> records_in(const fs::path& place) {
  std::error_code ec;
  if (!fs::is_directory(place, ec))
    return {place};
  std::vector<fs::path> found;
  fs::recursive_directory_iterator it(place, fs::directory_options::skip_permission_denied, ec);
  for (; !ec && it != fs::recursive_directory_iterator(); it.increment(ec))
    if (it->path().filename().string().ends_with(".record.json") && it->is_regular_file(ec))
      found.push_back(it->path());
  std::ranges::sort(found);
  if (found.empty())
    throw Failure("There is no record (.record.json) in " + place.string() + ".");
  return found;
}

/// Returns the sentences about a record that is not true, or that cannot be read.
Json problems_with(const fs::path& record) {
  try {
    return review::problems_of(record);
  } catch (const Failure& e) {
    return Json::array({e.what()});
  }
}

void print_check(const fs::path& record, const Json& problems, bool quiet) {
  if (!quiet || !problems.empty())
    std::printf("%s: %s\n", record.string().c_str(), problems.empty() ? "true" : "NOT TRUE");
  for (const Json& problem : problems)
    std::printf("  %s\n", problem.get<std::string>().c_str());
}

int check(const ReviewOptions& o) {
  Json all = Json::array();
  bool fine = true;
  for (const fs::path& file : records_in(o.check)) {
    const Json problems = problems_with(file);
    fine = fine && problems.empty();
    if (!o.json)
      print_check(file, problems, o.quiet);
    all.push_back({{"record", file.string()}, {"fine", problems.empty()}, {"problems", problems}});
  }
  if (o.json)
    std::printf("%s\n", all.dump(2).c_str());
  return fine ? exit_ok : exit_failed;
}

int list(const ReviewOptions& o) {
  const Json rows = review::list_folder(o.list, o.second);
  if (o.json) {
    std::printf("%s\n", rows.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    return exit_ok;
  }
  std::size_t done = 0;
  for (const Json& row : rows) {
    done += row["state"] == "done" ? 1 : 0;
    const std::string left =
        row["moments_left"].is_null() ? "" : ", " + row["moments_left"].dump() + " moments left";
    const std::string lock =
        row["locked_by"].is_null() ? "" : ", open at " + row["locked_by"].get<std::string>();
    std::printf("%s: %s%s%s%s\n", row["name"].get<std::string>().c_str(),
                row["state"].get<std::string>().c_str(), left.c_str(), lock.c_str(),
                row.contains("why") ? (" (" + row["why"].get<std::string>() + ")").c_str() : "");
  }
  std::printf("%zu of %zu done\n", done, rows.size());
  return exit_ok;
}

int moments(const ReviewOptions& o) {
  review::SessionOptions options;
  options.look = !o.no_look;
  const bool show = !o.quiet && isatty(STDERR_FILENO) != 0;
  options.progress = [show](double share) {
    if (show)
      std::fprintf(stderr, "\rsecond look %3.0f %%", share * 100);
    return true;
  };
  const auto session =
      review::Session::open({.original = o.files[0], .result = o.files[1], .audit = o.audit}, options);
  if (show)
    std::fputs("\r\033[K", stderr);
  const Json all{{"video", session->video()}, {"moments", session->moments()}, {"sheets", session->sheets()}};
  std::printf("%s\n", all.dump(1).c_str());
  return exit_ok;
}

int page(const ReviewOptions& o, bool folder) {
  review::page::ServeOptions options{.no_original = o.no_original, .browser = !o.no_browser};
  std::vector<review::page::ServedVideo> videos;
  if (folder) {
    const fs::path results = o.files.back();
    videos = review::page::videos_in(o.files.size() == 2 ? o.files[0] : fs::path{}, results);
    options.list = [results, second = o.second] { return review::list_folder(results, second); };
  } else {
    const review::Files files{.original = o.files[0], .result = o.files[1], .audit = o.audit};
    videos.push_back({files.original.filename().string(), files});
  }
  review::page::serve(videos, options);
  return exit_ok;
}

} // namespace

int review_command(const ReviewOptions& o) {
  if (!o.check.empty())
    return check(o);
  if (!o.list.empty())
    return list(o);
  std::error_code ec;
  const bool folder = !o.files.empty() && o.files.size() <= 2 && fs::is_directory(o.files.back(), ec);
  if (o.files.size() != 2 && !folder)
    throw Failure("Give the original video and its result, or folders of them, or --check or --list.",
                  exit_usage);
  if (o.moments && !folder)
    return moments(o);
  return page(o, folder);
}

} // namespace deid::cli
