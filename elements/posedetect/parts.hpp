#pragma once
#include "elements/posedetect/finder.hpp"
#include "elements/posedetect/frame_sink.hpp"
#include "models/session/session.hpp"

namespace deid::posedetect {

/// Opens the file(s) that `location` asks for. set: which points are written. Throws models::ModelError or
/// std::runtime_error with a sentence when that cannot be done.
std::unique_ptr<FrameSink> open_sink(const std::filesystem::path& location, FileFormat format,
                                     KeypointSet set);

/// Loads the networks of hands. Throws models::ModelError.
std::unique_ptr<HandFinder> open_hand_finder(const models::SessionOptions& options);

} // namespace deid::posedetect
