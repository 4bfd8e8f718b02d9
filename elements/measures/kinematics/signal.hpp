#pragma once
#include <array>
#include <complex>
#include <span>
#include <utility>
#include <vector>

namespace deid::kinematics {

/// Returns runs [first, last) of times without a gap longer than max_gap [s]. Requires: times rise.
std::vector<std::pair<std::size_t, std::size_t>> runs(std::span<const double> times, double max_gap);

/// Resamples x at t[0] + i / rate, i = 0, 1, …, up to the end of t, by linear interpolation. Requires: t [s]
/// rises and is as long as x; rate > 0.
std::vector<double> resample(std::span<const double> t, std::span<const double> x, double rate);

/// Band-pass without delay: a Butterworth filter of order 2 (four poles), designed by the bilinear transform
/// with prewarped edges (Oppenheim & Schafer, Discrete-Time Signal Processing, 7.2), run forwards and
/// backwards over the signal, which is first continued by odd-mirrored samples at each end and starts in the
/// steady state (Gustafsson 1996; what scipy's butter and filtfilt do).
class BandPass {
public:
  static constexpr std::size_t scipy_padding = 15; ///< samples; scipy's default for this filter
  /// Throws std::invalid_argument unless 0 < low < high < rate / 2 [Hz].
  BandPass(double low, double high, double rate);
  /// padding: mirrored samples at each end. The more, the less of a drift's beginning rings in the result.
  /// Throws std::invalid_argument on a signal not longer than that.
  [[nodiscard]] std::vector<double> operator()(std::span<const double> x,
                                               std::size_t padding = scipy_padding) const;

private:
  struct Section {
    double gain, a1, a2; ///< gain (1 - z^-2) / (1 + a1 z^-1 + a2 z^-2)
  };
  std::array<Section, 2> sections_{};
  void run(std::vector<double>& x) const;
};

/// Power and cross spectra of two signals, as one-sided densities [unit^2/Hz].
struct Spectra {
  std::vector<double> frequency{}; ///< Hz
  std::vector<double> first{}, second{};
  std::vector<std::complex<double>> cross{}; ///< conj(first) * second
  std::size_t windows = 0;                   ///< averaged
  /// Lines from low to high Hz, both included, as [first, last).
  [[nodiscard]] std::pair<std::size_t, std::size_t> lines(double low, double high) const;
  /// Magnitude-squared coherence of line i [0..1]; 0 where a power is 0. Always 1 with one window.
  [[nodiscard]] double coherence(std::size_t i) const;
};

/// Welch (1967): Hann windows of `length` samples, half overlapped, each without its mean; averaged over all
/// windows of all pieces. Collect pieces with add(), then take the mean. As scipy's welch and csd.
class Welch {
public:
  /// length [samples] >= 4, rate [Hz] > 0; else std::invalid_argument.
  Welch(std::size_t length, double rate);
  /// Requires: both have the same length. Pieces shorter than a window add nothing.
  void add(std::span<const double> first, std::span<const double> second);
  [[nodiscard]] Spectra mean() const;

private:
  std::size_t length_;
  double rate_;
  std::vector<double> hann_{};
  Spectra sum_{};
};

/// The strongest line in [low, high] Hz. The frequency is refined by a parabola through the logarithms of the
/// line and its neighbours. {0, 0} when the band has no power.
struct Peak {
  double frequency = 0; ///< Hz
  double power = 0;     ///< density of the strongest line
};
Peak peak(std::span<const double> frequency, std::span<const double> power, double low, double high);

} // namespace deid::kinematics
