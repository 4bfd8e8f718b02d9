#include "elements/faceswap/drawing/trained_painter.hpp"
#include "elements/faceswap/drawing/fringe.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace deid::faceswap {

namespace {

namespace ae = models::autoencoder;

constexpr int offset_cells = 24; ///< of the grid of light on the face; light is soft
constexpr double edge = 1.5;     ///< px at the edge of the crop, which networks learn badly
/// Sizes of the face from its outline to skin, and to sure skin.
constexpr double rim_share = 0.02, inner_share = 0.07;
constexpr double feature_share = 0.02; ///< sizes of the face around eyes, brows and lips
/// Share of the way to the middle that is taken out of the target. Sideburns and ears of a narrower target
/// were seen this far in on a person's cheeks.
constexpr float rim_of_another = 0.25F;
constexpr int sample_step = 2; ///< px of the crop between two samples
constexpr double smaller =
    1.5; ///< ratio; a face that shrinks by more is blurred first, so that nothing aliases
/// The box of the mesh with its forehead on the square of the mean face. Places of Light lie within it.
constexpr double box_x = -.1, box_y = -.42, box_width = 1.2, box_height = 1.6;

/// Returns the inverse of a similarity from crop to picture, in pixel indices.
cv::Matx23d to_crop_by_index(const cv::Matx23d& m) {
  const double area = m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0);
  const double a = m(1, 1) / area, b = -m(0, 1) / area, c = -m(1, 0) / area, d = m(0, 0) / area;
  const double x = .5 - m(0, 2), y = .5 - m(1, 2);
  return {a, b, a * x + b * y - .5, c, d, c * x + d * y - .5};
}

/// Returns where the crop lies on the picture, without its edge. CV_8UC1, 255 inside.
cv::Mat quad(const cv::Matx23f& to_picture, int crop, cv::Size size) {
  std::vector<cv::Point> corners;
  const auto low = static_cast<float>(edge), high = static_cast<float>(crop - edge);
  for (const cv::Point2f& p : {cv::Point2f(low, low), {high, low}, {high, high}, {low, high}}) {
    const cv::Matx21f at = to_picture * cv::Matx31f(p.x, p.y, 1);
    corners.emplace_back(cvRound(at(0) * 16 - 8),
                         cvRound(at(1) * 16 - 8)); // 4 fractional bits, centres at .5
  }
  cv::Mat mask(size, CV_8UC1, cv::Scalar(0));
  cv::fillConvexPoly(mask, corners, cv::Scalar(255), cv::LINE_8, 4);
  return mask;
}

cv::Mat ellipse(double radius) {
  const int r = std::max(1, cvRound(radius));
  return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * r + 1, 2 * r + 1});
}

/// Returns the skin on the crop, at least `share` sizes of the face inside the outline.
cv::Mat skin_area(const std::vector<cv::Point3f>& points, int size, double share) {
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
  cv::dilate(features, features, ellipse(feature_share * face));
  skin.setTo(0, features);
  return skin;
}

} // namespace

TrainedPainter::TrainedPainter(Convert convert, int size, const ae::Alignment& alignment)
    : convert_(std::move(convert)), size_(size), alignment_(alignment) {
  if (size < 8)
    throw std::invalid_argument("a network of " + std::to_string(size) + " px");
  (void)ae::crop_side(alignment);
}

