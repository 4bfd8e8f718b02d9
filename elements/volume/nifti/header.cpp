#include "elements/volume/nifti/header.hpp"
#include "elements/volume/nifti/header_fields.hpp"
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace deid::nifti {

static_assert(std::endian::native == std::endian::little, "numbers are kept as they are in memory");

namespace {

constexpr std::size_t size_1 = 348, size_2 = 540; ///< [bytes] of a header
constexpr std::size_t extender = 4;               ///< [bytes] behind it that say whether extensions follow
/// [bytes] before the voxels. An honest header has some 100 KB of extensions; one that claims gigabytes is to
/// end here.
constexpr std::uint64_t most_before_voxels = std::uint64_t{64} << 20U;

template <class T> T load(std::span<const std::byte> bytes, std::size_t at, bool swap) {
  std::array<std::byte, sizeof(T)> own{};
  std::ranges::copy(bytes.subspan(at, sizeof(T)), own.begin());
  if (swap)
    std::ranges::reverse(own);
  T value{};
  std::memcpy(&value, own.data(), sizeof(T));
  return value;
}

struct Loading {
  std::span<const std::byte> bytes;
  bool swap;
  template <class T, class Value> void field(std::size_t at, Value& value) const {
    value = static_cast<Value>(load<T>(bytes, at, swap));
  }
};

struct Storing {
  std::span<std::byte> bytes;
  bool swap;
  template <class T, class Value> void field(std::size_t at, const Value& value) const {
    const T number = static_cast<T>(value);
    std::array<std::byte, sizeof(T)> own{};
    std::memcpy(own.data(), &number, sizeof(T));
    if (swap)
      std::ranges::reverse(own);
    std::ranges::copy(own, bytes.subspan(at, sizeof(T)).begin());
  }
};

std::string magic_of(std::span<const std::byte> bytes, int version) {
  const auto text = version == 1 ? bytes.subspan(344, 4) : bytes.subspan(4, 8);
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

std::string magic_for(int version, bool pair) {
  if (version == 1)
    return std::string(pair ? "ni1" : "n+1", 3) + '\0';
  return std::string(pair ? "ni2" : "n+2", 3) + std::string("\0\r\n\032\n", 5);
}

bool is_pair(std::span<const std::byte> bytes, int version) {
  const std::string magic = magic_of(bytes, version);
  for (const bool pair : {false, true})
    if (magic == magic_for(version, pair))
      return pair;
  if (version == 1 && magic[0] == '\0')
    throw FileError("it is an ANALYZE 7.5 file, which does not say where left and right are");
  throw FileError("it is not a NIfTI file, or was damaged on its way");
}

void check_grid(const Header& h) {
  if (h.dim[0] < 1 || h.dim[0] > 7)
    throw FileError("its header states " + std::to_string(h.dim[0]) + " dimensions");
  const auto axes = static_cast<std::size_t>(h.dim[0]);
  for (std::size_t i = 1; i <= axes; ++i) {
    if (h.dim[i] < 1 || h.dim[i] > INT32_MAX)
      throw FileError("its header states " + std::to_string(h.dim[i]) + " voxels along axis " +
                      std::to_string(i));
    if (i > 3 && h.dim[i] != 1)
      throw FileError("it holds several volumes or values a voxel (axis " + std::to_string(i) + " has " +
                      std::to_string(h.dim[i]) + "); give one volume a file");
  }
}

volume::Format format_of(std::int16_t datatype) {
  using volume::Format;
  switch (datatype) {
  case 2:
    return Format::u8;
  case 4:
    return Format::s16;
  case 8:
    return Format::s32;
  case 16:
    return Format::f32;
  case 64:
    return Format::f64;
  case 256:
    return Format::s8;
  case 512:
    return Format::u16;
  case 768:
    return Format::u32;
  case 1024:
    return Format::s64;
  case 1280:
    return Format::u64;
  case 128:
  case 2304:
    throw FileError("its voxels are colours; only voxels of one number are supported");
  default:
    throw FileError("its voxels have the type " + std::to_string(datatype) +
                    "; only integers and floats of up to 64 bits are supported");
  }
}

std::int16_t datatype_of(volume::Format format) {
  for (const std::int16_t code : {2, 4, 8, 16, 64, 256, 512, 768, 1024, 1280})
    if (format_of(code) == format)
      return code;
  throw FileError("its voxels have a type that NIfTI does not know");
}

std::int16_t bits_of(std::int16_t datatype) {
  return static_cast<std::int16_t>(8 * volume::size_of(format_of(datatype)));
}

std::uint64_t voxels_at(std::span<const std::byte> bytes, int version, bool swap) {
  double at = version == 1 ? load<float>(bytes, 108, swap)
                           : static_cast<double>(load<std::int64_t>(bytes, 168, swap));
  if (!(at >= 0) || at != std::floor(at))
    throw FileError("its header states no usable place of the voxels");
  if (at > static_cast<double>(most_before_voxels))
    throw FileError("its header states more than 64 MiB before the voxels");
  return static_cast<std::uint64_t>(at);
}

void note_unkept(std::span<const std::byte> bytes, std::span<const Unkept> parts, Dropped& dropped) {
  for (const Unkept& part : parts)
    if (std::ranges::any_of(bytes.subspan(part.at, part.size), [](std::byte b) { return b != std::byte{}; }))
      dropped.fields.emplace_back(part.name);
}

} // namespace

std::size_t header_size(std::span<const std::byte, 4> start) {
  for (const bool swap : {false, true})
    for (const std::size_t size : {size_1, size_2})
      if (load<std::uint32_t>(start, 0, swap) == size)
        return size;
  throw FileError("it is not a NIfTI file");
}

Parsed parse(std::span<const std::byte> bytes) {
  if (bytes.size() < extender || bytes.size() != header_size(bytes.first<4>()))
    throw FileError("its header ends too early");
  Parsed parsed;
  Header& h = parsed.header;
  h.version = bytes.size() == size_1 ? 1 : 2;
  h.big_endian = load<std::uint32_t>(bytes, 0, false) != bytes.size();
  parsed.pair = is_pair(bytes, h.version);
  Loading io{bytes, h.big_endian};
  std::int64_t bits = 0;
  if (h.version == 1) {
    fields_1(h, io);
    io.field<std::int16_t>(72, bits);
    note_unkept(bytes, unkept_1, parsed.dropped);
  } else {
    fields_2(h, io);
    io.field<std::int16_t>(14, bits);
    note_unkept(bytes, unkept_2, parsed.dropped);
  }
  check_grid(h);
  if (bits != bits_of(h.datatype))
    throw FileError("its header states voxels of " + std::to_string(bits) + " bits, but a type of " +
                    std::to_string(bits_of(h.datatype)));
  parsed.voxels_at = voxels_at(bytes, h.version, h.big_endian);
  if (!parsed.pair && parsed.voxels_at < bytes.size() + extender)
    throw FileError("its header states that the voxels begin inside the header");
  return parsed;
}

std::size_t voxels_after(const Header& header) {
  return (header.version == 1 ? size_1 : size_2) + extender;
}

std::vector<std::byte> to_bytes(const Header& h, bool pair, const std::string& note) {
  std::vector<std::byte> bytes(voxels_after(h));
  const Storing io{bytes, h.big_endian};
  const std::size_t size = bytes.size() - extender;
  io.field<std::int32_t>(0, size);
  if (h.version == 1) {
    fields_1(h, io);
    io.field<std::int16_t>(72, bits_of(h.datatype));
    io.field<float>(108, pair ? 0 : bytes.size());
    io.field<char>(38, 'r'); // "regular": the standard's remains of ANALYZE want this letter
  } else {
    fields_2(h, io);
    io.field<std::int16_t>(14, bits_of(h.datatype));
    io.field<std::int64_t>(168, pair ? 0 : bytes.size());
  }
  const auto put = [&](std::size_t at, const std::string& text) {
    std::ranges::copy(std::as_bytes(std::span(text)), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  };
  put(h.version == 1 ? 344 : 4, magic_for(h.version, pair));
  put(h.version == 1 ? 148 : 240, note.substr(0, 79));
  return bytes;
}

Header header_for(const volume::Description& about) {
  Header h;
  h.version = std::ranges::max(about.size) > INT16_MAX ? 2 : 1;
  h.datatype = datatype_of(about.format);
  h.dim = {3, about.size[0], about.size[1], about.size[2], 1, 1, 1, 1};
  h.pixdim = {1, about.spacing[0], about.spacing[1], about.spacing[2], 1, 1, 1, 1};
  h.scl_slope = about.slope;
  h.scl_inter = about.intercept;
  h.xyzt_units = 2; // mm
  h.sform_code = about.oriented ? 1 : 0;
  if (about.oriented)
    h.srow = about.to_world;
  return h;
}

void swap_bytes(std::span<std::byte> numbers, std::size_t size) {
  if (size < 2)
    return;
  for (std::size_t at = 0; at + size <= numbers.size(); at += size)
    std::ranges::reverse(numbers.subspan(at, size));
}

namespace {

double millimetres(std::int32_t units) {
  switch (units & 7) {
  case 1:
    return 1000;
  case 3:
    return 0.001;
  default: // 2: mm; 0 says nothing, and mm is usual
    return 1;
  }
}

/// The map that the quaternion states; nifti1.h, method 2.
volume::Affine from_quaternion(const Header& h, const std::array<double, 3>& step) {
  auto [b, c, d] = h.quatern;
  double a = 1 - (b * b + c * c + d * d);
  if (a < 1e-7) { // a half turn; the numbers are rounded
    const double length = std::sqrt(b * b + c * c + d * d);
    b /= length, c /= length, d /= length;
    a = 0;
  } else {
    a = std::sqrt(a);
  }
  const double k = h.pixdim[0] < 0 ? -step[2] : step[2];
  return {{{(a * a + b * b - c * c - d * d) * step[0], 2 * (b * c - a * d) * step[1], 2 * (b * d + a * c) * k,
            h.qoffset[0]},
           {2 * (b * c + a * d) * step[0], (a * a + c * c - b * b - d * d) * step[1], 2 * (c * d - a * b) * k,
            h.qoffset[1]},
           {2 * (b * d - a * c) * step[0], 2 * (c * d + a * b) * step[1], (a * a + d * d - b * b - c * c) * k,
            h.qoffset[2]}}};
}

} // namespace

volume::Description describe(const Header& h) {
  volume::Description about;
  about.format = format_of(h.datatype);
  const double unit = millimetres(h.xyzt_units);
  std::array<double, 3> step{1, 1, 1};
  for (std::size_t i = 0; i < 3 && static_cast<std::int64_t>(i) < h.dim[0]; ++i) {
    about.size[i] = static_cast<int>(h.dim[i + 1]);
    step[i] = h.pixdim[i + 1];
    about.spacing[i] = step[i] * unit;
  }
  about.oriented = h.sform_code > 0 || h.qform_code > 0;
  if (h.sform_code > 0)
    about.to_world = h.srow;
  else if (h.qform_code > 0)
    about.to_world = from_quaternion(h, step);
  else
    about.to_world = {{{step[0], 0, 0, 0}, {0, step[1], 0, 0}, {0, 0, step[2], 0}}};
  for (auto& row : about.to_world)
    for (double& number : row)
      number *= unit;
  if (std::isfinite(h.scl_slope) && std::isfinite(h.scl_inter) && h.scl_slope != 0) {
    about.slope = h.scl_slope;
    about.intercept = h.scl_inter;
  }
  try {
    volume::check(about);
  } catch (const volume::DescriptionError& error) {
    throw FileError(error.what());
  }
  return about;
}

} // namespace deid::nifti
