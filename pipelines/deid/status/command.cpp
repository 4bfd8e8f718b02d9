#include "pipelines/deid/status/command.hpp"
#include "pipelines/deid/archive/database.hpp"
#include "pipelines/deid/archive/overview.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/output_file.hpp"
#include <cstdio>

namespace deid::cli {
namespace {

std::string json_text(const archive::Overview& overview) {
  return to_json(overview).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void write_report(const StatusOptions& o, const archive::Overview& overview) {
  OutputFile file(o.report, o.overwrite);
  append_to(file, json_text(overview));
  file.commit();
}

/// The file is readable only by its owner: it holds what audits hold.
void write_sqlite(const StatusOptions& o, const archive::Overview& overview) {
  OutputFile file(o.sqlite, o.overwrite, OutputFile::Kind::named);
  for (const archive::Skipped& one : write_database(file.path(), overview, o.audits))
    std::fprintf(stderr, "no moments of %s: %s\n", one.output.c_str(), one.why.c_str());
  file.commit();
}

} // namespace

int tell_status(const StatusOptions& o) {
  if (!o.audits.empty() && o.sqlite.empty())
    throw Failure("--audits belongs to --sqlite.", exit_usage);
  const archive::Store store(o.out);
  if (!store.exists())
    throw Failure("There are no records in " + o.out.string() +
                  ". deid run writes them when it gets a folder, several files or a manifest.");
  const archive::Overview overview =
      look(store, {.content = o.content, .stale = std::chrono::seconds(o.stale_after)});
  if (!o.report.empty())
    write_report(o, overview);
  if (!o.sqlite.empty())
    write_sqlite(o, overview);
  if (!o.quiet)
    std::fputs(o.json ? json_text(overview).c_str() : to_text(overview, o.all).c_str(), stdout);
  if (overview.complete())
    return exit_ok;
  return overview.amiss() ? exit_failed : exit_unfinished;
}

} // namespace deid::cli
