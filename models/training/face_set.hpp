#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace deid::training {

/// 128 numbers that tell faces apart; the same as models::Descriptor.
using Descriptor = std::array<float, 128>;

/// Layout of a stored crop: the aligned square for the network is in the middle. The margin around it leaves
/// room for rotation, zoom and shift.
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
  std::uint32_t track = 0;           ///< the face's id within the clip, given by facedetect
  std::array<float, 3> pose{};       ///< yaw, pitch, roll [degrees]
  float sharpness = 0;               ///< see sharpness(); compared within one clip only
  Descriptor descriptor{};
  bool held_out = false; ///< not used for training, only for the report
};

/// The origin of faces. A changed file counts as another clip.
struct Clip {
  std::string name{}; ///< without the folder
  std::uint64_t bytes = 0;
  std::int64_t modified = 0; ///< [ns since 1970]
  bool operator==(const Clip&) const = default;
};

/// All faces of one side, the subject's or the target's.
struct FaceSet {
  std::vector<Clip> clips{};
  double coverage = 0; ///< Alignment::coverage
  std::vector<Face> faces{};
  Descriptor mean{};    ///< of the descriptors
  std::string report{}; ///< JSON: which faces were kept, and why others were not
};

/// Writes one file, whole or not at all, readable only by its owner. Requires a crop and 468 points of every
/// face. Throws FileError, and std::invalid_argument on a face of another shape.
/// Format (little endian): "DEIDFS01"; u32 length of a JSON header {format, clips, coverage, faces,
/// stored_size, points, mean, report}; then per face: i64 pts, u32 clip, u32 track, u32 held_out, f32 x3
/// pose, f32 sharpness, f32 x128 descriptor, f32 x2 x468 points, the crop row by row; then the sha256 of
/// everything before.
void write_faces(const std::filesystem::path& file, const FaceSet& set);

/// Reads such a file. Throws FileError: missing, damaged, of another format or size.
FaceSet read_faces(const std::filesystem::path& file);

} // namespace deid::training
