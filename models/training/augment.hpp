#pragma once
#include "models/training/face_set.hpp"
#include <array>
#include <cstdint>
#include <random>

namespace deid::training {

/// How pictures are changed, so that the network does not learn them by heart (faceswap.md section 4). Each
/// value is the largest change either way, drawn evenly.
struct Augmentation {
  double lightness = .30; ///< of L
  double tint = .08;      ///< of a and b
  double equalize = .5;   ///< probability of CLAHE on L
  double rotation = 10;   ///< [degrees]
  double zoom = .05;      ///< share of the size
  double shift = .05;     ///< share of the size, each axis
  double flip = .5;       ///< probability
  double warp = 5. / 256; ///< standard deviation of the 5x5 grid's points, share of the size; 0: no warp
};

/// Numbers that are the same on every machine. Threads: one at a time.
class Random {
public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double uniform(double low, double high);
  double normal(); ///< mean 0, standard deviation 1
  bool happens(double probability) { return uniform(0, 1) < probability; }
  std::uint64_t below(std::uint64_t count); ///< [0, count)

private:
  std::mt19937_64 engine_;
};

/// One picture of the training. All of the network's size.
struct Example {
  cv::Mat input{};  ///< RGB CV_8UC3: warped
  cv::Mat target{}; ///< RGB CV_8UC3: what the network shall answer
  cv::Mat weight{}; ///< CV_8UC1: how much each pixel counts, in units of weight_unit
};
constexpr double weight_unit = 1. / 32;

/// What is drawn for one example, before it is done; apart, so that its ranges can be tested.
struct Change {
  double lightness = 0, tint_a = 0, tint_b = 0; ///< shares, signed
  int tiles = 0;                                ///< of CLAHE, each way; 0: none
  double rotation = 0, zoom = 1, shift_x = 0, shift_y = 0;
  bool flip = false;
  std::array<cv::Vec2f, 25> warp{}; ///< offsets of the grid's points, share of the size
};
Change draw(const Augmentation& how, int working_size, Random& random);

/// A face prepared once: both pictures in the size that augmentation works at.
struct Prepared {
  cv::Mat rgb{};    ///< CV_8UC3
  cv::Mat weight{}; ///< CV_8UC1, units of weight_unit
};

/// Makes examples of size x size. Threads: const members from several at once.
class Augmenter {
public:
  explicit Augmenter(int size);
  /// weight: stored_size, CV_8UC1.
  [[nodiscard]] Prepared prepare(const cv::Mat& crop, const cv::Mat& weight) const;
  [[nodiscard]] Example make(const Prepared& face, const Change& change) const;
  /// The picture as it is.
  [[nodiscard]] Example plain(const Prepared& face) const;
  [[nodiscard]] int working_size() const { return core_; } ///< [px] of the aligned square that is augmented

private:
  int size_, core_, stored_;
};

/// v >= 0: x + (255 - x) v, else x (1 + v).
std::uint8_t shifted(std::uint8_t x, double v);

} // namespace deid::training
