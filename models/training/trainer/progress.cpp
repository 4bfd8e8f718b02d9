#include "models/training/trainer/progress.hpp"
#include <array>
#include <cstdio>
#include <unistd.h>

namespace deid::training {

namespace {

std::string duration(double seconds) {
  std::array<char, 32> text{};
  const auto s = static_cast<long>(seconds);
  if (s < 60)
    std::snprintf(text.data(), text.size(), "%ld s", s);
  else if (s < 3600)
    std::snprintf(text.data(), text.size(), "%ld min", s / 60);
  else
    std::snprintf(text.data(), text.size(), "%ld h %02ld min", s / 3600, s / 60 % 60);
  return text.data();
}

} // namespace

std::string progress_line(const std::string& label, const Report& r) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), "%s  %3.0f %%  step %lld  subject %.4f  target %.4f", label.c_str(),
                100 * r.share, static_cast<long long>(r.step), r.subject, r.target);
  std::string line = text.data();
  if (r.held_subject > 0) {
    std::snprintf(text.data(), text.size(), "  held out %.4f %.4f", r.held_subject, r.held_target);
    line += text.data();
  }
  std::snprintf(text.data(), text.size(), "  %.0f images/s  %s left", r.images_per_second,
                duration(r.seconds_left).c_str());
  return line + text.data();
}

Progress::Progress(std::string label, bool quiet)
    : label_(std::move(label)), quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}

void Progress::update(const Report& report) {
  const auto now = std::chrono::steady_clock::now();
  if (quiet_ || now - last_ < (terminal_ ? std::chrono::milliseconds(500) : std::chrono::milliseconds(10000)))
    return;
  last_ = now;
  std::fprintf(stderr, terminal_ ? "\r%s\033[K" : "%s\n", progress_line(label_, report).c_str());
  drawn_ = terminal_;
}

void Progress::clear() {
  if (drawn_)
    std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

} // namespace deid::training
