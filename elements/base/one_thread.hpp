#pragma once
#include <functional>
#include <opencv2/core/utility.hpp>
#include <optional>
#include <utility>

namespace deid {

/// Runs `work` such that OpenCV does not share what it does within among threads, and gives back its answer;
/// exceptions pass. Faces are small: a helper thread gains no time there, and waits for its next share
/// spinning, which was a seventh of the processor's time. Nothing of the process is set (cv::setNumThreads
/// would be for everybody's OpenCV): parallel_for_ does not share within itself. Threads: any.
template <class Work> auto on_one_thread(Work&& work) {
  std::optional<decltype(work())> answer;
  const auto body = [&](const cv::Range&) { answer = work(); };
  cv::parallel_for_(cv::Range(0, 1), std::cref(body));
  return *std::move(answer);
}

} // namespace deid
