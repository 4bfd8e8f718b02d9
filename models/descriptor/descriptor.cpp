// The only file that includes dlib: its network is a template that takes a minute to compile.
#include "models/descriptor/descriptor.hpp"
#include "models/session/session.hpp"
#include <algorithm>
#include <cmath>
#include <dlib/dnn.h>
#include <dlib/image_processing/full_object_detection.h>
#include <dlib/image_transforms.h>
#include <stdexcept>
#include <string>

namespace deid::models {

namespace {

// The file holds parameters for exactly this type, layer by layer from the input (the last template argument)
// up.
template <long channels, int stride, typename Below>
using Convolution = dlib::con<channels, 3, 3, stride, stride, Below>;
template <long channels, int stride, typename Below>
using Block =
    dlib::affine<Convolution<channels, 1, dlib::relu<dlib::affine<Convolution<channels, stride, Below>>>>>;
template <long channels, typename Below>
using Keep = dlib::relu<dlib::add_prev1<Block<channels, 1, dlib::tag1<Below>>>>;
template <long channels, typename Below>
using Halve = dlib::relu<dlib::add_prev2<
    dlib::avg_pool<2, 2, 2, 2, dlib::skip1<dlib::tag2<Block<channels, 2, dlib::tag1<Below>>>>>>>;
template <typename Below> using Level32 = Keep<32, Keep<32, Keep<32, Below>>>;
template <typename Below> using Level64 = Keep<64, Keep<64, Keep<64, Halve<64, Below>>>>;
template <typename Below> using Level128 = Keep<128, Keep<128, Halve<128, Below>>>;
template <typename Below> using Level256 = Keep<256, Keep<256, Halve<256, Below>>>;
using Stem =
    dlib::max_pool<3, 3, 2, 2,
                   dlib::relu<dlib::affine<
                       dlib::con<32, 7, 7, 2, 2, dlib::input_rgb_image_sized<FaceDescriptor::chip_size>>>>>;
using Network = dlib::loss_metric<
    dlib::fc_no_bias<128, dlib::avg_pool_everything<Halve<256, Level256<Level128<Level64<Level32<Stem>>>>>>>>;

constexpr double padding = .25;

dlib::matrix<dlib::rgb_pixel> to_dlib(const cv::Mat& rgb) {
  dlib::matrix<dlib::rgb_pixel> image(rgb.rows, rgb.cols);
  for (int y = 0; y < rgb.rows; ++y) {
    const auto* row = rgb.ptr<cv::Vec3b>(y);
    for (int x = 0; x < rgb.cols; ++x)
      image(y, x) = {row[x][0], row[x][1], row[x][2]};
  }
  return image;
}

cv::Mat from_dlib(const dlib::matrix<dlib::rgb_pixel>& image) {
  cv::Mat rgb(static_cast<int>(image.nr()), static_cast<int>(image.nc()), CV_8UC3);
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x) {
      const dlib::rgb_pixel& pixel = image(y, x);
      rgb.at<cv::Vec3b>(y, x) = {pixel.red, pixel.green, pixel.blue};
    }
  return rgb;
}

void require_points(std::span<const cv::Point2f> points) {
  if (points.size() != 5 && points.size() != 68)
    throw std::invalid_argument("A face chip needs 5 or 68 points, not " + std::to_string(points.size()) +
                                ".");
  cv::Point2f low = points.front(), high = points.front();
  for (const cv::Point2f& p : points) {
    if (!(std::abs(p.x) <= 1e5F && std::abs(p.y) <= 1e5F)) // NaN too
      throw std::invalid_argument("A face chip needs points that are numbers within 100000 px.");
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  if (std::max(high.x - low.x, high.y - low.y) < 1)
    throw std::invalid_argument("A face chip needs points that are not all in one place.");
}

} // namespace

struct FaceDescriptor::Impl {
  Network network{};
};

FaceDescriptor::FaceDescriptor(const std::filesystem::path& model) : impl_(std::make_unique<Impl>()) {
  if (!std::filesystem::is_regular_file(model))
    throw ModelError(ModelError::Kind::missing,
                     "Model file " + model.string() + " is missing. Run ./meson-free-scripts/setup.");
  try {
    dlib::deserialize(model.string()) >> impl_->network;
  } catch (const std::exception& e) { // dlib's own, and what a damaged length makes the library throw
    throw ModelError(ModelError::Kind::damaged, "Model file " + model.string() +
                                                    " is not dlib's face recognition network (" + e.what() +
                                                    "). Run ./meson-free-scripts/setup.");
  }
}
FaceDescriptor::~FaceDescriptor() = default;
FaceDescriptor::FaceDescriptor(FaceDescriptor&&) noexcept = default;

Descriptor FaceDescriptor::describe(const cv::Mat& chip) {
  CV_Assert(chip.type() == CV_8UC3 && chip.cols == chip_size && chip.rows == chip_size);
  const dlib::matrix<float, 0, 1> values = impl_->network(to_dlib(chip));
  Descriptor result{};
  CV_Assert(values.size() == static_cast<long>(result.size()));
  std::copy(values.begin(), values.end(), result.begin());
  require_finite(result, "face descriptor");
  return result;
}

cv::Mat face_chip(const cv::Mat& rgb, std::span<const cv::Point2f> points) {
  CV_Assert(rgb.type() == CV_8UC3 && !rgb.empty());
  require_points(points);
  std::vector<dlib::point> parts;
  for (const cv::Point2f& p : points) // dlib's pixel centres are at whole numbers, and so are its points
    parts.emplace_back(dlib::dpoint(p.x - .5, p.y - .5));
  const dlib::full_object_detection shape({}, parts);
  dlib::matrix<dlib::rgb_pixel> chip;
  dlib::extract_image_chip(to_dlib(rgb),
                           dlib::get_face_chip_details(shape, FaceDescriptor::chip_size, padding), chip);
  return from_dlib(chip);
}

std::array<cv::Point2f, 5> chip_points(const FaceMeshResult& mesh) {
  if (mesh.landmarks.size() != FaceMesh::point_count)
    throw std::invalid_argument("The face mesh has " + std::to_string(mesh.landmarks.size()) +
                                " points, not 468.");
  const auto at = [&](std::size_t i) { return cv::Point2f(mesh.landmarks[i].x, mesh.landmarks[i].y); };
  return {at(263), at(362), at(33), at(133), at(2)};
}

double distance(const Descriptor& a, const Descriptor& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
  return std::sqrt(sum);
}

} // namespace deid::models
