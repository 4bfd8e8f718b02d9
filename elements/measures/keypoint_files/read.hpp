#pragma once
#include "elements/measures/keypoint_files/coco.hpp"
#include "elements/measures/keypoint_files/error.hpp"
#include "elements/meta/pose.hpp"
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Reads keypoint files of several programs into people and frames.
namespace deid::keypoint_files {

enum class Kind : std::uint8_t {
  openpose,          ///< OpenPose's JSON: one file a frame, or a folder of such files
  coco_results,      ///< COCO's list of detections
  coco_ground_truth, ///< COCO's annotations
  lines,             ///< JSON lines of posedetect: one line a frame, with its time
};
const char* to_string(Kind kind);

/// Named numbers about a face, e.g. "left_eye_aspect". The program that measures them chooses the names.
using FaceMeasures = std::map<std::string, double>;

/// The people of one frame, with the frame's time and number.
struct TimedPose {
  std::optional<std::uint64_t> pts{}; ///< [ns]; only JSON lines and OpenPose files written here have it
  std::int64_t number = 0; ///< image_id; OpenPose: the number in the file's name; lines: from 0 in each stage
  PoseFrame pose{};        ///< width and height are 0 when the file does not say
  std::map<std::uint32_t, FaceMeasures> faces{}; ///< by Person::id
};

struct Recording {
  Kind kind = Kind::lines;
  std::vector<TimedPose> frames{}; ///< in the order of the file; COCO and folders: ascending number
};

/// Reads a file of any of the four kinds, or a folder of OpenPose files. A point is absent when its score or
/// visibility is not above 0; OpenPose writes 0,0,0 and its COCO export -1,-1,0. People without ids get their
/// position, from 1. Throws FileError with one sentence on any damage. Thread-safe.
Recording read_poses(const std::filesystem::path& path);
Recording parse_poses(std::string_view text, const std::string& name);

/// Reads a file and finds its kind by its content. COCO files keep all their doubles; other files become a
/// recording. Throws FileError when the file has none of the four kinds.
using Content = std::variant<coco::GroundTruth, std::vector<coco::Detection>, Recording>;
Content read_any(const std::filesystem::path& path);

/// Converts COCO's values into frames. Truths keep the points with v > 0, detections the points with a
/// confidence > 0. Annotations of unlisted images make frames, too. Throws FileError, which names the
/// file, when a coordinate is above 1e9.
Recording people_of(const coco::GroundTruth& truth, const std::string& name);
Recording people_of(const std::vector<coco::Detection>& detections, const std::string& name);

Recording people_of(const Content& content, const std::string& name);

/// Sets the score to the mean score of the present points, and the box to the box around them. Both are 0
/// when no point is present.
void complete_from_points(Person& person);

} // namespace deid::keypoint_files
