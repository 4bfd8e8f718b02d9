#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

/// Packed pictures of DICOM files, behind plain types: nothing of the library (gdcm) leaves this room.
namespace deid::dicom {

/// Whether this build has the library.
[[nodiscard]] bool can_unpack();

/// Unpacks the only picture of a file, whose structure parse() has checked: columns x rows numbers of one
/// channel. Returns why it cannot, half a sentence; empty when it did.
[[nodiscard]] std::string unpack(const std::filesystem::path& file, int columns, int rows,
                                 std::span<std::byte> to);

} // namespace deid::dicom
