#pragma once
#include "elements/meta/fingerprint.hpp"
#include "models/centerface/centerface.hpp"
#include "pipelines/deid/evaluate/report/leaks.hpp"
#include <cstdint>
#include <map>
#include <mutex>

namespace deid::cli {

/// Finds the faces of a video's originals with CenterFace at the frames' full size, which no other part of a
/// run does. It searches about ten frames a second, each frame that differs much from the frame before, and
/// each frame whose faces the searched frames around it do not tell. Threads: look_ahead() in one, faces() in
/// another.
class FaceSearch {
public:
  /// [ns] Least time between two searched frames of a calm video.
  static constexpr std::int64_t rest = 80'000'000;

  /// size: of the frames, px. Throws models::ModelError.
  explicit FaceSearch(cv::Size size);

  /// Takes the next frame. Requires: rising times [ns].
  void look_ahead(std::int64_t time, const video::FrameView& frame);
  /// Returns the faces of a frame that look_ahead() took. Requires: rising times; the frames of the next .1 s
  /// were taken, too, unless there are none. Otherwise the frame is searched.
  std::vector<evaluate::Seen> faces(std::int64_t time, const video::FrameView& frame);
  /// Frames that were searched so far.
  [[nodiscard]] std::size_t searched() const;

private:
  using Faces = std::vector<evaluate::Seen>;
  Faces search(const video::FrameView& frame);
  [[nodiscard]] std::optional<Faces> known(std::int64_t time);

  mutable std::mutex lock_{}; ///< guards found_ and searched_
  std::mutex one_{};          ///< one search at a time
  models::CenterFace detector_;
  std::map<std::int64_t, Faces> found_{}; ///< by time
  std::size_t searched_ = 0;
  std::optional<std::int64_t> last_{}; ///< time of the last searched frame
  Fingerprint before_{};               ///< of the last frame that look_ahead() took
};

} // namespace deid::cli
