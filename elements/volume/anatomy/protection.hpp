#pragma once
#include "elements/volume/anatomy/brain.hpp"
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>

/// The proof that the brain leaves as it came. Plain C++.
namespace deid::volume {

/// A voxel that had to stay was changed, or there is none to keep. what() is a sentence.
class ProtectionError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// For every stored voxel: 1 when it lies in the brain, or nearer to it than `margin` [mm].
[[nodiscard]] Mask protected_voxels(const Description& about, const Brain& brain, double margin);

/// Knows what the protected voxels of a volume were, bit by bit.
class Protection {
public:
  /// voxels: as stored, before anything is changed. kept: one entry a voxel. Throws std::invalid_argument
  /// when the two do not fit each other, and ProtectionError when no voxel is to be kept: then there is
  /// nothing to prove.
  Protection(std::span<const std::byte> voxels, Mask kept);

  [[nodiscard]] std::size_t count() const { return count_; } ///< voxels that are kept
  /// The sha256 of the kept voxels' bytes in the order they are stored, in lower-case hex.
  [[nodiscard]] const std::string& hash() const { return hash_; }

  /// Compares all kept voxels. Throws ProtectionError when one has another bit.
  void verify(std::span<const std::byte> voxels) const;

private:
  [[nodiscard]] std::string hash_of(std::span<const std::byte> voxels) const;
  Mask kept_;
  std::size_t size_ = 0, count_ = 0; ///< [bytes] of a voxel
  std::string hash_{};
};

} // namespace deid::volume
