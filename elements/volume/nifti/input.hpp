#pragma once
#include "elements/volume/nifti/header.hpp"
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

/// Bytes that are read front to back, so that a header that lies costs no memory. Not thread-safe.
namespace deid::nifti {

class Input {
public:
  virtual ~Input() = default;
  /// Fills `bytes` from the front and returns how many were there: fewer only at the end. Throws FileError
  /// (half a sentence).
  virtual std::size_t read(std::span<std::byte> bytes) = 0;
};

/// Opens a file. Throws FileError (half a sentence): it cannot be opened, or is a folder.
[[nodiscard]] std::unique_ptr<Input> open_file(const std::filesystem::path& file);
/// Bytes in memory, which must outlive the input.
[[nodiscard]] std::unique_ptr<Input> open_memory(std::span<const std::byte> bytes);

/// Unpacks `packed` when it begins as gzip does, and passes it on as it is when not. Checks gzip's own
/// checksum at the end. Names in gzip's header go into `dropped` as "gzip name" and so on; `dropped` must
/// outlive the input.
[[nodiscard]] std::unique_ptr<Input> unpacked(std::unique_ptr<Input> packed, Dropped& dropped);

/// Reads exactly these bytes. Returns false when the input ends before.
[[nodiscard]] bool read_all(Input& input, std::span<std::byte> bytes);

} // namespace deid::nifti
