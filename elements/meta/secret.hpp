#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <vector>

namespace deid {

/// For data that could name a person: overwrites memory before it is freed, in a way that no compiler
/// removes. A vector with it wipes when it is destroyed and when it moves to larger memory.
template <class T> class WipingAllocator {
public:
  using value_type = T;
  WipingAllocator() noexcept = default;
  template <class U> WipingAllocator(const WipingAllocator<U>&) noexcept {}
  [[nodiscard]] T* allocate(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / sizeof(T))
      throw std::bad_array_new_length();
    return static_cast<T*>(::operator new(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    explicit_bzero(memory, count * sizeof(T));
    ::operator delete(memory);
  }
  template <class U> bool operator==(const WipingAllocator<U>&) const noexcept { return true; }
};

using SecretBytes = std::vector<std::uint8_t, WipingAllocator<std::uint8_t>>;
using SecretFloats = std::vector<float, WipingAllocator<float>>;
using SecretDoubles = std::vector<double, WipingAllocator<double>>;

} // namespace deid
