#pragma once
#include "models/faceres/looks.hpp"
#include <array>
#include <filesystem>
#include <opencv2/core.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace deid::faceswap {

/// A target file or a target that cannot be used. what() is one sentence for the user.
class TargetError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// A face that replaces other faces: frontal, neutral, evenly lit, with a closed mouth; preferably a
/// composite, which shows no existing person.
struct Target {
  static constexpr std::size_t landmark_count = 468;
  static constexpr std::size_t descriptor_size = 128;
  static constexpr int least_side = 32; ///< px of width and height
  static constexpr int most_side = 2048;

  cv::Mat image{}; ///< CV_8UC3 R, G, B; a face of about 256 px with room for the forehead
  /// 468 points of the face mesh, px of `image`; z has the same unit.
  std::vector<cv::Point3f> landmarks{};
  std::optional<std::array<float, descriptor_size>> descriptor{}; ///< of dlib; nothing: not computed
  std::optional<models::Looks> looks{};                           ///< as FaceRes sees it; nothing: not known
  std::string name{};                                             ///< printable, at most 200 bytes
  std::string status{}; ///< origin and permitted use; printable, at most 4000 bytes
};

/// Throws TargetError when a target breaks the rules of Target: size or type of the image, number of
/// landmarks, a landmark or descriptor that is not finite, landmarks that are flat or not on the image, or
/// unprintable texts. where: begins the sentence.
void require_valid(const Target& target, const std::string& where);

/// Reads one JSON file:
///   {"format":"deid-target-1","name":"...","status":"...","width":256,"height":256,"rgb":"...",
///    "landmarks":[[x,y,z], ... 468],"descriptor":[128 numbers] or null,"looks":[man, age]}
/// "looks" may be missing: the probability of a man [0..1], and the age [years, 0..120].
/// rgb is base64 of R, G, B, row by row. Unknown members are skipped. Throws TargetError: the file is
/// missing, unreadable or no JSON, a member has another kind or stands twice, or the target is not valid.
/// Thread: any.
Target read_target(const std::filesystem::path& file);

/// Writes such a file, whole or not at all: only a complete file replaces an existing one. Throws TargetError
/// when the target is not valid or the file cannot be written.
void write_target(const std::filesystem::path& file, const Target& target);

} // namespace deid::faceswap
