#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

namespace deid::cli {

using Bytes = std::vector<std::uint8_t>;

enum class PictureFormat { jpeg, png, tiff, webp };

/// How densely a picture is to be printed: pixels per unit, along x and y.
struct Density {
  enum class Unit { none, inch, meter };
  Unit unit = Unit::none;
  double x = 0, y = 0; ///< 0: the file names none
};

/// How the file stores its pixels. A result is stored in the same way.
struct Storage {
  bool lossless = false;         ///< WebP
  bool progressive = false;      ///< JPEG
  int luma_h = 1, luma_v = 1;    ///< JPEG: luma samples per chroma sample, along x and y
  std::uint16_t compression = 0; ///< TIFF: the number of its scheme; 0: choose one
  bool premultiplied = false;    ///< TIFF: colours were multiplied by the alpha
  std::uint32_t gamma = 0;       ///< PNG: 100,000 times the exponent; 0: the file names none
  std::array<std::uint32_t, 8>
      chromaticities{};                    ///< PNG: as its chunk counts them; all 0: the file names none
  std::optional<std::uint8_t> rendering{}; ///< PNG: its colours are sRGB, with this rendering intent
};

/// One decoded picture, and of its file only what the pixels need to be shown as they were.
struct Picture {
  PictureFormat format = PictureFormat::jpeg;
  cv::Mat pixels{};    ///< 8 bits a sample: gray (1 channel), RGB (3) or RGBA (4); rows from top to bottom
  bool gray = false;   ///< R = G = B; stays true for a gray picture with alpha
  Bytes profile{};     ///< ICC colour profile as the file has it
  int orientation = 1; ///< [1..8] as EXIF counts
  Density density{};
  Storage storage{};
};

/// What a writer is told beside the picture.
struct PictureWriting {
  int quality = 95;   ///< [1..100] of JPEG and of lossy WebP, as their libraries count
  std::string note{}; ///< an XMP packet; empty: none
};

/// "JPEG", "PNG", "TIFF" or "WebP".
const char* to_string(PictureFormat format);

/// The format that a file's name or its first bytes stand for.
std::optional<PictureFormat> format_of_name(const std::filesystem::path& file);
std::optional<PictureFormat> format_of_content(const Bytes& file);

/// Whether a file is to be treated as a picture: its name says so.
bool is_picture(const std::filesystem::path& file);

/// Why a file of this name is left out although it is a picture, and what to do, as half a sentence; empty
/// when it is none of these formats.
std::string why_left_out(const std::filesystem::path& file);

/// Decodes a file. Throws Failure with a sentence on anything that a result could not hold or that is in
/// doubt: another format, several pictures, more than 8 bits a sample, CMYK, damage, too large. Nothing of
/// the file but what Picture lists is kept. name: for the sentences.
Picture decode(const Bytes& file, const std::string& name);

/// A file of the picture's format. Writes the pixels, the profile, the density and the note, and nothing
/// else. Requires orientation 1. Throws Failure when the format cannot hold the picture.
Bytes encode(const Picture& picture, const PictureWriting& writing);

/// Turns the pixels as `orientation` says and sets it to 1.
void turn_upright(Picture& picture);

/// The same picture for another format. Throws Failure when the format cannot hold it (JPEG: transparency).
void change_format(Picture& picture, PictureFormat format);

/// A profile with the same colours and without texts, names of devices, dates and private data. Empty when
/// the profile is damaged or is not one of a gray (channels 1) or RGB picture.
Bytes scrub_profile(const Bytes& profile, int channels);

/// Orientation in an EXIF block that begins with its TIFF header; 1 when it names none or is damaged.
int exif_orientation(const std::uint8_t* data, std::size_t size);

} // namespace deid::cli
