#pragma once
#include "elements/posedetect/identities.hpp"
#include "elements/video/frame_view.hpp"
#include "models/openpose/openpose.hpp"
#include <filesystem>
#include <optional>
#include <string>

namespace deid::posedetect {

/// Finds people in every frame anew with a user's network of OpenPose's kind, and gives them stable ids.
/// Threads: one at a time. Throws models::ModelError; the frame must then not leave.
class BottomUp {
public:
  /// Throws models::ModelError when the file is not such a network. options.input_shape must be empty.
  BottomUp(const std::filesystem::path& model, const models::SessionOptions& options);
  /// Returns at most `most` people, best first, then by id. absence: ns.
  [[nodiscard]] std::vector<Person> step(const video::FrameView& frame, std::int64_t time, int most,
                                         std::int64_t absence);
  void reset() { identities_.reset(); }
  /// Name and hash of the network.
  [[nodiscard]] const std::string& description() const { return description_; }

private:
  std::string description_;
  models::OpenPose network_;
  Identities identities_{};
  cv::Mat image_{};
};

} // namespace deid::posedetect
