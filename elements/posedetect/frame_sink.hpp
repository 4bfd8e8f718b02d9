#pragma once
#include "elements/meta/pose.hpp"
#include <cstdint>
#include <filesystem>
#include <memory>

namespace deid::posedetect {

/// How keypoints are written into files.
enum class FileFormat { automatic, openpose, coco, jsonl };

/// Where the keypoints of every frame go, besides the buffer. Streaming thread; throws std::runtime_error
/// with a sentence when a file cannot be written.
class FrameSink {
public:
  virtual ~FrameSink() = default;
  /// One frame, in order. pts: ns of the buffer, -1 when it has none.
  virtual void write(const PoseFrame& frame, std::int64_t pts) = 0;
  /// The stream ended: everything is on the disk afterwards. No write() follows.
  virtual void finish() = 0;
};

} // namespace deid::posedetect
