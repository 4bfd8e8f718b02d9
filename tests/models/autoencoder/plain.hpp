#pragma once
#include "models/autoencoder/file.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace deid::test {

namespace plain {

namespace ae = models::autoencoder;

/// channels x side x side, row-major.
struct Values {
  std::size_t channels = 0, side = 0;
  std::vector<float> at{};
};

inline const std::vector<float>& tensor(const ae::ModelFile& model, const std::string& name) {
  for (const ae::Tensor& tensor : model.tensors)
    if (tensor.name == name)
      return tensor.values;
  throw std::runtime_error("no tensor " + name);
}

inline float leaky(float x) {
  return x < 0 ? ae::leak * x : x;
}

inline Values convolution(const Values& in, const ae::Layer& layer, const std::vector<float>& weight,
                          const std::vector<float>& bias) {
  const auto kernel = static_cast<int>(layer.kernel), stride = layer.stride(), pad = kernel / 2,
             side = static_cast<int>(in.side), to = side / stride;
  Values out{bias.size(), static_cast<std::size_t>(to), {}};
  out.at.resize(out.channels * out.side * out.side);
  for (std::size_t o = 0; o < out.channels; ++o)
    for (int y = 0; y < to; ++y)
      for (int x = 0; x < to; ++x) {
        double sum = static_cast<double>(bias[o]);
        for (std::size_t i = 0; i < in.channels; ++i)
          for (int ky = 0; ky < kernel; ++ky)
            for (int kx = 0; kx < kernel; ++kx) {
              const int sy = y * stride + ky - pad, sx = x * stride + kx - pad;
              if (sy < 0 || sx < 0 || sy >= side || sx >= side)
                continue;
              sum += static_cast<double>(weight[((o * in.channels + i) * static_cast<std::size_t>(kernel) +
                                                 static_cast<std::size_t>(ky)) *
                                                    static_cast<std::size_t>(kernel) +
                                                static_cast<std::size_t>(kx)] *
                                         in.at[(i * in.side + static_cast<std::size_t>(sy)) * in.side +
                                               static_cast<std::size_t>(sx)]);
            }
        out.at[(o * out.side + static_cast<std::size_t>(y)) * out.side + static_cast<std::size_t>(x)] =
            static_cast<float>(sum);
      }
  return out;
}

inline Values shuffled(const Values& in) {
  Values out{in.channels / 4, in.side * 2, {}};
  out.at.resize(in.at.size());
  for (std::size_t c = 0; c < in.channels; ++c)
    for (std::size_t y = 0; y < in.side; ++y)
      for (std::size_t x = 0; x < in.side; ++x)
        out.at[((c / 4) * out.side + 2 * y + c % 4 / 2) * out.side + 2 * x + c % 2] =
            in.at[(c * in.side + y) * in.side + x];
  return out;
}

inline Values dense(const Values& in, const std::vector<float>& weight, const std::vector<float>& bias) {
  Values out{bias.size(), 1, {}};
  for (std::size_t o = 0; o < bias.size(); ++o) {
    double sum = static_cast<double>(bias[o]);
    for (std::size_t i = 0; i < in.at.size(); ++i)
      sum += static_cast<double>(weight[o * in.at.size() + i]) * static_cast<double>(in.at[i]);
    out.at.push_back(static_cast<float>(sum));
  }
  return out;
}

} // namespace plain

/// Computes a model's encoder and its target's decoder without any library. RGB CV_8UC3 in and out.
inline cv::Mat plain_conversion(const models::autoencoder::ModelFile& model, const cv::Mat& picture) {
  using namespace plain;
  const auto side = static_cast<std::size_t>(picture.rows);
  Values x{3, side, {}};
  for (int c = 0; c < 3; ++c)
    for (int r = 0; r < picture.rows; ++r)
      for (int k = 0; k < picture.cols; ++k)
        x.at.push_back(static_cast<float>(picture.at<cv::Vec3b>(r, k)[c]) / 255);
  const auto through = [&](const char* part, const ae::Layer& layer) {
    const std::string name = std::string(part).append(".").append(layer.name);
    const auto& weight = tensor(model, name + ".weight");
    const auto& bias = tensor(model, name + ".bias");
    if (layer.kind == ae::Layer::Kind::dense) {
      x = dense(x, weight, bias);
      if (x.at.size() == static_cast<std::size_t>(model.network.bottom_channels) *
                             static_cast<std::size_t>(model.network.bottom_size * model.network.bottom_size))
        x = {static_cast<std::size_t>(model.network.bottom_channels),
             static_cast<std::size_t>(model.network.bottom_size), std::move(x.at)};
      return;
    }
    x = convolution(x, layer, weight, bias);
    for (float& value : x.at)
      value = layer.kind == ae::Layer::Kind::output ? 1 / (1 + std::exp(-value)) : leaky(value);
    if (layer.kind == ae::Layer::Kind::upscale)
      x = shuffled(x);
  };
  for (const ae::Layer& layer : model.network.encoder)
    through("encoder", layer);
  for (const ae::Layer& layer : model.network.decoder)
    through("decoder_target", layer);
  cv::Mat out(picture.size(), CV_8UC3);
  for (int c = 0; c < 3; ++c)
    for (int r = 0; r < out.rows; ++r)
      for (int k = 0; k < out.cols; ++k)
        out.at<cv::Vec3b>(r, k)[c] = cv::saturate_cast<std::uint8_t>(
            x.at[(static_cast<std::size_t>(c) * side + static_cast<std::size_t>(r)) * side +
                 static_cast<std::size_t>(k)] *
            255);
  return out;
}

} // namespace deid::test
