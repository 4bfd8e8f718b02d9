#include "pipelines/deid/evaluate/face_search.hpp"
#include "elements/video/planes.hpp"
#include "models/manifest/manifest.hpp"
#include "pipelines/deid/evaluate/report/between.hpp"
#include <algorithm>
#include <cstdlib>

namespace deid::cli {

namespace {

/// A block differs by more levels of luma than this; and of a frame that differs much, more than this share
/// of its blocks does: a cut, a flash, a picture in between. Set by reasoning.
constexpr int block_differs = 24;
constexpr double much = .2;

cv::Size multiples_of_32(cv::Size size) {
  return {(size.width + 31) / 32 * 32, (size.height + 31) / 32 * 32};
}

bool differ_much(const Fingerprint& a, const Fingerprint& b) {
  std::size_t blocks = 0;
  for (std::size_t i = 0; i < a.luma.size(); ++i)
    blocks += std::abs(a.luma.at(i) - b.luma.at(i)) > block_differs ? 1 : 0;
  return static_cast<double>(blocks) > much * static_cast<double>(a.luma.size());
}

} // namespace

FaceSearch::FaceSearch(cv::Size size)
    : detector_(models::locate("centerface"), multiples_of_32(size), models::SessionOptions{}) {}

FaceSearch::Faces FaceSearch::search(const video::FrameView& frame) {
  const std::scoped_lock one(one_);
  cv::Mat rgb;
  video::downscale_rgb(frame, frame.size(), rgb);
  Faces faces;
  for (const models::FaceDetection& face : detector_.detect(rgb, evaluate::sure))
    faces.push_back(
        {face.box,
         face.score,
         {face.keypoints[0], face.keypoints[1], face.keypoints[2], face.keypoints[4], face.keypoints[5]}});
  const std::scoped_lock guard(lock_);
  ++searched_;
  return faces;
}

void FaceSearch::look_ahead(std::int64_t time, const video::FrameView& frame) {
  const Fingerprint now = fingerprint(frame);
  const bool due = !last_ || time - *last_ >= rest || differ_much(before_, now);
  before_ = now;
  if (!due)
    return;
  last_ = time;
  Faces faces = search(frame);
  const std::scoped_lock guard(lock_);
  found_[time] = std::move(faces);
}

/// Returns the faces of a searched frame, or of one between two searched frames that agree. Forgets frames
/// that nobody asks for any more.
std::optional<FaceSearch::Faces> FaceSearch::known(std::int64_t time) {
  const std::scoped_lock guard(lock_);
  const auto after = found_.lower_bound(time);
  if (after != found_.end() && after->first == time)
    return after->second;
  if (after == found_.begin() || after == found_.end())
    return {};
  const auto before = std::prev(after);
  found_.erase(found_.begin(), before);
  const double share =
      static_cast<double>(time - before->first) / static_cast<double>(after->first - before->first);
  return evaluate::between(before->second, after->second, share);
}

std::vector<evaluate::Seen> FaceSearch::faces(std::int64_t time, const video::FrameView& frame) {
  if (auto faces = known(time))
    return std::move(*faces);
  return search(frame);
}

std::size_t FaceSearch::searched() const {
  const std::scoped_lock guard(lock_);
  return searched_;
}

} // namespace deid::cli
