#pragma once
#include "models/training/face_set.hpp"
#include "models/training/loss_weight.hpp"
#include "models/training/trainer/recipe.hpp"
#include <future>
#include <torch/torch.h>
#include <vector>

namespace deid::training {

/// N faces of one side as the network's input: f32 [0..1], channels last. weight: N x 1 x S x S.
struct Batch {
  torch::Tensor input{}, target{}, weight{};
};

/// The faces of one side, prepared for a network's size. Faces to train on and held-out faces are kept apart.
class Side {
public:
  /// Throws std::invalid_argument when there is no face to train on.
  Side(const FaceSet& set, int size, const LossWeight& weight = {});
  /// Returns recipe.batch faces, drawn by their balance and augmented. Threads: several at once.
  [[nodiscard]] Batch draw(const Recipe& recipe, bool warp, Random& random) const;
  /// Returns up to `most` held-out faces, evenly chosen, not augmented. Without held-out faces it takes those
  /// to train on.
  [[nodiscard]] Batch held_out(std::size_t most) const;
  [[nodiscard]] std::size_t trained_on() const { return faces_.size(); }
  [[nodiscard]] std::size_t held_out_count() const { return held_out_.size(); }

private:
  Augmenter augmenter_;
  int size_;
  std::vector<Prepared> faces_{}, held_out_{};
  std::vector<double> until_{}; ///< cumulative sum of the balance
};

/// Both sides' batches of one step.
struct Step {
  Batch subject{}, target{};
};

/// Makes the examples of the next step while this one is computed. A step's examples depend on the seed and
/// its number alone, so a resumed training needs no stored state. Threads: one at a time; it has its own
/// worker thread.
class Feeder {
public:
  Feeder(const Side& subject, const Side& target, const Recipe& recipe);
  ~Feeder();
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;
  /// Returns the batches of this step, and starts to make the next step's.
  Step take(std::int64_t step, bool warp);

private:
  [[nodiscard]] Step make(std::int64_t step, bool warp) const;
  const Side& subject_;
  const Side& target_;
  Recipe recipe_;
  std::future<Step> next_{};
  std::int64_t next_step_ = -1;
  bool next_warp_ = true;
};

} // namespace deid::training
