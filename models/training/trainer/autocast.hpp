#pragma once
#include <ATen/autocast_mode.h>

namespace deid::training {

// libtorch 2.4 calls these names outdated; libtorch 1.13 of Debian 12 has no others.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/// While it lives, operations that allow it compute in bf16. It holds for the thread that made it. libtorch's
/// cache of converted weights is off: all threads would share it, and a weight is used only once a pass.
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

#pragma GCC diagnostic pop

} // namespace deid::training
