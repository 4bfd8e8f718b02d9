#include "elements/volume/dicom/dataset.hpp"
#include "models/files/whole_file.hpp"
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace deid::dicom {

namespace {

namespace fs = std::filesystem;

Dataset dataset_of(std::string_view bytes) {
  try {
    return parse(bytes).set;
  } catch (const FormatError& error) {
    throw SeriesError(std::string("The metadata's DICOM header is damaged: ") + error.what() + ".");
  }
}

/// The parts of a Reading's header. Throws SeriesError.
std::vector<Slice> slices_of(std::span<const std::byte> header) {
  std::vector<Slice> slices;
  while (!header.empty()) {
    std::uint64_t size = 0;
    if (header.size() < sizeof(size))
      throw SeriesError("The metadata's DICOM header is damaged.");
    std::memcpy(&size, header.data(), sizeof(size));
    header = header.subspan(sizeof(size));
    if (size > header.size())
      throw SeriesError("The metadata's DICOM header is damaged.");
    Dataset kept = dataset_of({reinterpret_cast<const char*>(header.data()), size});
    if (const std::string name = unlisted(kept); !name.empty())
      throw SeriesError("The metadata's DICOM header holds (" + name + "), which is not kept.");
    slices.push_back(slice_of(kept, "Slice " + std::to_string(slices.size() + 1)));
    slices.back().kept = std::move(kept);
    header = header.subspan(size);
  }
  if (slices.empty())
    throw SeriesError("The volume did not come from DICOM; a NIfTI file can hold it.");
  return slices;
}

std::string name_of(std::size_t slice) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "%05zu.dcm", slice + 1);
  return name.data();
}

mode_t usual_mode() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0777 & ~mask;
}

} // namespace

SeriesWriter::SeriesWriter(fs::path folder) : folder_(std::move(folder)) {
  if (!folder_.has_filename())
    folder_ = folder_.parent_path();
  std::error_code ec;
  if (fs::exists(folder_, ec) && !(fs::is_directory(folder_, ec) && fs::is_empty(folder_, ec)))
    throw SeriesError(folder_.string() + " is there already, and holds something.");
  const fs::path place = files::folder_of(folder_);
  std::string hidden = (place / ".deid-XXXXXX").string();
  if (mkdtemp(hidden.data()) == nullptr)
    throw SeriesError("A folder in " + place.string() + " cannot be made: " + std::strerror(errno) + ".");
  hidden_ = hidden;
}

SeriesWriter::~SeriesWriter() {
  std::error_code ec;
  if (!hidden_.empty())
    fs::remove_all(hidden_, ec);
}

void SeriesWriter::write(const volume::Description& about, std::span<const std::byte> voxels,
                         std::span<const std::byte> header, const Stamp& stamp) {
  const std::vector<Slice> slices = slices_of(header);
  if (!(described(slices) == about) || voxels.size() != about.bytes())
    throw SeriesError("The metadata's DICOM header describes another volume.");
  const std::size_t size = voxels.size() / slices.size();
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const auto pixels = voxels.subspan(i * size, size);
    check_bits(pixels, slices[i]);
    Dataset set = slices[i].kept;
    say_what_was_done(set, stamp);
    const bool bytes = volume::size_of(about.format) == 1;
    put(set, pixel_data, bytes ? "OB" : "OW",
        std::string(reinterpret_cast<const char*>(pixels.data()), pixels.size()));
    try {
      files::write_whole(hidden_ / name_of(i), to_bytes(set));
    } catch (const files::WriteError& error) {
      throw SeriesError(error.what());
    }
  }
}

void SeriesWriter::commit() {
  if (chmod(hidden_.c_str(), usual_mode()) != 0 || std::rename(hidden_.c_str(), folder_.c_str()) != 0)
    throw SeriesError(folder_.string() + " could not be written: " + std::strerror(errno) + ".");
  hidden_.clear();
  files::sync_folder(files::folder_of(folder_));
}

} // namespace deid::dicom
