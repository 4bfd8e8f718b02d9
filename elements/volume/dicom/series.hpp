#pragma once
#include "elements/volume/volume.hpp"
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

/// One DICOM series in a folder, as one volume. Plain C++.
namespace deid::dicom {

/// A series cannot be used. what() is a sentence.
class SeriesError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// What the files held beside the kept attributes, by tag only.
struct Dropped {
  std::vector<std::string> attributes{}; ///< "gggg,eeee", each once, sorted
  std::size_t private_attributes = 0;    ///< in all slices
  friend bool operator==(const Dropped&, const Dropped&) = default;
};

struct Reading {
  volume::Volume volume{};
  /// The cleaned datasets of all slices, without pixels, for SeriesWriter. UIDs in it are new ones.
  std::vector<std::byte> header{};
  Dropped dropped{};
};

/// Whether a file begins as DICOM files do.
[[nodiscard]] bool is_dicom_file(const std::filesystem::path& file);
/// Whether most files that lie in a folder itself are such files.
[[nodiscard]] bool holds_dicom(const std::filesystem::path& folder);

/// Reads the series that lies in a folder. Slices are sorted by their place. A UID becomes the same new one
/// everywhere in this process. Throws SeriesError: a file that is no DICOM or is damaged, several series, one
/// picture of several frames, colours, slices that are missing, doubled, of other orientation or other
/// scaling, an overview picture, text burned into the picture, an unknown transfer syntax, packed pictures in
/// a build without gdcm.
[[nodiscard]] Reading read_series(const std::filesystem::path& folder);

/// What was done to the voxels after read_series().
struct Stamp {
  bool face_changed = false; ///< the head has another face
};

/// A folder of files that appears under its name with all slices, or not at all. Not thread-safe.
class SeriesWriter {
public:
  /// Throws SeriesError: the folder holds something, or its place cannot be written.
  explicit SeriesWriter(std::filesystem::path folder);
  ~SeriesWriter();
  SeriesWriter(const SeriesWriter&) = delete;
  SeriesWriter& operator=(const SeriesWriter&) = delete;

  /// header: of a Reading. Throws SeriesError: it describes another volume, it holds an attribute that
  /// read_series() does not keep, or a voxel does not fit the bits that the series states.
  void write(const volume::Description& about, std::span<const std::byte> voxels,
             std::span<const std::byte> header, const Stamp& stamp);
  /// Gives the folder its name. Throws SeriesError.
  void commit();

private:
  std::filesystem::path folder_, hidden_{};
};

} // namespace deid::dicom
