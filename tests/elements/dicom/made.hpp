#pragma once
#include "tests/support/scratch.hpp"
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// DICOM files made attribute by attribute after PS3.5 and PS3.10, independently of the code under test and
/// of gdcm. Explicit, little-endian.
namespace deid::dicom::test {

using deid::test::read;
using deid::test::write;

inline std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i)
    text += static_cast<char>(value >> (8 * i) & 255U);
  return text;
}

struct Value {
  std::string vr{}, content{};
};

/// A dataset: (group << 16 | element) to its value.
using Dataset = std::map<std::uint32_t, Value>;

inline std::string coded(std::uint32_t tag, Value value) {
  if (value.content.size() % 2 != 0)
    value.content += value.vr == "UI" ? '\0' : ' ';
  const bool wide = value.vr == "OB" || value.vr == "OW" || value.vr == "SQ" || value.vr == "UN";
  std::string text = number(tag >> 16U, 2) + number(tag & 0xffffU, 2) + value.vr;
  if (wide)
    text += number(0, 2);
  return text + number(static_cast<std::uint32_t>(value.content.size()), wide ? 4 : 2) + value.content;
}

inline std::string coded(const Dataset& set) {
  std::string text;
  for (const auto& [tag, value] : set)
    text += coded(tag, value);
  return text;
}

/// A whole file; syntax: the UID of how the dataset is coded.
inline std::string file(const Dataset& set, const std::string& syntax = "1.2.840.10008.1.2.1") {
  Dataset meta{{0x00020001, {"OB", std::string("\0\1", 2)}},
               {0x00020002, {"UI", set.contains(0x00080016) ? set.at(0x00080016).content : "1.2"}},
               {0x00020003, {"UI", set.contains(0x00080018) ? set.at(0x00080018).content : "1.2"}},
               {0x00020010, {"UI", syntax}},
               {0x00020012, {"UI", "1.2.3.4"}},
               {0x00020016, {"AE", "JANE_AE"}}};
  const std::string rest = coded(meta);
  return "JANE" + std::string(124, '\0') + "DICM" +
         coded(0x00020000, {"UL", number(static_cast<std::uint32_t>(rest.size()), 4)}) + rest + coded(set);
}

constexpr int columns = 6, rows = 5, slices = 12;
constexpr const char *study = "1.2.826.0.1.1", *series = "1.2.826.0.1.2", *frame = "1.2.826.0.1.3";

/// The number that is stored at a place.
inline int stored(int column, int row, int slice) {
  return 37 * slice + 11 * row + column - 100;
}

/// One slice of a series: sagittal, 1.5 mm apart along the person's x, pixels of .5 x .75 mm; signed numbers
/// of 12 bits in 16; every kind of thing that names a person stands in it.
inline Dataset slice(int index) {
  std::string pixels;
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column)
      pixels += number(static_cast<std::uint32_t>(stored(column, row, index)), 2);
  const auto us = [](std::uint32_t value) { return Value{"US", number(value, 2)}; };
  return {{0x00080008, {"CS", "ORIGINAL\\PRIMARY\\M"}},
          {0x00080016, {"UI", "1.2.840.10008.5.1.4.1.1.4"}},
          {0x00080018, {"UI", "1.2.826.0.1.4." + std::to_string(index + 1)}},
          {0x00080020, {"DA", "20130717"}},
          {0x00080032, {"TM", "132518"}},
          {0x00080060, {"CS", "MR"}},
          {0x00080070, {"LO", "JANE'S SCANNER"}},
          {0x00080080, {"LO", "JANE'S HOSPITAL"}},
          {0x00081140, {"SQ", number(0xe000fffe, 4) + number(16, 4) + coded(0x00080050, {"SH", "JANE1234"})}},
          {0x00090010, {"LO", "JANE PRIVATE"}},
          {0x00091001, {"LO", "JANE DOE"}},
          {0x00100010, {"PN", "DOE^JANE"}},
          {0x00100020, {"LO", "JANE-1"}},
          {0x00180020, {"CS", "GR"}},
          {0x00180050, {"DS", "1.5"}},
          {0x00180080, {"DS", "2300"}},
          {0x00181030, {"LO", "JANE PROTOCOL"}},
          {0x0020000d, {"UI", study}},
          {0x0020000e, {"UI", series}},
          {0x00200013, {"IS", std::to_string(index + 1)}},
          {0x00200032, {"DS", std::to_string(20 - 1.5 * index) + "\\-7\\30"}},
          {0x00200037, {"DS", "0\\1\\0\\0\\0\\-1"}},
          {0x00200052, {"UI", frame}},
          {0x00204000, {"LT", "JANE COMMENT"}},
          {0x00280002, us(1)},
          {0x00280004, {"CS", "MONOCHROME2"}},
          {0x00280010, us(rows)},
          {0x00280011, us(columns)},
          {0x00280030, {"DS", "0.75\\0.5"}},
          {0x00280100, us(16)},
          {0x00280101, us(12)},
          {0x00280102, us(11)},
          {0x00280103, us(1)},
          {0x00281052, {"DS", "-5"}},
          {0x00281053, {"DS", "2"}},
          {0x00321060, {"LO", "JANE PROCEDURE"}},
          {0x60003000, {"OW", "JANE OVERLAY"}},
          {0x7fe00010, {"OW", pixels}}};
}

/// Writes a series; the order of names is not that of slices. change: of each slice.
template <class Change> void make_series(const std::filesystem::path& folder, const Change& change) {
  std::filesystem::create_directories(folder);
  for (int index = 0; index < slices; ++index) {
    Dataset set = slice(index);
    change(index, set);
    write(folder / ("IM" + std::to_string((index * 7) % slices)), file(set));
  }
}
inline void make_series(const std::filesystem::path& folder) {
  make_series(folder, [](int, Dataset&) {});
}

} // namespace deid::dicom::test
