#include "pipelines/deid/review/server/videos.hpp"
#include "pipelines/deid/review/batch.hpp"

namespace deid::review::page {
namespace {

namespace fs = std::filesystem;

/// The original of this result below the folder; empty: there is none.
fs::path original_of(const fs::path& name, const fs::path& originals) {
  std::error_code ec;
  for (const fs::path& candidate : {originals / name, originals / name.parent_path() / name.stem()})
    if (!originals.empty() && candidate.has_extension() && fs::is_regular_file(candidate, ec))
      return candidate;
  return {};
}

} // namespace

std::vector<ServedVideo> videos_in(const fs::path& originals, const fs::path& results) {
  std::vector<ServedVideo> videos;
  for (const Json& row : list_folder(results, false)) {
    const auto name = row.at("name").get<std::string>();
    fs::path original = original_of(name, originals);
    if (original.empty() && row.contains("original") && row["original"].is_string())
      original = row["original"].get<std::string>();
    videos.push_back({name, {.original = original, .result = results / name}});
  }
  if (videos.empty())
    throw UserError(results.string() + " has no result with its audit. Run deid with --audit.");
  return videos;
}

} // namespace deid::review::page
