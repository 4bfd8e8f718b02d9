#pragma once
#include "models/training/face_set.hpp"
#include <array>
#include <cstdint>
#include <random>

namespace deid::training {

/// How pictures are changed at random, so that the network does not memorise them. A value without another
/// unit is the largest change in either direction, drawn uniformly.
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

/// Random numbers that are the same on every machine. Threads: one at a time.
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

/// One picture of the training, with all parts in the network's size.
struct Example {
  cv::Mat input{};  ///< RGB CV_8UC3: warped
  cv::Mat target{}; ///< RGB CV_8UC3: the answer that the network should give
  cv::Mat weight{}; ///< CV_8UC1: weight of each pixel's error, in units of weight_unit
};
constexpr double weight_unit = 1. / 32;

/// The random values of one example. They are drawn apart from their use, so that their ranges can be tested.
struct Change {
  double lightness = 0, tint_a = 0, tint_b = 0; ///< shares, signed
  int tiles = 0;                                ///< of CLAHE, in each direction; 0: none
  double rotation = 0, zoom = 1, shift_x = 0, shift_y = 0;
  bool flip = false;
  std::array<cv::Vec2f, 25> warp{}; ///< offsets of the grid's points, share of the size
};
Change draw(const Augmentation& how, int working_size, Random& random);

/// A face prepared once, in the size that augmentation works at.
struct Prepared {
  cv::Mat rgb{};    ///< CV_8UC3
  cv::Mat weight{}; ///< CV_8UC1, units of weight_unit
};

/// Makes examples of size x size px. Threads: const members may run in several at once.
class Augmenter {
public:
  explicit Augmenter(int size);
  /// crop: RGB CV_8UC3; weight: CV_8UC1; both of stored_size.
  [[nodiscard]] Prepared prepare(const cv::Mat& crop, const cv::Mat& weight) const;
  [[nodiscard]] Example make(const Prepared& face, const Change& change) const;
  /// The unchanged picture.
  [[nodiscard]] Example plain(const Prepared& face) const;
  [[nodiscard]] int working_size() const { return core_; } ///< side of the aligned square [px]

private:
  int size_, core_, stored_;
};

/// v >= 0: x + (255 - x) v, else x (1 + v).
std::uint8_t shifted(std::uint8_t x, double v);

} // namespace deid::training
