#include "elements/volume/dicom/dataset.hpp"
#include "elements/volume/dicom/packed.hpp"
#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

namespace deid::dicom {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_file = std::uintmax_t{256} << 20U; ///< [bytes] of one slice
constexpr std::size_t most_files = 8192;

std::string quoted(const fs::path& file) {
  return "The file " + file.string();
}

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw SeriesError(quoted(file) + " cannot be read: " + why + ".");
}

/// Files of other programs that lie beside slices and are not copied.
bool is_passed_over(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.starts_with('.') || name == "DICOMDIR" || name == "Thumbs.db";
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    if (entry.is_directory(ec))
      throw SeriesError("The folder " + folder.string() +
                        " holds another folder beside the slices; give one series a folder of its own.");
    if (!is_passed_over(entry.path()))
      files.push_back(entry.path());
    if (files.size() > most_files)
      throw SeriesError("The folder " + folder.string() + " holds too many files for one series.");
  }
  if (ec)
    throw SeriesError("The folder " + folder.string() + " cannot be read: " + ec.message() + ".");
  if (files.empty())
    throw SeriesError("The folder " + folder.string() + " holds no DICOM file.");
  std::ranges::sort(files);
  return files;
}

std::string bytes_of(const fs::path& file) {
  std::error_code ec;
  if (const auto size = fs::file_size(file, ec); ec || size > most_file)
    refuse(file, "it has more than 256 MiB, or is no file");
  std::ifstream in(file, std::ios::binary);
  std::ostringstream all;
  if (!(all << in.rdbuf()))
    refuse(file, "it is empty, or cannot be read");
  return std::move(all).str();
}

File parsed(const fs::path& file) {
  try {
    return parse(bytes_of(file));
  } catch (const FormatError& error) {
    refuse(file, std::string(error.what()) + "; the folder may hold nothing else than one series");
  }
}

class Reader {
public:
  Slice slice(const fs::path& file) {
    const Dataset set = parsed(file).set;
    if (!set.contains(pixel_data))
      refuse(file, "it holds no picture");
    Slice slice = slice_of(set, quoted(file));
    slice.kept = cleaned(set, dropped_, private_attributes_);
    paths_[slice.instance] = file;
    return slice;
  }

  void read_pixels(const Slice& slice, std::span<std::byte> to) const {
    const fs::path& file = paths_.at(slice.instance);
    const File again = parsed(file); // a slice at a time: all files together may be large
    const Value& value = again.set.at(pixel_data);
    if (is_packed(again.syntax) != value.sequence)
      refuse(file, "its picture is not as its transfer syntax says");
    if (value.sequence) {
      if (const std::string why = unpack(file, slice.columns, slice.rows, to); !why.empty())
        refuse(file, why);
    } else {
      if (value.bytes.size() != to.size() + to.size() % 2)
        refuse(file, "its picture has another number of bytes than its size says");
      std::memcpy(to.data(), value.bytes.data(), to.size());
    }
    check_bits(to, slice);
  }

  [[nodiscard]] Dropped dropped() const { return {{dropped_.begin(), dropped_.end()}, private_attributes_}; }

private:
  std::set<std::string> dropped_{};
  std::size_t private_attributes_ = 0;
  std::map<std::string, fs::path> paths_{};
};

void append(std::vector<std::byte>& to, const std::string& file) {
  const std::uint64_t size = file.size();
  const auto* bytes = reinterpret_cast<const std::byte*>(&size);
  to.insert(to.end(), bytes, bytes + sizeof(size));
  const auto content = std::as_bytes(std::span(file));
  to.insert(to.end(), content.begin(), content.end());
}

} // namespace

Reading read_series(const fs::path& folder) {
  Reader reader;
  std::vector<Slice> slices;
  for (const fs::path& file : files_in(folder))
    slices.push_back(reader.slice(file));
  sort(slices);
  Reading reading;
  reading.volume.about = described(slices);
  reading.volume.voxels.resize(reading.volume.about.bytes());
  const std::size_t size = reading.volume.voxels.size() / slices.size();
  for (std::size_t i = 0; i < slices.size(); ++i) {
    reader.read_pixels(slices[i], std::span(reading.volume.voxels).subspan(i * size, size));
    append(reading.header, to_bytes(slices[i].kept));
  }
  reading.dropped = reader.dropped();
  return reading;
}

} // namespace deid::dicom
