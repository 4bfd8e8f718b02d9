#include "elements/posedetect/network_finder.hpp"
#include "elements/posedetect/tuning.hpp"
#include "models/manifest/manifest.hpp"
#include "models/ssd/suppression.hpp"
#include <algorithm>
#include <cmath>

namespace deid::posedetect {

namespace {
constexpr const char* detector_name = "pose_detection";
constexpr const char* landmarks_name = "pose_landmark_full";

/// MediaPipe counts the pixels of its landmark crop by their corner, crop_rgb by their centre. This matrix
/// makes crop_rgb sample at MediaPipe's positions.
cv::Matx23f by_corner(cv::Matx23f m) {
  m(0, 2) += .5F - (m(0, 0) + m(0, 1)) / 2;
  m(1, 2) += .5F - (m(1, 0) + m(1, 1)) / 2;
  return m;
}

models::RotatedRoi whole(cv::Size frame) {
  const auto side = static_cast<float>(std::max(frame.width, frame.height));
  return {{static_cast<float>(frame.width) / 2, static_cast<float>(frame.height) / 2}, {side, side}, 0.F};
}

/// Squares as high (or wide) as the frame that cover it with a third of overlap. None when the frame is
/// nearly square, or too small to show more in windows.
std::vector<models::RotatedRoi> windows(cv::Size frame) {
  const int side = std::min(frame.width, frame.height);
  const int length = std::max(frame.width, frame.height);
  if (length < side * 5 / 4 || length <= models::PoseDetector::input_size)
    return {};
  const int count = std::min(tuning::most_windows, 1 + (3 * (length - side) + 2 * side - 1) / (2 * side));
  std::vector<models::RotatedRoi> squares;
  for (int i = 0; i < count; ++i) {
    const float along = static_cast<float>(side) / 2 + static_cast<float>(length - side) *
                                                           static_cast<float>(i) /
                                                           static_cast<float>(std::max(1, count - 1));
    const float across = static_cast<float>(side) / 2;
    const cv::Point2f centre =
        frame.width > frame.height ? cv::Point2f(along, across) : cv::Point2f(across, along);
    squares.push_back({centre, {static_cast<float>(side), static_cast<float>(side)}, 0.F});
  }
  return squares;
}

bool usable(const models::RotatedRoi& roi) {
  const auto fine = [](float value) { return std::isfinite(value) && std::abs(value) < tuning::farthest; };
  return fine(roi.center.x) && fine(roi.center.y) && fine(roi.size.width) && roi.size.width > 0 &&
         std::isfinite(roi.rotation);
}
} // namespace

NetworkFinder::NetworkFinder(const NetworkFiles& files, const models::SessionOptions& options)
    : description_(models::described(files.detector, detector_name) + " " +
                   models::described(files.landmarks, landmarks_name)),
      detector_(models::given_or_weight(files.detector, detector_name), options),
      landmarks_(models::given_or_weight(files.landmarks, landmarks_name), options) {}

std::vector<models::PoseDetection> NetworkFinder::detect_in(const video::FrameView& frame,
                                                            const models::RotatedRoi& area, bool average,
                                                            float threshold) {
  const models::Stopwatch watch(cost_.detect);
  const cv::Size size(models::PoseDetector::input_size, models::PoseDetector::input_size);
  const cv::Matx23f to_frame = models::crop_to_frame(area, size);
  const cv::Mat crop = video::crop_rgb(frame, by_corner(to_frame), size, {.average = average});
  auto people = detector_.detect_crop(crop, to_frame, threshold);
  std::erase_if(people, [](const models::PoseDetection& p) { return !usable(models::pose_roi(p)); });
  return people;
}

std::vector<models::PoseDetection> NetworkFinder::detect(const video::FrameView& frame, float threshold,
                                                         Extent extent) {
  // Sampled as in MediaPipe's CPU graph: the first region is smoothed, so its errors last for seconds.
  auto people = detect_in(frame, whole(frame.size()), false, threshold);
  if (extent == Extent::whole)
    return people;
  std::vector<models::RotatedRoi> places = windows(frame.size());
  if (extent == Extent::one_window && !places.empty())
    places = {places[turn_++ % places.size()]};
  std::vector<models::PoseDetection> small;
  for (const models::RotatedRoi& window : places)
    for (const models::PoseDetection& person : detect_in(frame, window, true, threshold))
      small.push_back(person);
  for (const models::PoseDetection& person : models::suppress(std::move(small), tuning::one_head))
    if (std::ranges::none_of(people, [&](const models::PoseDetection& other) {
          return models::overlap(other.box, person.box) > tuning::one_head;
        }))
      people.push_back(person);
  return people;
}

models::PoseResult NetworkFinder::landmarks(const video::FrameView& frame, const models::RotatedRoi& roi,
                                            bool mask) {
  if (!usable(roi))
    return {}; // presence 0: nobody
  const models::Stopwatch watch(cost_.landmarks);
  const cv::Size size(models::PoseLandmarks::crop_size, models::PoseLandmarks::crop_size);
  const cv::Matx23f to_frame = models::crop_to_frame(roi, size);
  const cv::Mat crop = video::crop_rgb(frame, by_corner(to_frame), size,
                                       {.repeat_edge = true, .average = false}); // as MediaPipe's CPU graph
  models::PoseResult found = landmarks_.estimate(crop, to_frame, mask);
  const auto finite = [](const models::PosePoint& p) {
    return std::isfinite(p.at.x) && std::isfinite(p.at.y);
  };
  if (!std::ranges::all_of(found.points, finite) ||
      !usable(models::pose_roi(found.alignment[0], found.alignment[1])))
    found.presence = 0.F;
  return found;
}

} // namespace deid::posedetect
