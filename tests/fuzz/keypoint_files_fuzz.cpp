// Every reader of keypoint files on any bytes gives a FileError or people, nothing else. People that were
// read can be written, read back and scored.
#include "elements/measures/coco/files.hpp"
#include "elements/measures/keypoint_files/write.hpp"
#include <cstdlib>

namespace {

using namespace deid;

void score(const coco::GroundTruth& truth) {
  std::vector<coco::Detection> detections;
  for (const coco::Truth& one : truth.annotations)
    detections.push_back(
        {.id = 1, .image_id = one.image_id, .category_id = one.category_id, .points = one.points});
  std::erase_if(detections, [&](const coco::Detection& one) {
    return std::find(truth.images.begin(), truth.images.end(), one.image_id) == truth.images.end();
  });
  coco::Preservation preservation;
  const auto scores = evaluate(truth, detections, true, &preservation).scores();
  for (const double value : scores.stats)
    if (!(value == -1 || (value >= 0 && value <= 1)))
      std::abort();
}

/// Our own lines must read back as the same lines.
void there_and_back(const keypoint_files::Recording& recording) {
  std::string text = keypoint_files::line_header("d", "none");
  for (const keypoint_files::TimedPose& frame : recording.frames) {
    text += keypoint_files::line_of(frame);
    (void)keypoint_files::parse_poses(keypoint_files::openpose_of(frame), "written");
    for (const Person& person : frame.pose.people)
      if (const std::string one = keypoint_files::coco_result_of(person, frame.number); !one.empty())
        (void)keypoint_files::parse_poses("[" + one + "]", "written");
  }
  std::string again = keypoint_files::line_header("d", "none");
  for (const keypoint_files::TimedPose& frame : keypoint_files::parse_poses(text, "written").frames)
    again += keypoint_files::line_of(frame);
  if (again != text)
    std::abort();
}

template <class Read> auto attempt(Read&& read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const keypoint_files::FileError&) {
    return std::nullopt;
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto truth = attempt([&] { return deid::coco::parse_ground_truth(text, "f"); }))
    score(*truth);
  (void)attempt([&] { return deid::coco::parse_detections(text, "f"); });
  if (const auto recording = attempt([&] { return deid::keypoint_files::parse_poses(text, "f"); }))
    there_and_back(*recording);
  return 0;
}
