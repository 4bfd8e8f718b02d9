#pragma once
#include <ATen/autocast_mode.h>

namespace deid::training {

/// Computes in bf16 what can be, while it lives. Threads: for the thread that made it. Nothing is cached: a
/// weight is used once a pass, and libtorch's cache is one for all threads.
class Autocast {
public:
  explicit Autocast(bool on)
      : before_(at::autocast::is_cpu_enabled()), cached_(at::autocast::is_autocast_cache_enabled()) {
    at::autocast::set_autocast_cache_enabled(false);
    at::autocast::set_cpu_enabled(on);
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
  }
  ~Autocast() {
    at::autocast::set_cpu_enabled(before_);
    at::autocast::set_autocast_cache_enabled(cached_);
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

private:
  bool before_, cached_;
};

} // namespace deid::training
