#include "elements/measures/keypoint_files/write.hpp"
#include "elements/posedetect/parts.hpp"

namespace deid::posedetect {

namespace {

keypoint_files::Kind kind_of(const std::filesystem::path& location, FileFormat format) {
  switch (format) {
  case FileFormat::openpose:
    return keypoint_files::Kind::openpose;
  case FileFormat::coco:
    return keypoint_files::Kind::coco_results;
  case FileFormat::jsonl:
    return keypoint_files::Kind::lines;
  case FileFormat::automatic:
    break;
  }
  const std::string extension = location.extension().string();
  if (extension == ".json")
    return keypoint_files::Kind::coco_results;
  return extension.empty() ? keypoint_files::Kind::openpose : keypoint_files::Kind::lines;
}

/// Writes frames in one of keypoint_files' formats. COCO counts frames from 1 and OpenPose from 0, as their
/// own programs do.
class FileSink final : public FrameSink {
public:
  FileSink(const std::filesystem::path& location, keypoint_files::Kind kind, KeypointSet set)
      : writer_(location, kind), set_(set), number_(kind == keypoint_files::Kind::coco_results ? 1 : 0) {}

  void write(const PoseFrame& frame, std::int64_t pts) override {
    keypoint_files::TimedPose timed{.number = number_++, .pose = frame};
    if (pts >= 0)
      timed.pts = static_cast<std::uint64_t>(pts);
    for (Person& person : timed.pose.people) {
      const KeypointSet set =
          set_ == KeypointSet::blazepose33 ? person.set : set_; // the set of the network itself
      person.points = convert_points(person, set);
      person.set = set;
    }
    writer_.write(timed);
  }
  void finish() override { writer_.finish(); }

private:
  keypoint_files::PoseWriter writer_;
  KeypointSet set_;
  std::int64_t number_;
};

} // namespace

std::unique_ptr<FrameSink> open_sink(const std::filesystem::path& location, FileFormat format,
                                     KeypointSet set) {
  return std::make_unique<FileSink>(location, kind_of(location, format), set);
}

} // namespace deid::posedetect
