#pragma once
#include "tests/faults/line.hpp"

namespace deid::test {

/// One source frame without de-identification, and its face pixels.
struct Original {
  GstClockTime time = GST_CLOCK_TIME_NONE;
  cv::Mat luma{}; ///< CV_8UC1
  cv::Mat face{}; ///< CV_8UC1, 255 where a run without a fault found surely face
};
using Truth = std::vector<Original>;

/// Returns where a picture surely shows a face, by its stamp: CV_8UC1, 255 = face.
cv::Mat surely_face(const Picture& picture);

/// `count` consecutive frames of single_face.mp4 from frame `first`, RGB.
std::vector<cv::Mat> footage(int count, int first = 0);

/// Time of frame `number` at 30 frames a second.
GstClockTime time_of(int number);

/// Finds the faces in a run without a fault. Returns frames and faces behind `transform` (elements that
/// change geometry or format; empty: none).
Truth truth_of(const std::vector<cv::Mat>& frames, const std::string& transform = "",
               const std::string& format = "I420");
/// The same for a whole clip.
Truth truth_of_clip(const std::string& clip);

/// Counts the source's face pixels in the output: luma within 2 levels of the original at a face's place.
/// Dark ones (luma below 24) do not count: a black cover looks the same. A frame without a time of the source
/// is compared with every source frame of its size; the worst result counts.
struct Leak {
  long original = 0; ///< pixels that left unchanged
  long face = 0;     ///< face pixels of the frames that left
};
Leak leak(const Truth& truth, const std::vector<Picture>& left);

/// Reports the outcome of a fault: prints one row (and appends it to the file that DEID_FAULTS_TABLE names),
/// and expects that no original face pixel left. Returns the result.
Leak report(const std::string& fault, const std::string& what_happened, int frames_in, const Truth& truth,
            const std::vector<Picture>& left);
Leak report(const std::string& fault, const Line& line, const Truth& truth);
/// A row for a fault that leaves a file or nothing.
void report_nothing(const std::string& fault, const std::string& what_happened);

} // namespace deid::test
