#include "models/openpose/openpose.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <stdexcept>

namespace deid::models {
namespace {

/// The layout of the file's input.
struct Input {
  bool channels_last;
  std::optional<cv::Size> fixed; ///< empty: any size
};

[[noreturn]] void refuse(const std::filesystem::path& model, const std::string& reason) {
  throw ModelError(ModelError::Kind::damaged, "Model file " + model.string() + " " + reason);
}

Input read_input(const std::filesystem::path& model) {
  const auto dims = input_layout(model);
  if (dims.size() != 4 || (dims[0] != 1 && dims[0] != -1) || (dims[1] != 3 && dims[3] != 3))
    refuse(model, "is not a pose network: its input is not one picture of three channels.");
  const bool last = dims[3] == 3;
  const auto height = dims[last ? 1 : 2];
  const auto width = dims[last ? 2 : 3];
  constexpr std::int64_t longest = 16384;
  if ((height < 0) != (width < 0) || height == 0 || width == 0 || std::max(height, width) > longest)
    refuse(model, "is not a pose network: its input has a size that cannot be used.");
  if (height < 0)
    return {last, {}};
  return {last, cv::Size(static_cast<int>(width), static_cast<int>(height))};
}

void require(const OpenPoseOptions& options) {
  if (options.input_height < 16 || options.input_height > 4096)
    throw std::invalid_argument("A pose network's input must be 16 to 4096 px high, not " +
                                std::to_string(options.input_height) + ".");
  if (!std::isfinite(options.mean) || !std::isfinite(options.scale) || options.scale == 0)
    throw std::invalid_argument(
        "The mean and the scale of a pose network's input must be numbers, the scale not 0.");
  if (options.session.input_shape)
    throw std::invalid_argument("A pose network's input shape is decided by its file or by the frame.");
}

int up_to_16(double value) {
  return std::max(16, 16 * static_cast<int>(std::ceil(value / 16 - 1e-9)));
}

} // namespace

cv::Size openpose_input(cv::Size frame, int height) {
  CV_Assert(frame.width > 0 && frame.height > 0 && height > 0);
  constexpr double widest = 4.;
  const int rows = up_to_16(height);
  return {up_to_16(rows * std::min(static_cast<double>(frame.width) / frame.height, widest)), rows};
}

struct OpenPose::Impl {
  std::filesystem::path file;
  OpenPoseOptions options;
  Input layout;
  cv::Size size{};
  std::optional<Session> session{};
  PartSet set = PartSet::coco18;
  cv::Mat scaled{};
  cv::Mat padded{};

  Impl(const std::filesystem::path& model, const OpenPoseOptions& wanted)
      : file(model), options(wanted), layout(read_input(model)) {}

  /// Compiles the network for frames of this size, unless it fits already.
  void fit(cv::Size frame) {
    const cv::Size wanted = layout.fixed.value_or(openpose_input(frame, options.input_height));
    if (session && wanted == size)
      return;
    SessionOptions how = options.session;
    const auto height = static_cast<std::size_t>(wanted.height);
    const auto width = static_cast<std::size_t>(wanted.width);
    how.input_shape = layout.channels_last ? std::vector<std::size_t>{1, height, width, 3}
                                           : std::vector<std::size_t>{1, 3, height, width};
    session.emplace(file, how);
    size = wanted;
    set = split().set;
  }

  [[nodiscard]] PartMaps split() const {
    std::vector<MapTensor> outputs;
    for (std::size_t i = 0; i < session->output_count(); ++i)
      outputs.push_back({session->output(i), session->output_shape(i)});
    try {
      PartMaps maps = split_maps(outputs, options.layout, options.order);
      if (maps.heat.front().empty())
        refuse(file, "is not a pose network that can be used: its maps have no cells.");
      return maps;
    } catch (const std::invalid_argument& error) {
      refuse(file, std::string("is not a pose network that can be used. ") + error.what());
    }
  }

  /// Fills the network's input; returns the size of the part that shows the image.
  cv::Size prepare(const cv::Mat& rgb) {
    const double ratio =
        std::min(static_cast<double>(size.width) / rgb.cols, static_cast<double>(size.height) / rgb.rows);
    const cv::Size shown(std::clamp(cvRound(rgb.cols * ratio), 1, size.width),
                         std::clamp(cvRound(rgb.rows * ratio), 1, size.height));
    cv::resize(rgb, scaled, shown, 0, 0, ratio < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    padded.create(size, CV_8UC3);
    padded.setTo(cv::Scalar::all(0));
    scaled.copyTo(padded(cv::Rect({0, 0}, shown)));
    if (options.bgr)
      cv::cvtColor(padded, padded, cv::COLOR_RGB2BGR);
    write_input();
    return shown;
  }

  void write_input() {
    const double scale = options.scale;
    const double shift = -static_cast<double>(options.mean) * scale;
    float* const input = session->input().data();
    if (layout.channels_last) {
      cv::Mat whole(size, CV_32FC3, input);
      padded.convertTo(whole, CV_32F, scale, shift);
      return;
    }
    for (int c = 0; c < 3; ++c) {
      cv::Mat plane(size, CV_32FC1, input + static_cast<std::ptrdiff_t>(c) * size.area());
      cv::Mat channel;
      cv::extractChannel(padded, channel, c);
      channel.convertTo(plane, CV_32F, scale, shift);
    }
  }
};

OpenPose::OpenPose(const std::filesystem::path& model, const OpenPoseOptions& options, cv::Size frame) {
  require(options);
  impl_ = std::make_unique<Impl>(model, options);
  impl_->fit(frame);
}
OpenPose::~OpenPose() = default;
OpenPose::OpenPose(OpenPose&&) noexcept = default;

PartSet OpenPose::set() const {
  return impl_->set;
}
cv::Size OpenPose::input() const {
  return impl_->size;
}

std::pair<PartMaps, cv::Matx23f> OpenPose::maps(const cv::Mat& rgb) {
  CV_Assert(rgb.type() == CV_8UC3 && !rgb.empty());
  impl_->fit(rgb.size());
  const cv::Size shown = impl_->prepare(rgb);
  impl_->session->infer();
  PartMaps maps = impl_->split();
  const cv::Size cells = maps.heat.front().size();
  // cells -> input px -> px of the image; corners map to corners
  const float x = static_cast<float>(impl_->size.width) / static_cast<float>(cells.width) *
                  static_cast<float>(rgb.cols) / static_cast<float>(shown.width);
  const float y = static_cast<float>(impl_->size.height) / static_cast<float>(cells.height) *
                  static_cast<float>(rgb.rows) / static_cast<float>(shown.height);
  return {std::move(maps), cv::Matx23f(x, 0, 0, 0, y, 0)};
}

std::vector<BodyPose> OpenPose::detect(const cv::Mat& rgb) {
  if (rgb.empty())
    return {};
  const auto [parts, map_to_frame] = maps(rgb);
  return decode(parts, map_to_frame, impl_->options.decode);
}

} // namespace deid::models
