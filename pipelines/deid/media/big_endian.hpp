#pragma once
#include <cstdint>

namespace deid::cli {

/// Returns the number in `bytes` (8 at most) bytes from p on, the highest first.
inline std::uint64_t big_endian(const std::uint8_t* p, int bytes) {
  std::uint64_t v = 0;
  for (int i = 0; i < bytes; ++i)
    v = v << 8 | p[i];
  return v;
}

} // namespace deid::cli
