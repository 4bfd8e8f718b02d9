#pragma once
#include "elements/volume/volume.hpp"
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

/// The headers of NIfTI-1 and NIfTI-2 files. Plain C++.
namespace deid::nifti {

/// A file cannot be used. what() says why; where a function says so, it is a whole sentence with the file's
/// name.
class FileError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// The fields of a header that a de-identified file keeps. All others, with every text, are not read into it,
/// so they cannot be written. Values are as they stand in the file.
struct Header {
  int version = 1;         ///< 1 or 2
  bool big_endian = false; ///< order of bytes in the file, of the voxels, too
  std::uint8_t dim_info = 0;
  std::array<std::int64_t, 8> dim{};
  std::int16_t datatype = 0;
  std::array<double, 8> pixdim{};
  double scl_slope = 0, scl_inter = 0, cal_max = 0, cal_min = 0, slice_duration = 0;
  std::int64_t slice_start = 0, slice_end = 0;
  std::int32_t slice_code = 0, xyzt_units = 0, intent_code = 0;
  std::array<double, 3> intent_p{};
  std::int32_t qform_code = 0, sform_code = 0;
  std::array<double, 3> quatern{}, qoffset{};
  std::array<std::array<double, 4>, 3> srow{};
};

/// What a file held beside the kept fields, by name only.
struct Dropped {
  std::vector<std::string> fields{}; ///< header fields with content, for example "descrip"
  std::uint64_t extension_bytes = 0; ///< header extensions
  friend bool operator==(const Dropped&, const Dropped&) = default;
};

struct Parsed {
  Header header{};
  bool pair = false;           ///< the voxels lie in another file (.img)
  std::uint64_t voxels_at = 0; ///< [bytes] from the start of the file that holds the voxels
  Dropped dropped{};
};

/// [bytes] of the header whose first four bytes these are: 348 or 540. Throws FileError (half a sentence).
[[nodiscard]] std::size_t header_size(std::span<const std::byte, 4> start);

/// Requires: header_size() bytes. Throws FileError (half a sentence): not NIfTI, a type or shape that is not
/// supported, or fields that contradict each other.
[[nodiscard]] Parsed parse(std::span<const std::byte> bytes);

/// Returns a header of the same version and order of bytes, and the four bytes behind that say "no
/// extension". A field that Header does not have is 0. pair: for a .hdr file. note: goes into `descrip`, up
/// to 79 bytes.
[[nodiscard]] std::vector<std::byte> to_bytes(const Header& header, bool pair, const std::string& note = "");

/// Where the voxels of a single file begin that to_bytes() starts [bytes].
[[nodiscard]] std::size_t voxels_after(const Header& header);

/// The volume that a header describes. Throws FileError (half a sentence).
[[nodiscard]] volume::Description describe(const Header& header);
/// A header for a volume that did not come from a NIfTI file. Version 2 when a side has more than 32767
/// voxels.
[[nodiscard]] Header header_for(const volume::Description& about);

/// Turns the order of bytes of every number round, in place.
void swap_bytes(std::span<std::byte> numbers, std::size_t size);

} // namespace deid::nifti
