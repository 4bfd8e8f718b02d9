#include "elements/measures/kinematics/signal.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <opencv2/core.hpp>
#include <stdexcept>

namespace deid::kinematics {
namespace {

using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi;

std::vector<Complex> transform(std::span<const double> x, std::span<const double> window) {
  const double mean = std::accumulate(x.begin(), x.end(), 0.) / static_cast<double>(x.size());
  cv::Mat_<double> in(1, static_cast<int>(x.size()));
  for (std::size_t i = 0; i < x.size(); ++i)
    in(static_cast<int>(i)) = (x[i] - mean) * window[i];
  cv::Mat_<cv::Vec2d> out;
  cv::dft(in, out, cv::DFT_COMPLEX_OUTPUT);
  std::vector<Complex> half(x.size() / 2 + 1);
  for (std::size_t i = 0; i < half.size(); ++i) {
    const cv::Vec2d& line = out(static_cast<int>(i));
    half[i] = {line[0], line[1]};
  }
  return half;
}

/// The signal with n samples before and after it, turned about its end points.
std::vector<double> mirrored(std::span<const double> x, std::size_t n) {
  std::vector<double> wide;
  wide.reserve(x.size() + 2 * n);
  for (std::size_t i = n; i > 0; --i)
    wide.push_back(2 * x.front() - x[i]);
  wide.insert(wide.end(), x.begin(), x.end());
  for (std::size_t i = 1; i <= n; ++i)
    wide.push_back(2 * x.back() - x[x.size() - 1 - i]);
  return wide;
}

} // namespace

std::vector<std::pair<std::size_t, std::size_t>> runs(std::span<const double> times, double max_gap) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  std::size_t first = 0;
  for (std::size_t i = 1; i <= times.size(); ++i)
    if (i == times.size() || times[i] - times[i - 1] > max_gap) {
      found.emplace_back(first, i);
      first = i;
    }
  return found;
}

std::vector<double> resample(std::span<const double> t, std::span<const double> x, double rate) {
  if (t.size() != x.size() || !(rate > 0))
    throw std::invalid_argument("resampling needs as many times as values and a rate above 0");
  if (t.empty())
    return {};
  // The last sample counts even when rounding puts it slightly behind the end.
  const auto count = static_cast<std::size_t>((t.back() - t.front()) * rate + 1e-6) + 1;
  std::vector<double> out(count);
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double when = std::min(t.front() + static_cast<double>(i) / rate, t.back());
    while (at + 2 < t.size() && t[at + 1] <= when)
      ++at;
    const std::size_t next = std::min(at + 1, t.size() - 1);
    const double share = next == at ? 0 : (when - t[at]) / (t[next] - t[at]);
    out[i] = x[at] + share * (x[next] - x[at]);
  }
  return out;
}

BandPass::BandPass(double low, double high, double rate) {
  if (!(low > 0 && high > low && high < rate / 2))
    throw std::invalid_argument("a band-pass needs 0 < low < high < half the rate");
  const double twice = 2 * rate;
  const double from = twice * std::tan(pi * low / rate);
  const double to = twice * std::tan(pi * high / rate);
  const double width = to - from;
  // The low-pass prototype's pole in the upper half plane becomes two poles; their conjugates complete the
  // filter.
  const Complex half = width / 2 * std::polar(1., 3 * pi / 4);
  const Complex root = std::sqrt(half * half - Complex(from * to));
  double gain = width * width * twice * twice;
  std::size_t i = 0;
  for (const Complex& pole : {half + root, half - root}) {
    const Complex z = (twice + pole) / (twice - pole);
    gain /= std::norm(twice - pole); // the pole and its conjugate
    sections_[i++] = {1, -2 * z.real(), std::norm(z)};
  }
  sections_[0].gain = gain;
}

void BandPass::run(std::vector<double>& x) const {
  double input = x.front(); // the constant input of the steady state; 0 behind the first section
  for (const Section& section : sections_) {
    double s0 = -section.gain * input;
    double s1 = s0;
    for (double& value : x) {
      const double in = section.gain * value;
      const double out = in + s0;
      s0 = s1 - section.a1 * out;
      s1 = -in - section.a2 * out;
      value = out;
    }
    input = 0;
  }
}

