#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

/// A scan as it is stored: one grid of numbers of one type, and its place in the world. Plain C++.
namespace deid::volume {

/// The type of a stored number. In memory the order of bytes is that of this machine (little-endian).
enum class Format : std::uint8_t { u8, s8, u16, s16, u32, s32, u64, s64, f32, f64 };

/// [bytes] of one number.
[[nodiscard]] std::size_t size_of(Format format);
/// The name in caps, for example "S16LE".
[[nodiscard]] const char* name_of(Format format);
[[nodiscard]] std::optional<Format> format_named(std::string_view name);

/// Maps voxel indices (i, j, k) to the world [mm]: x to the right of the person, y to the front, z up. Rows
/// are x, y, z; the last column is the place of voxel (0, 0, 0).
using Affine = std::array<std::array<double, 4>, 3>;
[[nodiscard]] double determinant(const Affine& affine);

/// A description does not fit itself or its voxels. what() is half a sentence: "its grid has no voxels".
class DescriptionError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// All that is known about a volume apart from its voxels.
struct Description {
  Format format = Format::u8;
  std::array<int, 3> size{1, 1, 1};             ///< [voxels] along i (the next in memory), j, k
  std::array<double, 3> spacing{1.0, 1.0, 1.0}; ///< [mm] between voxels, greater than 0
  Affine to_world{{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}};
  bool oriented = false; ///< false: `to_world` is made of the spacing alone; left and right are not known
  double slope = 1.0;    ///< value = slope * stored + intercept. The stored numbers are never rescaled
  double intercept = 0.0;

  [[nodiscard]] std::size_t voxels() const;
  [[nodiscard]] std::size_t bytes() const { return voxels() * size_of(format); }
  friend bool operator==(const Description&, const Description&) = default;
};

/// [bytes] that a volume may have. It keeps a header that lies from taking the machine's memory.
constexpr std::size_t most_bytes = std::size_t{4} << 30U;

/// Throws DescriptionError: no voxels, more than `most_bytes`, spacing that is no length, or a map to the
/// world that is not finite or flattens the grid.
void check(const Description& about);

struct Volume {
  Description about{};
  std::vector<std::byte> voxels{}; ///< about.bytes() of them
};

} // namespace deid::volume
