#pragma once
#include "elements/volume/nifti/header.hpp"
#include <array>
#include <cstddef>
#include <cstdint>

/// Where each kept field stands. One table a version serves reading and writing: `io.field<T>(offset, value)`
/// reads or writes a number of type T. Offsets are those of nifti1.h and nifti2.h.
namespace deid::nifti {

/// A part of a header that holds text, or a number that says nothing about the voxels. None of them is kept.
struct Unkept {
  const char* name;
  std::size_t at, size; ///< [bytes]
};

constexpr std::array unkept_1{
    Unkept{"data_type", 4, 10},     Unkept{"db_name", 14, 18},  Unkept{"extents", 32, 4},
    Unkept{"session_error", 36, 2}, Unkept{"toffset", 136, 4},  Unkept{"glmax", 140, 4},
    Unkept{"glmin", 144, 4},        Unkept{"descrip", 148, 80}, Unkept{"aux_file", 228, 24},
    Unkept{"intent_name", 328, 16},
};
constexpr std::array unkept_2{
    Unkept{"toffset", 216, 8},      Unkept{"descrip", 240, 80},    Unkept{"aux_file", 320, 24},
    Unkept{"intent_name", 508, 16}, Unkept{"unused_str", 525, 15},
};

template <class T, class Io, class Values> void row(Io& io, std::size_t at, Values& values) {
  for (auto& value : values) {
    io.template field<T>(at, value);
    at += sizeof(T);
  }
}

template <class Head, class Io> void fields_1(Head& h, Io& io) {
  io.template field<std::uint8_t>(39, h.dim_info);
  row<std::int16_t>(io, 40, h.dim);
  row<float>(io, 56, h.intent_p);
  io.template field<std::int16_t>(68, h.intent_code);
  io.template field<std::int16_t>(70, h.datatype);
  io.template field<std::int16_t>(74, h.slice_start);
  row<float>(io, 76, h.pixdim);
  io.template field<float>(112, h.scl_slope);
  io.template field<float>(116, h.scl_inter);
  io.template field<std::int16_t>(120, h.slice_end);
  io.template field<std::uint8_t>(122, h.slice_code);
  io.template field<std::uint8_t>(123, h.xyzt_units);
  io.template field<float>(124, h.cal_max);
  io.template field<float>(128, h.cal_min);
  io.template field<float>(132, h.slice_duration);
  io.template field<std::int16_t>(252, h.qform_code);
  io.template field<std::int16_t>(254, h.sform_code);
  row<float>(io, 256, h.quatern);
  row<float>(io, 268, h.qoffset);
  for (std::size_t i = 0; i < 3; ++i)
    row<float>(io, 280 + 16 * i, h.srow[i]);
}

template <class Head, class Io> void fields_2(Head& h, Io& io) {
  io.template field<std::int16_t>(12, h.datatype);
  row<std::int64_t>(io, 16, h.dim);
  row<double>(io, 80, h.intent_p);
  row<double>(io, 104, h.pixdim);
  io.template field<double>(176, h.scl_slope);
  io.template field<double>(184, h.scl_inter);
  io.template field<double>(192, h.cal_max);
  io.template field<double>(200, h.cal_min);
  io.template field<double>(208, h.slice_duration);
  io.template field<std::int64_t>(224, h.slice_start);
  io.template field<std::int64_t>(232, h.slice_end);
  io.template field<std::int32_t>(344, h.qform_code);
  io.template field<std::int32_t>(348, h.sform_code);
  row<double>(io, 352, h.quatern);
  row<double>(io, 376, h.qoffset);
  for (std::size_t i = 0; i < 3; ++i)
    row<double>(io, 400 + 32 * i, h.srow[i]);
  io.template field<std::int32_t>(496, h.slice_code);
  io.template field<std::int32_t>(500, h.xyzt_units);
  io.template field<std::int32_t>(504, h.intent_code);
  io.template field<std::uint8_t>(524, h.dim_info);
}

} // namespace deid::nifti
