#pragma once
#include "elements/posefile/coco.hpp"
#include "elements/posefile/read.hpp"
#include <fstream>
#include <string>

/// People in frames as text. What is written here, read_poses() reads back. All functions throw
/// std::invalid_argument when a present point is not finite; all are thread-safe.
namespace deid::posefile {

constexpr std::string_view lines_format = "deid-pose-1";

/// The first line of a file of ours, with its line break:
/// {"format":"deid-pose-1","detector":…,"smoothing":…}.
std::string line_header(const std::string& detector, const std::string& smoothing);

/// One frame as one line, with its line break: {"pts":[ns] or null,"stage","width","height","people":[{"id",
/// "score","set","box":[x,y,w,h],"points":[[x,y,score] or
/// null…],"hands":[{"side","score","points"}],"face":{…}}]}. "hands" and "face" only where there are any.
std::string line_of(const TimedPose& frame);

/// One frame as OpenPose writes it (--write_json), version 1.3; a missing point is 0,0,0. openpose-18 stays
/// what it is, every other set becomes BODY_25. "person_id" is id - 1. With "pts" [ns] beside it when it is
/// known.
std::string openpose_of(const TimedPose& frame);

/// One person as an entry of COCO's results; a missing point is 0,0,0, "bbox" the box around the present
/// ones. Empty when no COCO-17 point is present: there is nothing to score.
std::string coco_result_of(const Person& person, std::int64_t image_id);

/// A ground-truth file that pycocotools reads; every category is "person" with COCO's 17 points. width,
/// height: px of the images.
std::string coco_ground_truth_of(const coco::GroundTruth& truth, int width, int height);

/// Writes frames as they come. Not thread-safe.
class PoseWriter {
public:
  /// lines, coco_results: a file, replaced when it is there. openpose: a folder, made when it is not there;
  /// files are NAME_000000000012_keypoints.json with the folder's name. Throws FileError when it cannot be
  /// written, std::invalid_argument on coco_ground_truth, whose areas are not known here.
  PoseWriter(std::filesystem::path path, Kind kind);
  /// COCO and OpenPose name the frame by frame.number. Throws FileError when the disk is full and the like.
  void write(const TimedPose& frame);
  /// Ends and closes the file; nothing may be written afterwards. Without it a COCO file stays unfinished and
  /// will not be read. Throws FileError.
  void finish();

private:
  void put(const std::string& text);

  std::filesystem::path path_;
  Kind kind_;
  std::ofstream out_{};
  bool first_ = true;
};

} // namespace deid::posefile
