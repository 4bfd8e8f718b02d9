#pragma once
#include "elements/meta/pose.hpp"
#include <cstdint>
#include <filesystem>
#include <memory>

namespace deid::posedetect {

/// Formats of files of keypoints.
enum class FileFormat { automatic, openpose, coco, jsonl };

/// Receives the keypoints of every frame. Streaming thread. Throws std::runtime_error with a sentence when a
/// file cannot be written.
class FrameSink {
public:
  virtual ~FrameSink() = default;
  /// Takes one frame, in order. pts: ns of the buffer, -1 when it has none.
  virtual void write(const PoseFrame& frame, std::int64_t pts) = 0;
  /// Ends the file: everything is on the disk afterwards. Requires that no write() follows.
  virtual void finish() = 0;
};

} // namespace deid::posedetect
