#pragma once
#include "tests/support/scratch.hpp"
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>
#include <zlib.h>

/// NIfTI files made field by field after nifti1.h and nifti2.h, independently of the code under test.
namespace deid::nifti::test {

using deid::test::read;
using deid::test::write;

#pragma pack(push, 1)
struct Raw1 {
  std::int32_t sizeof_hdr = 348;
  char data_type[10] = {}, db_name[18] = {};
  std::int32_t extents = 0;
  std::int16_t session_error = 0;
  char regular = 'r';
  std::uint8_t dim_info = 0;
  std::int16_t dim[8] = {3, 4, 3, 2, 1, 1, 1, 1};
  float intent_p1 = 0, intent_p2 = 0, intent_p3 = 0;
  std::int16_t intent_code = 0, datatype = 4, bitpix = 16, slice_start = 0;
  float pixdim[8] = {1, 1, 2, 3, 0, 0, 0, 0};
  float vox_offset = 352, scl_slope = 0, scl_inter = 0;
  std::int16_t slice_end = 0;
  std::uint8_t slice_code = 0, xyzt_units = 10;
  float cal_max = 0, cal_min = 0, slice_duration = 0, toffset = 0;
  std::int32_t glmax = 0, glmin = 0;
  char descrip[80] = {}, aux_file[24] = {};
  std::int16_t qform_code = 0, sform_code = 1;
  float quatern_b = 0, quatern_c = 0, quatern_d = 0, qoffset_x = 0, qoffset_y = 0, qoffset_z = 0;
  float srow_x[4] = {-1, 0, 0, 90}, srow_y[4] = {0, 2, 0, -126}, srow_z[4] = {0, 0, 3, -72};
  char intent_name[16] = {};
  char magic[4] = {'n', '+', '1', '\0'};
};
struct Raw2 {
  std::int32_t sizeof_hdr = 540;
  char magic[8] = {'n', '+', '2', '\0', '\r', '\n', '\032', '\n'};
  std::int16_t datatype = 4, bitpix = 16;
  std::int64_t dim[8] = {3, 4, 3, 2, 1, 1, 1, 1};
  double intent_p1 = 0, intent_p2 = 0, intent_p3 = 0;
  double pixdim[8] = {1, 1, 2, 3, 0, 0, 0, 0};
  std::int64_t vox_offset = 544;
  double scl_slope = 0, scl_inter = 0, cal_max = 0, cal_min = 0, slice_duration = 0, toffset = 0;
  std::int64_t slice_start = 0, slice_end = 0;
  char descrip[80] = {}, aux_file[24] = {};
  std::int32_t qform_code = 0, sform_code = 1;
  double quatern_b = 0, quatern_c = 0, quatern_d = 0, qoffset_x = 0, qoffset_y = 0, qoffset_z = 0;
  double srow_x[4] = {-1, 0, 0, 90}, srow_y[4] = {0, 2, 0, -126}, srow_z[4] = {0, 0, 3, -72};
  std::int32_t slice_code = 0, xyzt_units = 10, intent_code = 0;
  char intent_name[16] = {};
  std::uint8_t dim_info = 0;
  char unused_str[15] = {};
};
#pragma pack(pop)
static_assert(sizeof(Raw1) == 348 && sizeof(Raw2) == 540);

template <class T> std::string text_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(T)};
}

/// Turns every number of a header round.
inline void turn(Raw1& h) {
  const auto at = [&](std::size_t from, std::size_t count, std::size_t size) {
    auto* bytes = reinterpret_cast<char*>(&h) + from;
    for (std::size_t i = 0; i < count; ++i)
      std::reverse(bytes + i * size, bytes + (i + 1) * size);
  };
  at(0, 1, 4), at(32, 1, 4), at(36, 1, 2), at(40, 8, 2), at(56, 3, 4), at(68, 4, 2), at(76, 11, 4),
      at(120, 1, 2);
  at(124, 6, 4), at(252, 2, 2), at(256, 18, 4);
}
inline void turn(Raw2& h) {
  const auto at = [&](std::size_t from, std::size_t count, std::size_t size) {
    auto* bytes = reinterpret_cast<char*>(&h) + from;
    for (std::size_t i = 0; i < count; ++i)
      std::reverse(bytes + i * size, bytes + (i + 1) * size);
  };
  at(0, 1, 4), at(12, 2, 2), at(16, 28, 8), at(344, 2, 4), at(352, 18, 8), at(496, 3, 4);
}

/// So many bytes that are all different from their neighbours.
inline std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<char>(i * 31 + i / 97 + 5);
  return bytes;
}

inline std::string packed(const std::string& plain, const char* name = nullptr, unsigned long time = 0) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  gz_header head{};
  head.name = reinterpret_cast<Bytef*>(const_cast<char*>(name));
  head.time = time;
  deflateSetHeader(&stream, &head);
  std::string out(plain.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

/// The content of a file, unpacked when it is gzip.
inline std::string plain(const std::filesystem::path& file) {
  gzFile opened = gzopen(file.c_str(), "rb");
  std::string all;
  std::array<char, 65536> part{};
  for (int got = 0; opened != nullptr && (got = gzread(opened, part.data(), part.size())) > 0;)
    all.append(part.data(), static_cast<std::size_t>(got));
  if (opened != nullptr)
    gzclose(opened);
  return all;
}

/// A single file of version 1 with 4x3x2 int16 voxels, unless `raw` says otherwise.
inline std::string single(const Raw1& raw = {}, const std::string& voxels = pattern(48)) {
  return text_of(raw) + std::string(4, '\0') + voxels;
}

} // namespace deid::nifti::test
