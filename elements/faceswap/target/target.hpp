#pragma once
#include <array>
#include <filesystem>
#include <opencv2/core.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace deid::faceswap {

/// A target file or a target that is not what it should be. what() is one sentence for the user.
class TargetError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// A face that replaces others: frontal, neutral, mouth closed, evenly lit; best a composite that is nobody.
struct Target {
  static constexpr std::size_t landmark_count = 468;
  static constexpr std::size_t descriptor_size = 128;
  static constexpr int least_side = 32; ///< px of width and height
  static constexpr int most_side = 2048;

  cv::Mat image{}; ///< CV_8UC3 R, G, B; a face of about 256 px with room for the forehead
  std::vector<cv::Point3f>
      landmarks{}; ///< 468 points of the face mesh, in px of `image` (z in the same unit)
  std::optional<std::array<float, descriptor_size>> descriptor{}; ///< dlib's, when somebody computed it
  std::string name{};                                             ///< printable, at most 200 bytes
  std::string status{}; ///< where it comes from and what it may be used for; printable, at most 4000 bytes
};

/// Throws TargetError when a target breaks what is said above: image size or type, not 468 landmarks, a
/// landmark or descriptor that is not finite, landmarks wholly flat or not on the image, unprintable texts.
/// `where` starts the sentence.
void require_valid(const Target& target, const std::string& where);

/// One JSON file:
///   {"format":"deid-target-1","name":"...","status":"...","width":256,"height":256,"rgb":"base64 of R, G, B
///   row
///    by row","landmarks":[[x,y,z], ... 468],"descriptor":[128 numbers] or null}
/// Members nobody knows are passed over. Throws TargetError: missing, unreadable, not JSON, a member of
/// another kind or twice, or a target that is not valid. Threads: any.
Target read_target(const std::filesystem::path& file);

/// Writes the same, whole or not at all: a file that is there already is replaced only by a complete one.
/// Throws TargetError when the target is not valid or the file cannot be written.
void write_target(const std::filesystem::path& file, const Target& target);

} // namespace deid::faceswap
