#pragma once
#include "elements/volume/nifti/header.hpp"
#include "elements/volume/nifti/input.hpp"
#include "elements/volume/volume.hpp"
#include <filesystem>

namespace deid::nifti {

struct Reading {
  volume::Volume volume{}; ///< voxels in this machine's order of bytes, otherwise as stored
  Header header{};
  Dropped dropped{};
};

/// Reads .nii, .nii.gz, or the pair .hdr and .img (either name; each may be packed as .gz). Throws FileError
/// (a sentence with the file's name): not NIfTI, not supported, damaged, shorter or longer than its header
/// states.
[[nodiscard]] Reading read_file(const std::filesystem::path& file);

/// The same from bytes. `voxels` is the second file of a pair, or nullptr. Throws FileError (half a
/// sentence).
[[nodiscard]] Reading read(std::unique_ptr<Input> header, std::unique_ptr<Input> voxels);

/// The two names of a pair, with ".gz" when `file` has it; both empty when `file` ends in neither .hdr nor
/// .img.
struct PairNames {
  std::filesystem::path header{}, voxels{};
};
[[nodiscard]] PairNames pair_names(const std::filesystem::path& file);

} // namespace deid::nifti
