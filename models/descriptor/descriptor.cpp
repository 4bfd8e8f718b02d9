#include "models/descriptor/descriptor.hpp"
#include "models/descriptor/network.hpp"
#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <string>

namespace deid::models {

namespace {

std::vector<std::byte> bytes_of(const std::filesystem::path& file) {
  constexpr std::uintmax_t most = 64UL << 20U; // the network has 22 MB
  const std::uintmax_t size = std::filesystem::file_size(file);
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::min(size, most)));
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())))
    throw std::runtime_error("it cannot be read");
  return bytes;
}

std::shared_ptr<ov::Model> read_network(const std::filesystem::path& file) {
  return build_descriptor_network(read_descriptor_weights(bytes_of(file)));
}

} // namespace

struct FaceDescriptor::Impl {
  Session session;
};

FaceDescriptor::FaceDescriptor(const std::filesystem::path& model, const SessionOptions& options)
    : impl_(new Impl{Session(model, options, {.read = read_network, .kept_as = "descriptor 1"})}) {}
FaceDescriptor::~FaceDescriptor() = default;

Descriptor FaceDescriptor::describe(const cv::Mat& chip) {
  CV_Assert(chip.type() == CV_8UC3 && chip.cols == chip_size && chip.rows == chip_size);
  cv::Mat input(chip_size, chip_size, CV_32FC3, impl_->session.input().data());
  chip.convertTo(input, CV_32F);
  impl_->session.infer();
  input.setTo(0); // nobody's face stays in the engine's memory
  const auto values = impl_->session.output(0);
  Descriptor result{};
  CV_Assert(values.size() == result.size());
  std::ranges::copy(values, result.begin());
  require_finite(result, "face descriptors");
  return result;
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
