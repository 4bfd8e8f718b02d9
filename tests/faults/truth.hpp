#pragma once
#include "tests/faults/line.hpp"

namespace deid::test {

/// One source frame as it looks without de-identification, and which of its pixels are face.
struct Original {
  GstClockTime time = GST_CLOCK_TIME_NONE;
  cv::Mat luma{}; ///< CV_8UC1
  cv::Mat face{}; ///< CV_8UC1, 255 where a run without a fault saw surely face
};
using Truth = std::vector<Original>;

/// `count` consecutive frames of single_face.mp4 from frame `first`, RGB.
std::vector<cv::Mat> footage(int count, int first = 0);

/// Time of frame `number` at 30 frames a second.
GstClockTime time_of(int number);

/// Finds the faces in a run without a fault, and shows frames and faces as they come out of `transform`
/// (elements of the pipeline that change geometry or format; empty: none).
Truth truth_of(const std::vector<cv::Mat>& frames, const std::string& transform = "",
               const std::string& format = "I420");
/// The same for a whole clip.
Truth truth_of_clip(const std::string& clip);

/// Face pixels of the source that are still in what left: luma within 2 levels of the original at a place
/// that was face. Dark ones (luma below 24) do not count: a black cover cannot be told from them. A frame
/// that left without a time of the source is held against every source frame of its size, and the worst one
/// counts.
struct Leak {
  long original = 0; ///< pixels that left as they came
  long face = 0;     ///< face pixels of the frames that left
};
Leak leak(const Truth& truth, const std::vector<Picture>& left);

/// Says what became of a fault: prints one row (and appends it to the file that DEID_FAULTS_TABLE names), and
/// expects that no original face pixel left. Returns what it measured.
Leak report(const std::string& fault, const std::string& what_happened, int frames_in, const Truth& truth,
            const std::vector<Picture>& left);
Leak report(const std::string& fault, const Line& line, const Truth& truth);
/// A row of a fault that leaves a file or nothing.
void report_nothing(const std::string& fault, const std::string& what_happened);

} // namespace deid::test
