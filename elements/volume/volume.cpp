#include "elements/volume/volume.hpp"
#include <cmath>

namespace deid::volume {

namespace {

struct Kind {
  Format format;
  const char* name;
  std::size_t size; ///< [bytes]
};
constexpr std::array kinds{
    Kind{Format::u8, "U8", 1},     Kind{Format::s8, "S8", 1},     Kind{Format::u16, "U16LE", 2},
    Kind{Format::s16, "S16LE", 2}, Kind{Format::u32, "U32LE", 4}, Kind{Format::s32, "S32LE", 4},
    Kind{Format::u64, "U64LE", 8}, Kind{Format::s64, "S64LE", 8}, Kind{Format::f32, "F32LE", 4},
    Kind{Format::f64, "F64LE", 8},
};

const Kind& kind_of(Format format) {
  return kinds.at(static_cast<std::size_t>(format));
}

} // namespace

std::size_t size_of(Format format) {
  return kind_of(format).size;
}

const char* name_of(Format format) {
  return kind_of(format).name;
}

std::optional<Format> format_named(std::string_view name) {
  for (const Kind& kind : kinds)
    if (name == kind.name)
      return kind.format;
  return std::nullopt;
}

double determinant(const Affine& m) {
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
         m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
         m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

std::size_t Description::voxels() const {
  std::size_t product = 1;
  for (const int length : size)
    product *= static_cast<std::size_t>(length);
  return product;
}

namespace {

void check_grid(const Description& about) {
  std::size_t room = most_bytes / size_of(about.format);
  for (const int length : about.size) {
    if (length < 1)
      throw DescriptionError("its grid has no voxels");
    room /= static_cast<std::size_t>(length);
  }
  if (room == 0)
    throw DescriptionError("its grid would take more than 4 GiB");
}

} // namespace

void check(const Description& about) {
  check_grid(about);
  for (const double length : about.spacing)
    if (!std::isfinite(length) || length <= 0)
      throw DescriptionError("the distance between its voxels is no length");
  for (const auto& row : about.to_world)
    for (const double number : row)
      if (!std::isfinite(number))
        throw DescriptionError("its place in the world is not a number");
  if (const double d = determinant(about.to_world); !std::isfinite(d) || std::abs(d) < 1e-12)
    throw DescriptionError("its map to the world flattens the grid");
}

} // namespace deid::volume
