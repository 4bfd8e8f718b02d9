#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace deid::training {

/// What tells a face from others; the same numbers as models::Descriptor.
using Descriptor = std::array<float, 128>;

/// How a face lies in a stored crop: the aligned square that the network is to see is the middle, and a
/// margin all around is for turning, zooming and shifting it.
constexpr int core_size = 160;   ///< [px] the aligned square
constexpr int stored_size = 200; ///< [px] with the margin
constexpr int margin = (stored_size - core_size) / 2;
constexpr std::size_t point_count = 468; ///< of the face mesh

/// One face of one frame, aligned.
struct Face {
  cv::Mat crop{};                    ///< stored_size x stored_size RGB CV_8UC3
  std::vector<cv::Point2f> points{}; ///< 468, px of the crop
  std::int64_t pts = 0;              ///< [ns] in its clip
  std::uint32_t clip = 0;            ///< index into FaceSet::clips
  std::uint32_t track = 0;           ///< who it is within the clip, as the face detector says
  std::array<float, 3> pose{};       ///< yaw, pitch, roll [degrees]
  float sharpness = 0;               ///< see sharpness(); only for comparison
  Descriptor descriptor{};
  bool held_out = false; ///< never trained on; for the report
};

/// Where faces came from. A clip that has changed is another clip.
struct Clip {
  std::string name{}; ///< without the folder
  std::uint64_t bytes = 0;
  std::int64_t modified = 0; ///< [ns since 1970]
  bool operator==(const Clip&) const = default;
};

/// All faces of one side, subject or target.
struct FaceSet {
  std::vector<Clip> clips{};
  double coverage = 0; ///< of the alignment
  std::vector<Face> faces{};
  Descriptor mean{};    ///< of the descriptors
  std::string report{}; ///< JSON: what was kept, and why the rest was not
};

/// Writes one file, readable by its owner only, whole or not at all. Requires: every face with a crop and 468
/// points. Throws FileError; std::invalid_argument on a face of another shape.
///
/// Format (little endian): "DEIDFS01", u32 length of a JSON header {format, clips, coverage, faces,
/// stored_size, points, mean, report}, then per face: i64 pts, u32 clip, u32 track, u32 held_out, f32 x3
/// pose, f32 sharpness, f32 x128 descriptor, f32 x2 x468 points, the crop row by row; then sha256 of all
/// before.
void write_faces(const std::filesystem::path& file, const FaceSet& set);

/// Reads it back. Throws FileError: missing, damaged, another format or size.
FaceSet read_faces(const std::filesystem::path& file);

} // namespace deid::training
