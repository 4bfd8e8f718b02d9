#pragma once
#include "models/training/trainer/trainer.hpp"
#include <chrono>
#include <string>

namespace deid::training {

/// One line on stderr. A terminal redraws it twice a second; elsewhere a line is printed every ten seconds.
class Progress {
public:
  Progress(std::string label, bool quiet);
  void update(const Report& report);
  /// Removes the line from a terminal.
  void clear();

private:
  std::string label_;
  bool quiet_, terminal_, drawn_ = false;
  std::chrono::steady_clock::time_point last_{};
};

/// "light96  step 1200  subject .0312  target .0287  held out .0340 .0301  142 images/s  12 min left"
std::string progress_line(const std::string& label, const Report& report);

} // namespace deid::training