/// Returns `face` in the colours and the light of `person`. Both are crops.
cv::Mat TrainedPainter::recolored(const cv::Mat& person, const cv::Mat& face,
                                  const std::vector<cv::Point3f>& points, SkinMemory& memory) const {
  const cv::Point2f centre = centre_of(points);
  const auto size = static_cast<float>(face_size(points));
  const double side = ae::crop_side(alignment_);
  const auto place = [&](cv::Point2f p) { return (p - centre) / size; };
  const auto on_face = [&](cv::Point2f p) {
    const cv::Point2d unit = cv::Point2d(.5, .5) + (cv::Point2d(p) / size_ - cv::Point2d(.5, .5)) * side;
    return cv::Point2f(static_cast<float>((unit.x - box_x) / box_width),
                       static_cast<float>((unit.y - box_y) / box_height));
  };
  const auto samples = [&](const cv::Mat& where) {
    SkinSamples all;
    for (int y = 0; y < size_; y += sample_step)
      for (int x = 0; x < size_; x += sample_step)
        if (where.at<std::uint8_t>(y, x) != 0) {
          const cv::Point2f p(static_cast<float>(x) + .5F, static_cast<float>(y) + .5F);
          all.subject.push_back(person.at<cv::Vec3b>(y, x));
          all.target.push_back(face.at<cv::Vec3b>(y, x));
          all.places.push_back(place(p));
          all.on_face.push_back(on_face(p));
        }
    return all;
  };
  const cv::Mat inside = skin_area(points, size_, inner_share);
  const auto transfer = learn_skin(
      samples(inside), [&] { return samples(skin_area(points, size_, rim_share) & ~inside); }, true, memory);
  if (!transfer)
    return face;
  cv::Mat offsets(offset_cells, offset_cells, CV_32FC3), all, out;
  const float cell = static_cast<float>(size_) / offset_cells;
  for (int y = 0; y < offset_cells; ++y)
    for (int x = 0; x < offset_cells; ++x) {
      const cv::Point2f p((static_cast<float>(x) + .5F) * cell, (static_cast<float>(y) + .5F) * cell);
      offsets.at<cv::Vec3f>(y, x) =
          cv::Vec3f(transferred(*transfer, {}, place(p))) + memory.light.at(on_face(p));
    }
  cv::resize(offsets, offsets, {size_, size_}, 0, 0, cv::INTER_LINEAR);
  face.convertTo(all, CV_32F);
  cv::transform(all, all, cv::Mat(cv::Matx33f(transfer->gain)));
  all += offsets;
  all.convertTo(out, CV_8U);
  return out;
}

Painted TrainedPainter::paint(const PainterInput& input, const DrawOptions& options, Memory& memory) {
  const cv::Size size = input.original.size();
  const std::vector<cv::Point3f> steady = memory.steady.follow(input.landmarks);
  Painted painted{
      {}, cv::Mat(size, CV_8UC1, cv::Scalar(0)), with_forehead(on_picture(steady, input.at), forehead_reach)};
  if (face_size(input.mesh) < 2) // a mesh that is a point has no alignment
    return painted;
  cv::Matx23f place = ae::aligned(steady, size_, alignment_);
  if (options.own_parts) {
    const cv::Mat person = input.crop(place, {size_, size_});
    const cv::Mat face = convert_(person);
    if (face.type() != CV_8UC3 || face.size() != person.size())
      throw std::invalid_argument("a network gave a picture of another size");
    std::vector<cv::Point3f> points;
    for (const cv::Point2f& p : ae::in_crop(steady, place))
      points.emplace_back(p.x, p.y, 0.F);
    // the outlines differ, and the target's hair or background must not lie on the person's cheek
    memory.brought = recolored(person, skin_only(face, points, rim_of_another), points, memory.skin);
  }
  if (memory.brought.size() != cv::Size(size_, size_)) // nothing was drawn yet, or by another network
    return painted;
  const double step = std::hypot(static_cast<double>(place(0, 0)), static_cast<double>(place(1, 0)));
  cv::Mat face = memory.brought;
  if (step * smaller < 1)
    cv::GaussianBlur(face, face, {0, 0}, .4 / step);
  place(0, 2) -= static_cast<float>(input.at.x);
  place(1, 2) -= static_cast<float>(input.at.y);
  cv::warpAffine(face, painted.rgb, to_crop_by_index(place), size, cv::INTER_CUBIC | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  painted.shown = face_area(painted.points, size) & quad(place, size_, size);
  return painted;
}

} // namespace deid::faceswap
