#include "pipelines/deid/review/pictures.hpp"
#include "elements/meta/scene_cut_detector.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/review/look.hpp"
#include "pipelines/deid/review/tuning.hpp"
#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace deid::review {

namespace {

constexpr int piece = 96;          ///< frames that a step back reads
constexpr std::size_t most = 1000; ///< pictures that are kept

} // namespace

Pictures::Pictures(const std::filesystem::path& video, int frames) : frames_(video) {
  if (frames_.count() != frames)
    throw cli::Failure(video.string() + " has " + std::to_string(frames_.count()) +
                       " frames, and the audit has " + std::to_string(frames) +
                       ". They do not belong together.");
  const cv::Size size = frames_.size();
  scale_ = std::min(1., static_cast<double>(tuning::following_side) / std::max(size.width, size.height));
}

void Pictures::read(int frame) {
  if (kept_.size() > most)
    kept_.clear();
  const bool forward = kept_.contains(frame - 1) || kept_.empty();
  for (int i = forward ? frame : std::max(0, frame - piece + 1); i <= frame; ++i) {
    cv::Mat small;
    cv::resize(frames_.gray(i), small, {}, scale_, scale_, cv::INTER_AREA);
    const Fingerprint print = fingerprint_of(small);
    kept_[i] = {small, print};
  }
}

cv::Mat Pictures::at(int frame) {
  if (!kept_.contains(frame))
    read(frame);
  return kept_.at(frame).gray;
}

const Fingerprint& Pictures::fingerprint_at(int frame) {
  at(frame);
  return kept_.at(frame).fingerprint;
}

Followed Pictures::follow(int from, int to, const cv::Rect2d& box) {
  const int last = frames_.count() - 1;
  const auto picture = [&](int frame) { return frame < 0 || frame > last ? cv::Mat() : at(frame); };
  const auto cut = [&](int a, int b) {
    const Fingerprint first = fingerprint_at(a); // a copy: reading the other may drop it
    return deid::is_cut(first, fingerprint_at(b));
  };
  return review::follow(picture, cut, scale_, frames_.size(), from, std::clamp(to, 0, last), box);
}

} // namespace deid::review
