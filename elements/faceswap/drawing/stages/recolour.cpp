#include "elements/faceswap/drawing/stages/recolour.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

namespace {

cv::Mat ellipse(double radius) {
  const int r = std::max(1, cvRound(radius));
  return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * r + 1, 2 * r + 1});
}

/// Returns the skin on the crop, at least `share` sizes of the face inside the outline.
cv::Mat skin_area(const Points& points, int size, double share) {
  cv::Mat skin;
  const double face = face_size(points);
  cv::erode(face_area(points, {size, size}), skin, ellipse(share * face));
  cv::Mat features(size, size, CV_8UC1, cv::Scalar(0));
  for (const auto* part :
       {&part::right_eye(), &part::left_eye(), &part::right_brow(), &part::left_brow(), &part::lips()}) {
    std::vector<cv::Point2f> hull;
    cv::convexHull(pick(points, *part), hull);
    std::vector<cv::Point> outline;
    for (const cv::Point2f& p : hull)
      outline.emplace_back(cvRound(p.x - .5F), cvRound(p.y - .5F));
    cv::fillConvexPoly(features, outline, cv::Scalar(255));
  }
  cv::dilate(features, features, ellipse(tuning::recolour::feature_share * face));
  skin.setTo(0, features);
  return skin;
}

} // namespace

cv::Mat recolour(const RecolourInput& in, SkinMemory& memory) {
  const cv::Point2f centre = centre_of(in.points);
  const int side = in.face.cols;
  const auto size = static_cast<float>(face_size(in.points));
  const double crop_side = models::autoencoder::crop_side(in.alignment);
  const auto place = [&](cv::Point2f p) { return (p - centre) / size; };
  const auto on_face = [&](cv::Point2f p) {
    const cv::Point2d unit = cv::Point2d(.5, .5) + (cv::Point2d(p) / side - cv::Point2d(.5, .5)) * crop_side;
    return cv::Point2f(static_cast<float>((unit.x - tuning::recolour::box_x) / tuning::recolour::box_width),
                       static_cast<float>((unit.y - tuning::recolour::box_y) / tuning::recolour::box_height));
  };
  const auto samples = [&](const cv::Mat& where) {
    SkinSamples all;
    for (int y = 0; y < side; y += tuning::recolour::sample_step)
      for (int x = 0; x < side; x += tuning::recolour::sample_step)
        if (where.at<std::uint8_t>(y, x) != 0) {
          const cv::Point2f p(static_cast<float>(x) + .5F, static_cast<float>(y) + .5F);
          all.subject.push_back(in.person.at<cv::Vec3b>(y, x));
          all.target.push_back(in.face.at<cv::Vec3b>(y, x));
          all.places.push_back(place(p));
          all.on_face.push_back(on_face(p));
        }
    return all;
  };
  const cv::Mat inside = skin_area(in.points, side, tuning::recolour::inner_share);
  const auto transfer = learn_skin(
      samples(inside),
      [&] { return samples(skin_area(in.points, side, tuning::recolour::rim_share) & ~inside); }, true,
      [](const cv::Vec3d&) { return std::optional<double>(); }, memory);
  if (!transfer)
    return in.face;
  cv::Mat offsets(tuning::recolour::offset_cells, tuning::recolour::offset_cells, CV_32FC3), all, out;
  const float cell = static_cast<float>(side) / tuning::recolour::offset_cells;
  for (int y = 0; y < tuning::recolour::offset_cells; ++y)
    for (int x = 0; x < tuning::recolour::offset_cells; ++x) {
      const cv::Point2f p((static_cast<float>(x) + .5F) * cell, (static_cast<float>(y) + .5F) * cell);
      offsets.at<cv::Vec3f>(y, x) =
          cv::Vec3f(transferred(*transfer, {}, place(p))) + memory.light.at(on_face(p));
    }
  cv::resize(offsets, offsets, {side, side}, 0, 0, cv::INTER_LINEAR);
  in.face.convertTo(all, CV_32F);
  cv::transform(all, all, cv::Mat(cv::Matx33f(transfer->gain)));
  all += offsets;
  all.convertTo(out, CV_8U);
  return out;
}

} // namespace deid::faceswap::stage
