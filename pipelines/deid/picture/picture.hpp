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

/// Print resolution: pixels per unit, along x and y.
struct Density {
  enum class Unit { none, inch, meter };
  Unit unit = Unit::none;
  double x = 0, y = 0; ///< 0: the file states none
};

/// How the file stores its pixels. The result is stored in the same way.
struct Storage {
  bool lossless = false;                         ///< WebP
  bool progressive = false;                      ///< JPEG
  int luma_h = 1, luma_v = 1;                    ///< JPEG: luma samples per chroma sample, along x and y
  std::uint16_t compression = 0;                 ///< TIFF: number of the compression scheme; 0: choose one
  bool premultiplied = false;                    ///< TIFF: colours are multiplied by alpha
  std::uint32_t gamma = 0;                       ///< PNG: 100,000 times the exponent; 0: the file states none
  std::array<std::uint32_t, 8> chromaticities{}; ///< PNG: in the chunk's unit; all 0: the file states none
  std::optional<std::uint8_t> rendering{};       ///< PNG: rendering intent; set when its colours are sRGB
};

/// One decoded picture, with only the metadata that its correct display needs.
struct Picture {
  PictureFormat format = PictureFormat::jpeg;
  cv::Mat pixels{};    ///< 8 bits a sample: gray (1 channel), RGB (3) or RGBA (4); rows from top to bottom
  bool gray = false;   ///< R = G = B; stays true for a gray picture with alpha
  Bytes profile{};     ///< the file's ICC colour profile
  int orientation = 1; ///< [1..8], EXIF's numbers
  Density density{};
  Storage storage{};
};

/// Further input of a writer.
struct PictureWriting {
  int quality = 95;   ///< [1..100] of JPEG and lossy WebP, on their libraries' scale
  std::string note{}; ///< an XMP packet; empty: none
};

/// "JPEG", "PNG", "TIFF" or "WebP".
const char* to_string(PictureFormat format);

/// Returns the format of a file by its name or by its first bytes.
std::optional<PictureFormat> format_of_name(const std::filesystem::path& file);
std::optional<PictureFormat> format_of_content(const Bytes& file);

/// Whether a file is treated as a picture, by its name.
bool is_picture(const std::filesystem::path& file);

/// Returns why a picture of this name is not supported, and what to do, as half a sentence. Empty when its
/// name has none of these extensions.
std::string why_left_out(const std::filesystem::path& file);

/// Decodes a file. Throws Failure with a sentence on content that a result could not hold, or that is
/// uncertain: another format, several pictures, more than 8 bits a sample, CMYK, damage, too large. Only the
/// members of Picture are kept. name: for the sentences.
Picture decode(const Bytes& file, const std::string& name);

/// Returns a file of the picture's format with pixels, profile, density and note, and nothing else. Requires
/// orientation 1. Throws Failure when the format cannot hold the picture.
Bytes encode(const Picture& picture, const PictureWriting& writing);

/// Rotates the pixels by `orientation` and sets it to 1.
void turn_upright(Picture& picture);

/// Converts the picture for another format. Throws Failure when the format cannot hold it (JPEG:
/// transparency).
void change_format(Picture& picture, PictureFormat format);

/// Returns a profile with the same colours, without texts, device names, dates and private data. Empty when
/// the profile is damaged, or is not of a gray (channels 1) or RGB picture.
Bytes scrub_profile(const Bytes& profile, int channels);

/// Returns the orientation in an EXIF block that begins with its TIFF header; 1 when it has none or is
/// damaged.
int exif_orientation(const std::uint8_t* data, std::size_t size);

} // namespace deid::cli
