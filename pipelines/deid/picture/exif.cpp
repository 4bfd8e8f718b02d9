#include "pipelines/deid/picture/picture.hpp"

namespace deid::cli {
namespace {

constexpr std::uint32_t orientation_tag = 0x0112, short_type = 3;
constexpr std::size_t header_size = 8, entry_size = 12;

/// Reads numbers of a TIFF structure in its byte order; 0 outside of it.
class TiffReader {
public:
  TiffReader(const std::uint8_t* data, std::size_t size)
      : data_(data), size_(size), big_(size > 0 && data[0] == 'M') {}
  std::uint32_t number(std::size_t at, std::size_t bytes) const {
    std::uint32_t value = 0;
    if (at > size_ || size_ - at < bytes)
      return 0;
    for (std::size_t i = 0; i < bytes; ++i)
      value = value << 8 | data_[at + (big_ ? i : bytes - 1 - i)];
    return value;
  }

private:
  const std::uint8_t* data_;
  std::size_t size_;
  bool big_;
};

} // namespace

int exif_orientation(const std::uint8_t* data, std::size_t size) {
  if (size < header_size || data[0] != data[1] || (data[0] != 'I' && data[0] != 'M'))
    return 1;
  const TiffReader tiff(data, size);
  const std::size_t directory = tiff.number(4, 4), entries = tiff.number(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t at = directory + 2 + i * entry_size;
    if (tiff.number(at, 2) != orientation_tag || tiff.number(at + 2, 2) != short_type)
      continue;
    const auto found = static_cast<int>(tiff.number(at + 8, 2));
    return found >= 1 && found <= 8 ? found : 1;
  }
  return 1;
}

} // namespace deid::cli
