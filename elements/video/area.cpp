#include "elements/video/area.hpp"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace deid::video {

namespace {

/// Source samples of one output sample, with weights of 1/256 that sum to 256. A weighted sum of bytes then
/// fits 16 bits.
struct Span {
  int first, count, weight;
};

struct Taps {
  std::vector<Span> spans;
  std::vector<std::uint16_t> weights;
};

constexpr int most_taps = 32;

/// The length after one step from `in` towards `out`: a multiple of `out` where possible.
int step(int in, int out) {
  if (in / out <= most_taps)
    return out;
  const int wanted = (in + most_taps - 1) / most_taps;
  return std::min(in, (wanted + out - 1) / out * out);
}

Taps make_taps(int in, int out) {
  Taps taps;
  const double scale = static_cast<double>(in) / out;
  for (int i = 0; i < out; ++i) {
    const double begin = i * scale;
    const double end = std::min<double>(in, (i + 1) * scale);
    const int first = std::min(in - 1, static_cast<int>(begin + 1e-9));
    const int last = std::clamp(static_cast<int>(std::ceil(end - 1e-9)) - 1, first, in - 1);
    taps.spans.push_back({first, last - first + 1, static_cast<int>(taps.weights.size())});
    int given = 0; // rounding the running sum keeps the total at 256
    for (int k = first; k <= last; ++k) {
      const double share = std::clamp((std::min<double>(k + 1, end) - begin) / (end - begin), 0.0, 1.0);
      const int target = k == last ? 256 : static_cast<int>(std::lround(share * 256));
      taps.weights.push_back(static_cast<std::uint16_t>(target - given));
      given = target;
    }
  }
  return taps;
}

void sum_rows(const cv::Mat& source, const Span& span, const std::uint16_t* weights,
              std::vector<std::uint16_t>& sum) {
  const int count = source.cols * source.channels();
  for (int k = 0; k < span.count; ++k) {
    const std::uint8_t* row = source.ptr(span.first + k);
    const std::uint16_t weight = weights[k];
    std::uint16_t* out = sum.data();
    if (k == 0)
      for (int x = 0; x < count; ++x)
        out[x] = static_cast<std::uint16_t>(row[x] * weight);
    else
      for (int x = 0; x < count; ++x)
        out[x] = static_cast<std::uint16_t>(out[x] + row[x] * weight);
  }
}

template <int channels> void sum_columns(const std::uint16_t* sum, const Taps& taps, std::uint8_t* out) {
  for (const Span& span : taps.spans) {
    const std::uint16_t* weight = taps.weights.data() + span.weight;
    const std::uint16_t* in = sum + static_cast<std::ptrdiff_t>(span.first) * channels;
    std::uint32_t total[channels] = {};
    for (int k = 0; k < span.count; ++k, in += channels)
      for (int c = 0; c < channels; ++c)
        total[c] += static_cast<std::uint32_t>(in[c]) * weight[k];
    for (int c = 0; c < channels; ++c)
      *out++ = static_cast<std::uint8_t>((total[c] + 32768U) >> 16);
  }
}

} // namespace

void resize_area(const cv::Mat& source, cv::Size size, cv::Mat& out) {
  CV_Assert(source.depth() == CV_8U && !source.empty() && size.width > 0 && size.height > 0);
  if (size == source.size()) {
    source.copyTo(out);
    return;
  }
  if (size.width > source.cols || size.height > source.rows) {
    cv::resize(source, out, size, 0, 0, cv::INTER_LINEAR);
    return;
  }
  // two steps: 8-bit weights are too coarse for means over many samples, and OpenCV's sums overflow on very
  // large ones
  if (source.cols / size.width > most_taps || source.rows / size.height > most_taps) {
    cv::Mat between;
    resize_area(source, {step(source.cols, size.width), step(source.rows, size.height)}, between);
    resize_area(between, size, out);
    return;
  }
  const Taps horizontal = make_taps(source.cols, size.width);
  const Taps vertical = make_taps(source.rows, size.height);
  out.create(size, source.type());
  std::vector<std::uint16_t> sum(static_cast<std::size_t>(source.cols) *
                                 static_cast<std::size_t>(source.channels()));
  for (int y = 0; y < size.height; ++y) {
    const Span& span = vertical.spans[static_cast<std::size_t>(y)];
    sum_rows(source, span, vertical.weights.data() + span.weight, sum);
    switch (source.channels()) {
    case 1:
      sum_columns<1>(sum.data(), horizontal, out.ptr(y));
      break;
    case 2:
      sum_columns<2>(sum.data(), horizontal, out.ptr(y));
      break;
    case 3:
      sum_columns<3>(sum.data(), horizontal, out.ptr(y));
      break;
    default:
      sum_columns<4>(sum.data(), horizontal, out.ptr(y));
      break;
    }
  }
}

} // namespace deid::video
