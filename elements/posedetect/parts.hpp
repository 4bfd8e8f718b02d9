#pragma once
#include "elements/posedetect/finder.hpp"
#include "elements/posedetect/frame_sink.hpp"
#include "models/session/session.hpp"

namespace deid::posedetect {

/// Opens the file or files at `location`. set: the points that are written. Throws models::ModelError or
/// std::runtime_error with a sentence when it cannot.
std::unique_ptr<FrameSink> open_sink(const std::filesystem::path& location, FileFormat format,
                                     KeypointSet set);

/// Loads the hand networks. Throws models::ModelError.
std::unique_ptr<HandFinder> open_hand_finder(const models::SessionOptions& options);

} // namespace deid::posedetect
