#pragma once
#include <ATen/autocast_mode.h>

namespace deid::training {

/// Computes in bf16 what can be, while it lives. Threads: for the thread that made it.
class Autocast {
public:
  explicit Autocast(bool on) : before_(at::autocast::is_cpu_enabled()) {
    at::autocast::set_cpu_enabled(on);
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
  }
  ~Autocast() {
    at::autocast::clear_cache(); // weights change with every step
    at::autocast::set_cpu_enabled(before_);
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

private:
  bool before_;
};

} // namespace deid::training
