#pragma once
#include "elements/meta/pose.hpp"
#include "elements/posefile/coco.hpp"
#include "elements/posefile/error.hpp"
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Files of keypoints as people in frames, whatever program wrote them.
namespace deid::posefile {

enum class Kind : std::uint8_t {
  openpose,          ///< OpenPose's JSON: a file a frame, or a folder of them
  coco_results,      ///< COCO's list of detections
  coco_ground_truth, ///< COCO's annotations
  lines,             ///< ours: a line a frame, with its time
};
const char* to_string(Kind kind);

/// Named numbers about somebody's face, e.g. "left_eye_aspect"; who measures them chooses the names.
using FaceMeasures = std::map<std::string, double>;

/// The people of one frame, and which frame that is.
struct TimedPose {
  std::optional<std::uint64_t> pts{}; ///< [ns]; only our lines and OpenPose files of ours know it
  std::int64_t number = 0; ///< image_id; OpenPose: the number in the file's name; lines: from 0 in each stage
  PoseFrame pose{};        ///< width and height are 0 when the file does not say
  std::map<std::uint32_t, FaceMeasures> faces{}; ///< by Person::id
};

struct Recording {
  Kind kind = Kind::lines;
  std::vector<TimedPose> frames{}; ///< in the order of the file; COCO and folders: ascending number
};

/// Reads any of the four kinds, a folder of OpenPose files too. Points that their file calls missing (score
/// or visibility not above 0; OpenPose writes 0,0,0 and its COCO export -1,-1,0) are absent. Files without
/// ids get 1.. by position. Throws FileError: one sentence with the file, the place and what is wrong;
/// nothing is passed over in silence. Thread-safe.
Recording read_poses(const std::filesystem::path& path);
Recording parse_poses(std::string_view text, const std::string& name);

/// A file as what it is, by what stands in it: COCO's with all its doubles, the others as a recording. Throws
/// FileError when it is none of the four kinds.
using Content = std::variant<coco::GroundTruth, std::vector<coco::Detection>, Recording>;
Content read_any(const std::filesystem::path& path);

/// Frames of COCO's values; of a truth the points with v > 0, of a detection those with a confidence > 0.
/// Annotations of images that the file does not list make frames, too. Throws FileError, which names the
/// file, when a coordinate is beyond 1e9.
Recording people_of(const coco::GroundTruth& truth, const std::string& name);
Recording people_of(const std::vector<coco::Detection>& detections, const std::string& name);

Recording people_of(const Content& content, const std::string& name);

/// Sets score and box from the points: mean score of, and box around, the present ones; 0 when there are
/// none.
void complete_from_points(Person& person);

} // namespace deid::posefile
