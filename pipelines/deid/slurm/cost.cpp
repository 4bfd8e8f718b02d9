#include "pipelines/deid/slurm/cost.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace deid::cli {
namespace {

/// Memory of one run [MB]: a line through the greatest resident sets of two runs, 40 frames with one face at
/// 640 x 480 and 1920 x 1080, on two processors (covering 374 and 706 MB, swapping 493 and 829 MB).
struct Memory {
  double base = 0;          ///< program, networks, engine
  double per_megapixel = 0; ///< frames that wait, in decoder, look-ahead and encoder
};
constexpr Memory covering{330, 200};
constexpr Memory swapping{450, 200};
constexpr double reserve = 1.5;      ///< set by reasoning: more processors mean more threads with buffers
constexpr double unknown_size = 8.3; ///< megapixels that are assumed: 4K

/// CPU time of one frame [s], where nothing was measured. Those runs at 1920 x 1080 took .07 and .13; the
/// rest is reserve, set by reasoning.
constexpr double assumed_covering = .1, assumed_swapping = .25;
constexpr double used = .75; ///< share of a task's processors that a run keeps busy

std::string rate_text(double fps) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.3g frames a second", fps);
  return text.data();
}

} // namespace

Speed speed_of(const std::optional<double>& said, const archive::Overview& overview, Method method,
               int cpus) {
  if (said)
    return {*said, rate_text(*said) + ", as --speed says", false};
  double seconds = 0;
  std::uint64_t frames = 0;
  for (const archive::Entry& entry : overview.entries)
    if (entry.state.status == archive::Status::done && entry.state.method == to_string(method)) {
      seconds += entry.state.cpu_seconds;
      frames += entry.state.frames;
    }
  const bool measured = seconds > 0 && frames > 0;
  const double each = measured ? seconds / static_cast<double>(frames)
                               : (method == Method::swap ? assumed_swapping : assumed_covering);
  const double fps = cpus * used / each;
  return {fps,
          rate_text(fps) + (measured ? ", measured" : ", assumed: no result of this method is there yet"),
          !measured};
}

int megabytes_for(Method method, int width, int height) {
  const double megapixels = width > 0 && height > 0 ? 1e-6 * width * height : unknown_size;
  const Memory& m = method == Method::swap ? swapping : covering;
  return static_cast<int>(std::ceil(reserve * (m.base + m.per_megapixel * megapixels) / 100) * 100);
}

} // namespace deid::cli
