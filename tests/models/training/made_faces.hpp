#pragma once
#include "models/training/augment.hpp"
#include "models/training/face_set.hpp"
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::test {

/// Points of a face all over an oval, with the mouth open by `mouth` [0..1].
inline std::vector<cv::Point2f> made_points(double mouth = 0) {
  std::vector<cv::Point2f> points;
  for (std::size_t i = 0; i < training::point_count; ++i) {
    const double turn = 2.399963 * static_cast<double>(i); // golden angle: uniform over the disc
    const double far = std::sqrt((static_cast<double>(i) + .5) / training::point_count);
    points.emplace_back(static_cast<float>(100 + 55 * far * std::cos(turn)),
                        static_cast<float>(100 + 70 * far * std::sin(turn)));
  }
  points[33] = {70, 85};
  points[263] = {130, 85};
  points[13] = {100, 135};
  points[14] = {100, static_cast<float>(135 + 30 * mouth)};
  return points;
}

/// A face that is easy to learn: an oval with two eyes and a mouth that opens with `mouth`. tone: tells
/// people apart.
inline training::Face made_face(const cv::Scalar& tone, double mouth, std::uint64_t seed) {
  training::Face face;
  face.points = made_points(mouth);
  face.crop = cv::Mat(training::stored_size, training::stored_size, CV_8UC3, cv::Scalar(60, 70, 80));
  training::Random random(seed);
  const cv::Point middle(100 + static_cast<int>(random.uniform(-3, 3)),
                         100 + static_cast<int>(random.uniform(-3, 3)));
  cv::ellipse(face.crop, middle, {55, 70}, 0, 0, 360, tone, -1);
  for (const int side : {-1, 1})
    cv::circle(face.crop, middle + cv::Point(25 * side, -15), 7, cv::Scalar(20, 20, 30), -1);
  cv::ellipse(face.crop, middle + cv::Point(0, 35), {18, 2 + static_cast<int>(14 * mouth)}, 0, 0, 360,
              cv::Scalar(120, 30, 40), -1);
  face.sharpness = 1;
  face.pose = {static_cast<float>(random.uniform(-20, 20)), 0, 0};
  return face;
}

/// `count` faces of one clip and one person. who: part of the descriptor; two numbers are two people, 1.4
/// apart.
inline training::FaceSet made_faces(std::size_t count, const cv::Scalar& tone, std::size_t who,
                                    bool hold_out = true) {
  training::FaceSet set;
  set.clips = {{"made-" + std::to_string(who) + ".mp4", 1000 + who, 5}};
  set.coverage = 1;
  set.mean.at(who) = 1;
  set.report = "{}";
  for (std::size_t i = 0; i < count; ++i) {
    training::Face face = made_face(tone, .5 + .5 * std::sin(static_cast<double>(i)), 100 * who + i);
    face.pts = static_cast<std::int64_t>(i) * 40'000'000;
    face.track = 1;
    face.descriptor.at(who) = 1;
    face.held_out = hold_out && i % 10 == 9;
    set.faces.push_back(std::move(face));
  }
  return set;
}

inline const cv::Scalar rosy(200, 150, 130), brown(120, 80, 60);

} // namespace deid::test
