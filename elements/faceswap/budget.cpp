#include "elements/faceswap/budget.hpp"
#include <algorithm>

namespace deid::faceswap {

namespace {

/// Share of the period above which a level is given up, and below which the next better level is tried. The
/// rest of the first is what a busy computer needs for other work. Set by reasoning.
constexpr double too_much = 0.9, enough = 0.75;
/// Weight of the newest frame in the load: about twenty frames count, so one dear frame (a check of 14 ms)
/// changes no level.
constexpr double newest = 0.05;
constexpr std::int64_t second = 1'000'000'000;
/// Frames at a level before it is left, for its effect to show in the load.
constexpr int settling = 30;
/// Time before a better level is tried again, at first and at most. It doubles with each try that fails.
constexpr std::int64_t first_patience = 5 * second, most_patience = 80 * second;
/// A try that lasts so long has succeeded.
constexpr std::int64_t proven = 10 * second;

Economy moved(Economy level, int by) {
  return static_cast<Economy>(static_cast<int>(level) + by);
}

} // namespace

const char* to_string(Economy economy) {
  switch (economy) {
  case Economy::none:
    return "none";
  case Economy::correction:
    return "correction";
  case Economy::hands:
    return "hands";
  case Economy::sharpness:
    return "sharpness";
  case Economy::swap:
    return "swap";
  }
  return "unknown";
}

Economy Budget::frame(std::int64_t spent, std::int64_t period) {
  ++frames_.at(static_cast<std::size_t>(level_));
  if (period <= 0)
    return level_;
  const double share = static_cast<double>(spent) / static_cast<double>(period);
  load_ += newest * (share - load_);
  at_level_ += period;
  if (++frames_at_level_ < settling)
    return level_;
  if (load_ > too_much && level_ != Economy::swap)
    give_up();
  else if (level_ != Economy::none && load_ < enough && at_level_ >= patience_)
    take_back();
  else if (trying_ && at_level_ >= proven) {
    trying_ = false;
    patience_ = first_patience;
  }
  return level_;
}

void Budget::give_up() {
  patience_ = trying_ ? std::min(2 * patience_, most_patience) : std::max(patience_, first_patience);
  level_ = moved(level_, 1);
  at_level_ = 0;
  frames_at_level_ = 0;
  trying_ = false;
}

void Budget::take_back() {
  level_ = moved(level_, -1);
  at_level_ = 0;
  frames_at_level_ = 0;
  trying_ = true;
}

void Budget::reset() {
  level_ = Economy::none;
  load_ = 0;
  at_level_ = patience_ = 0;
  frames_at_level_ = 0;
  trying_ = false;
}

} // namespace deid::faceswap
