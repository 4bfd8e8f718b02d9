#pragma once
#include "elements/volume/nifti/header.hpp"
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace deid::nifti {

/// A NIfTI file that appears under its name with all voxels, or not at all. The name decides the form: .nii,
/// .nii.gz, .hdr or .img (both are written), .hdr.gz or .img.gz. A packed file has neither name nor time in
/// it. Not thread-safe.
class FileWriter {
public:
  /// compression: 1 (fast) to 9 (small), for .gz. note: goes into the header's `descrip`. Throws FileError (a
  /// sentence): another ending, or a file that cannot be made.
  FileWriter(std::filesystem::path file, const Header& header, int compression, const std::string& note = "");
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  /// Appends voxels in this machine's order of bytes. Requires: a whole number of voxels. Throws FileError (a
  /// sentence).
  void write(std::span<const std::byte> voxels);
  /// Gives the file its name, in place of a file that had it. Throws FileError (a sentence): fewer or more
  /// voxels than the header states, or the disk is full. Then no file has appeared.
  void commit();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether a file of this name can be written.
[[nodiscard]] bool is_nifti_name(const std::filesystem::path& file);

} // namespace deid::nifti
