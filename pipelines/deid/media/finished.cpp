#include "pipelines/deid/media/finished.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/film.hpp"
#include <cstdio>
#include <cstdlib>

namespace deid::cli {
namespace {

std::string milliseconds(std::int64_t ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", 1e-6 * static_cast<double>(ns));
  return text;
}

} // namespace

void verify_finished(const std::filesystem::path& written, const std::vector<std::int64_t>& times) {
  const Film film = read_film(written);
  if (!film.damage.empty())
    throw Failure("The finished file cannot be read back (" + film.damage + "); it is not kept.");
  const std::vector<std::int64_t> shown = film.shown_times();
  if (shown.size() != times.size())
    throw Failure("The finished file shows " + std::to_string(shown.size()) + " frames instead of " +
                  std::to_string(times.size()) + "; it is not kept.");
  for (std::size_t i = 0; i < times.size(); ++i)
    if (const std::int64_t off = (shown[i] - shown[0]) - (times[i] - times[0]); std::abs(off) > film.tick)
      throw Failure("The finished file shows frame " + std::to_string(i + 1) + " " +
                    milliseconds(std::abs(off)) + (off > 0 ? " late" : " early") + "; it is not kept.");
}

} // namespace deid::cli
