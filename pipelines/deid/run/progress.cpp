#include "pipelines/deid/run/progress.hpp"
#include <algorithm>
#include <cstdio>
#include <unistd.h>
#include <utility>

namespace deid::cli {
namespace {

std::string format(const char* pattern, auto... values) {
  char text[128];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

} // namespace

std::string human_time(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  if (s < 60)
    return format("%ld s", s);
  return s < 3600 ? format("%ld min %02ld s", s / 60, s % 60)
                  : format("%ld h %02ld min", s / 3600, s / 60 % 60);
}

std::string progress_line(const std::string& label, std::uint64_t frames, double seconds, double share,
                          bool bar) {
  const double fps = seconds > 0 ? static_cast<double>(frames) / seconds : 0;
  std::string line = label;
  if (share > 0) {
    const double done = std::clamp(share, 0.0, 1.0);
    if (bar) {
      const auto filled = static_cast<std::size_t>(done * 24);
      line += "  [" + std::string(filled, '#') + std::string(24 - filled, '.') + "]";
    }
    line += format("  %3.0f %%", done * 100);
    line += format("  %.1f fps  ", fps) + human_time(seconds / done - seconds) + " left";
    return line;
  }
  return line + format("  %llu frames  %.1f fps", static_cast<unsigned long long>(frames), fps);
}

Progress::Progress(std::string label, bool quiet)
    : label_(std::move(label)), quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0),
      start_(std::chrono::steady_clock::now()), last_plain_(start_) {}

Progress::~Progress() {
  clear();
}

void Progress::update(std::uint64_t frames, std::int64_t position, std::int64_t total) {
  if (quiet_)
    return;
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ && now - last_plain_ < std::chrono::seconds(5))
    return;
  last_plain_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double share =
      total > 0 && position > 0 ? static_cast<double>(position) / static_cast<double>(total) : 0;
  const std::string line = progress_line(label_, frames, seconds, share, terminal_);
  std::fprintf(stderr, terminal_ ? "\r%s\033[K" : "%s\n", line.c_str());
  drawn_ = terminal_;
}

void Progress::clear() {
  if (drawn_)
    std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

} // namespace deid::cli
