#include "elements/posedetect/parts.hpp"
#include <stdexcept>

namespace deid::posedetect {

std::unique_ptr<FrameSink> open_sink(const std::filesystem::path& location, FileFormat, KeypointSet) {
  throw std::runtime_error("this build writes no files of keypoints (asked for " + location.string() + ")");
}

std::unique_ptr<HandFinder> open_hand_finder(const models::SessionOptions&) {
  throw std::runtime_error("this build finds no hands");
}

} // namespace deid::posedetect