std::vector<double> BandPass::operator()(std::span<const double> x, std::size_t padding) const {
  if (x.size() <= padding)
    throw std::invalid_argument("a signal of " + std::to_string(x.size()) +
                                " samples is too short to be filtered");
  std::vector<double> y = mirrored(x, padding);
  for (int pass = 0; pass < 2; ++pass) { // the second one goes backwards
    run(y);
    std::ranges::reverse(y);
  }
  const auto skip = static_cast<std::ptrdiff_t>(padding);
  return {y.begin() + skip, y.end() - skip};
}

std::pair<std::size_t, std::size_t> Spectra::lines(double low, double high) const {
  constexpr double hair = 1e-9;
  const auto from = std::ranges::lower_bound(frequency, low - hair);
  const auto to = std::ranges::upper_bound(frequency, high + hair);
  return {static_cast<std::size_t>(from - frequency.begin()),
          static_cast<std::size_t>(to - frequency.begin())};
}

double Spectra::coherence(std::size_t i) const {
  const double both = first[i] * second[i];
  return both > 0 ? std::min(std::norm(cross[i]) / both, 1.) : 0;
}

Welch::Welch(std::size_t length, double rate) : length_(length), rate_(rate) {
  if (length < 4 || !(rate > 0))
    throw std::invalid_argument("a spectrum needs windows of at least 4 samples and a rate above 0");
  const auto n = static_cast<double>(length);
  hann_.reserve(length);
  for (std::size_t i = 0; i < length; ++i)
    hann_.push_back(.5 - .5 * std::cos(2 * pi * static_cast<double>(i) / n));
  const std::size_t half = length / 2 + 1;
  sum_.frequency.reserve(half);
  for (std::size_t i = 0; i < half; ++i)
    sum_.frequency.push_back(static_cast<double>(i) * rate / n);
  sum_.first.assign(half, 0);
  sum_.second.assign(half, 0);
  sum_.cross.assign(half, 0);
}

void Welch::add(std::span<const double> first, std::span<const double> second) {
  if (first.size() != second.size())
    throw std::invalid_argument("two signals of different lengths have no common spectrum");
  for (std::size_t at = 0; at + length_ <= first.size(); at += length_ - length_ / 2) {
    const auto a = transform(first.subspan(at, length_), hann_);
    const auto b = transform(second.subspan(at, length_), hann_);
    for (std::size_t i = 0; i < a.size(); ++i) {
      sum_.first[i] += std::norm(a[i]);
      sum_.second[i] += std::norm(b[i]);
      sum_.cross[i] += std::conj(a[i]) * b[i];
    }
    ++sum_.windows;
  }
}

Spectra Welch::mean() const {
  Spectra mean = sum_;
  if (mean.windows == 0)
    return mean;
  double energy = 0;
  for (const double w : hann_)
    energy += w * w;
  for (std::size_t i = 0; i < mean.first.size(); ++i) {
    const bool twice = i != 0 && 2 * i != length_; // the negative frequencies' share
    const double scale = (twice ? 2 : 1) / (rate_ * energy * static_cast<double>(mean.windows));
    mean.first[i] *= scale;
    mean.second[i] *= scale;
    mean.cross[i] *= scale;
  }
  return mean;
}

Peak peak(std::span<const double> frequency, std::span<const double> power, double low, double high) {
  std::size_t best = 0;
  for (std::size_t i = 1; i + 1 < frequency.size(); ++i)
    if (frequency[i] >= low && frequency[i] <= high && power[i] > (best ? power[best] : 0.))
      best = i;
  if (best == 0)
    return {};
  Peak found{.frequency = frequency[best], .power = power[best]};
  if (power[best - 1] > 0 && power[best + 1] > 0) {
    const double a = std::log(power[best - 1]);
    const double b = std::log(power[best]);
    const double c = std::log(power[best + 1]);
    const double bend = a - 2 * b + c;
    if (bend < 0)
      found.frequency += std::clamp(.5 * (a - c) / bend, -.5, .5) * (frequency[best] - frequency[best - 1]);
  }
  return found;
}

} // namespace deid::kinematics
