#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/picture/codecs.hpp"
#include <algorithm>
#include <cctype>
#include <cstring>
#include <map>

namespace deid::cli {
namespace fs = std::filesystem;
namespace {

// 268 million; a larger number means a damaged or hostile header
constexpr std::uint64_t most_pixels = 1ULL << 28;
constexpr std::uint64_t most_side = 32'767; // px; the largest side of GStreamer's frames

std::string lower(const fs::path& file) {
  std::string e = file.extension().string();
  std::ranges::transform(e, e.begin(), [](unsigned char c) { return std::tolower(c); });
  return e;
}

bool begins(const Bytes& file, std::size_t at, const char* text, std::size_t size) {
  return file.size() >= at + size && std::memcmp(file.data() + at, text, size) == 0;
}

const char* const raw_advice =
    "a camera's raw file; save it as TIFF (8 bit) or JPEG with the program that came with the camera";

const char* const dicom_advice =
    "DICOM; of a head's scan, name the folder of one series by itself; its header names the patient, so "
    "save other pictures as PNG first: dcmj2pnm --write-png scan.dcm scan.png (package dcmtk)";

const std::map<std::string, std::string> left_out{
    {".heic", "HEIC; save it as JPEG first: heif-convert photo.heic photo.jpg (package libheif-examples)"},
    {".heif", "HEIF; save it as JPEG first: heif-convert photo.heif photo.jpg (package libheif-examples)"},
    {".hif", "HEIF; save it as JPEG first: heif-convert photo.hif photo.jpg (package libheif-examples)"},
    {".avif", "AVIF; save it as PNG first: avifdec photo.avif photo.png (package libavif-bin)"},
    {".jxl", "JPEG XL; save it as PNG first: djxl photo.jxl photo.png (package libjxl-tools)"},
    {".jp2", "JPEG 2000; save it as PNG first: ffmpeg -i photo.jp2 photo.png"},
    {".bmp", "BMP; save it as PNG first: ffmpeg -i photo.bmp photo.png"},
    {".psd", "a Photoshop file; save it as TIFF without layers (8 bit) or PNG first"},
    {".mpo", "a file of several pictures; save each as JPEG first: exiftool -b -MPImage2 (package "
             "libimage-exiftool-perl)"},
    {".dcm", dicom_advice},
    {".dicom", dicom_advice},
    {".dng", raw_advice},
    {".raw", raw_advice},
    {".cr2", raw_advice},
    {".cr3", raw_advice},
    {".nef", raw_advice},
    {".arw", raw_advice},
    {".orf", raw_advice},
    {".rw2", raw_advice},
    {".raf", raw_advice},
    {".pef", raw_advice},
    {".srw", raw_advice},
};

/// The usual extension for the file's content.
const char* extension_of(const Bytes& file) {
  if (begins(file, 4, "ftypavi", 7))
    return ".avif";
  if (begins(file, 4, "ftyphei", 7) || begins(file, 4, "ftypmif1", 8) || begins(file, 4, "ftyphev", 7))
    return ".heic";
  if (begins(file, 0, "BM", 2))
    return ".bmp";
  return begins(file, 128, "DICM", 4) ? ".dcm" : "";
}

[[noreturn]] void refuse_content(const Bytes& file) {
  const auto found = left_out.find(extension_of(file));
  throw Failure(found == left_out.end() ? "it is no JPEG, PNG, TIFF or WebP, despite its name."
                                        : "despite its name, it is " + found->second + ".");
}

} // namespace

const char* to_string(PictureFormat format) {
  switch (format) {
  case PictureFormat::png:
    return "PNG";
  case PictureFormat::tiff:
    return "TIFF";
  case PictureFormat::webp:
    return "WebP";
  default:
    return "JPEG";
  }
}

std::optional<PictureFormat> format_of_name(const fs::path& file) {
  static const std::map<std::string, PictureFormat> known{
      {".jpg", PictureFormat::jpeg},  {".jpeg", PictureFormat::jpeg}, {".jpe", PictureFormat::jpeg},
      {".jfif", PictureFormat::jpeg}, {".png", PictureFormat::png},   {".tif", PictureFormat::tiff},
      {".tiff", PictureFormat::tiff}, {".webp", PictureFormat::webp}};
  const auto found = known.find(lower(file));
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

std::optional<PictureFormat> format_of_content(const Bytes& file) {
  if (begins(file, 0, "\xff\xd8\xff", 3))
    return PictureFormat::jpeg;
  if (begins(file, 0, "\x89PNG\r\n\x1a\n", 8))
    return PictureFormat::png;
  if (begins(file, 0, "II*\0", 4) || begins(file, 0, "MM\0*", 4) || begins(file, 0, "II+\0", 4) ||
      begins(file, 0, "MM\0+", 4))
    return PictureFormat::tiff;
  if (begins(file, 0, "RIFF", 4) && begins(file, 8, "WEBP", 4))
    return PictureFormat::webp;
  return std::nullopt;
}

bool is_picture(const fs::path& file) {
  return format_of_name(file).has_value() || !why_left_out(file).empty();
}

std::string why_left_out(const fs::path& file) {
  const auto found = left_out.find(lower(file));
  return found == left_out.end() ? "" : "it is " + found->second;
}

void check_size(std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0 || width > most_side || height > most_side || width * height > most_pixels)
    throw Failure("its size, " + std::to_string(width) + "x" + std::to_string(height) +
                  ", is not one that can be handled (at most 32767 px a side and 268 million pixels).");
}

void refuse_depth(int bits) {
  throw Failure("it has " + std::to_string(bits) +
                " bits a sample; only 8 are supported. Save it with 8 bits first (ffmpeg -i in.png -pix_fmt "
                "rgb24 out.png).");
}

Picture decode(const Bytes& file, const std::string& name) {
  const auto format = format_of_content(file);
  try {
    if (!format)
      refuse_content(file);
    Picture picture = *format == PictureFormat::jpeg   ? read_jpeg(file)
                      : *format == PictureFormat::png  ? read_png(file)
                      : *format == PictureFormat::tiff ? read_tiff(file)
                                                       : read_webp(file);
    picture.format = *format;
    return picture;
  } catch (const Failure& e) {
    throw Failure(name + ": " + e.what(), e.code());
  }
}

Bytes encode(const Picture& picture, const PictureWriting& writing) {
  CV_Assert(picture.orientation == 1);
  switch (picture.format) {
  case PictureFormat::png:
    return write_png(picture, writing);
  case PictureFormat::tiff:
    return write_tiff(picture, writing);
  case PictureFormat::webp:
    return write_webp(picture, writing);
  default:
    return write_jpeg(picture, writing);
  }
}

} // namespace deid::cli
