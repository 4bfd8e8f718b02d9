// The only file that includes gdcm.
#include "elements/volume/dicom/packed.hpp"
#include <gdcmImageReader.h>
#include <gdcmTrace.h>

namespace deid::dicom {

namespace {

/// gdcm writes on the console otherwise, with values of the file.
void be_quiet() {
  gdcm::Trace::DebugOff();
  gdcm::Trace::WarningOff();
  gdcm::Trace::ErrorOff();
}

bool unpacked(const std::filesystem::path& file, int columns, int rows, std::span<std::byte> to) {
  gdcm::ImageReader reader;
  reader.SetFileName(file.c_str());
  if (!reader.Read())
    return false;
  const gdcm::Image& image = reader.GetImage();
  return image.GetNumberOfDimensions() == 2 && image.GetDimension(0) == static_cast<unsigned>(columns) &&
         image.GetDimension(1) == static_cast<unsigned>(rows) &&
         image.GetPixelFormat().GetSamplesPerPixel() == 1 && image.GetBufferLength() == to.size() &&
         image.GetBuffer(reinterpret_cast<char*>(to.data()));
}

} // namespace

bool can_unpack() {
  return true;
}

std::string unpack(const std::filesystem::path& file, int columns, int rows, std::span<std::byte> to) {
  be_quiet();
  try {
    if (unpacked(file, columns, rows, to))
      return "";
  } catch (const std::exception&) { // of many kinds
    return "its packed picture is damaged";
  }
  return "its packed picture is damaged, or packed in an unknown way";
}

} // namespace deid::dicom
