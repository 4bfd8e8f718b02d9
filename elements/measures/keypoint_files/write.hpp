#pragma once
#include "elements/measures/keypoint_files/read.hpp"
#include <fstream>
#include <string>

/// Writes people and frames as text. read_poses() reads the text back. All functions throw
/// std::invalid_argument when a present point is not finite. All functions are thread-safe.
namespace deid::keypoint_files {

constexpr std::string_view lines_format = "deid-pose-1";

/// The first line of a file of ours, with its line break:
/// {"format":"deid-pose-1","detector":…,"smoothing":…}.
std::string line_header(const std::string& detector, const std::string& smoothing);

/// One frame as one line, with its line break: {"pts":[ns] or null,"stage","width","height","people":[{"id",
/// "score","set","box":[x,y,w,h],"points":[[x,y,score] or
/// null…],"hands":[{"side","score","points"}],"face":{…}}]}. "hands" and "face" only where there are any.
std::string line_of(const TimedPose& frame);

/// One frame as OpenPose writes it (--write_json), version 1.3. A missing point is 0,0,0. The set openpose-18
/// is kept; every other set becomes BODY_25. "person_id" is id - 1. "pts" [ns] is added when it is known.
std::string openpose_of(const TimedPose& frame);

/// One person as an entry of COCO's results. A missing point is 0,0,0. "bbox" is the box around the present
/// points. The text is empty when no COCO-17 point is present.
std::string coco_result_of(const Person& person, std::int64_t image_id);

/// Writes frames as they come. Not thread-safe.
class PoseWriter {
public:
  /// path: for lines and coco_results a file, which is replaced when it exists; for openpose a folder, which
  /// is made when it does not exist. Files in the folder are called NAME_000000000012_keypoints.json with the
  /// folder's name. Throws FileError when the path cannot be written. Throws std::invalid_argument on
  /// coco_ground_truth, because the areas are not known here.
  PoseWriter(std::filesystem::path path, Kind kind);
  /// Writes one frame. COCO and OpenPose use frame.number. Throws FileError when the disk is full.
  void write(const TimedPose& frame);
  /// Completes and closes the file. Nothing may be written afterwards. Without this call a COCO file stays
  /// incomplete and cannot be read. Throws FileError.
  void finish();

private:
  void put(const std::string& text);

  std::filesystem::path path_;
  Kind kind_;
  std::ofstream out_{};
  bool first_ = true;
};

} // namespace deid::keypoint_files
