#pragma once
#include <functional>
#include <opencv2/core/utility.hpp>
#include <optional>
#include <utility>

namespace deid {

/// Runs `work` so that OpenCV does not split it over threads, and returns its result. Exceptions pass
/// through. Small work such as one face gains nothing from helper threads; their busy waiting took a seventh
/// of the processor's time. The process's settings stay unchanged: cv::setNumThreads would affect all users
/// of OpenCV, whereas parallel_for_ never splits work inside another parallel_for_. Threads: any.
template <class Work> auto on_one_thread(Work&& work) {
  std::optional<decltype(work())> answer;
  const auto body = [&](const cv::Range&) { answer = work(); };
  cv::parallel_for_(cv::Range(0, 1), std::cref(body));
  return *std::move(answer);
}

} // namespace deid
