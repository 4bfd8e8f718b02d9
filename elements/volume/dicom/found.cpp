#include "elements/volume/dicom/series.hpp"
#include <array>
#include <cstring>
#include <fstream>

namespace deid::dicom {

namespace fs = std::filesystem;

bool is_dicom_file(const fs::path& file) {
  constexpr std::streamoff preamble = 128;
  std::array<char, 4> mark{};
  std::ifstream in(file, std::ios::binary);
  return in.seekg(preamble) && in.read(mark.data(), mark.size()) &&
         std::memcmp(mark.data(), "DICM", mark.size()) == 0;
}

bool holds_dicom(const fs::path& folder) {
  std::error_code ec;
  std::size_t dicom = 0, others = 0;
  for (const auto& entry : fs::directory_iterator(folder, ec))
    if (entry.is_regular_file(ec))
      ++(is_dicom_file(entry.path()) ? dicom : others);
  return dicom > others;
}

} // namespace deid::dicom
