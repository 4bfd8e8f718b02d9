#pragma once
#include "models/training/trainer/autoencoder.hpp"
#include "models/training/trainer/checkpoint.hpp"
#include "models/training/trainer/feeder.hpp"
#include <atomic>
#include <functional>
#include <optional>
#include <stdexcept>

namespace deid::training {

/// The training cannot go on. what() is one sentence.
class TrainingError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// The end of a training: after `hours` of training, or after `steps` steps. One of them is 0.
struct Effort {
  double hours = 0;
  std::int64_t steps = 0;
};

/// Progress that a run reports.
struct Report {
  std::int64_t step = 0;
  double share = 0;                                                  ///< done [0..1]
  double subject = 0, target = 0, held_subject = 0, held_target = 0; ///< latest losses
  double images_per_second = 0;                                      ///< of both sides
  double seconds_left = 0;
};

struct Watchers {
  std::function<void(const Report&)> progress{}; ///< after every step
  std::function<void(const State&)> keep{};      ///< writes a checkpoint
  std::function<void(const State&)> preview{};   ///< after each test of the held-out faces
  const std::atomic<bool>* stop = nullptr;       ///< true: end after this step
};

struct Rhythm {
  double keep_every = 240;     ///< [s] between checkpoints
  double look_every = 60;      ///< [s] between tests of the held-out faces
  std::int64_t look_steps = 0; ///< the same in steps; 0: look_every holds
};

/// Trains one network on two sides. A crew of threads computes; each thread takes a share of one side's
/// pictures. Threads: one at a time.
class Trainer {
public:
  Trainer(const Side& subject, const Side& target, const Recipe& recipe, int threads);
  /// Trains from `state` until the effort is spent or `stop` is set, and returns the new state. Throws
  /// TrainingError after 20 steps in a row with losses that are not finite; the weights then are those before
  /// these steps.
  State run(State state, const Effort& effort, const Rhythm& rhythm, const Watchers& watchers);
  /// Makes one step and returns both losses. Returns nothing when they are not finite; the weights are then
  /// unchanged.
  struct Losses {
    double subject = 0, target = 0;
  };
  std::optional<Losses> step(const Step& batch, double rate, bool one_decoder);
  /// Returns the losses of the held-out faces.
  Losses look(bool one_decoder);
  /// Copies the target's decoder to the subject's.
  void split_decoders();
  /// Held-out faces of both sides.
  [[nodiscard]] const Batch& held_subject() const { return held_subject_; }
  [[nodiscard]] const Batch& held_target() const { return held_target_; }
  Autoencoder& network() { return network_; }
  Adam& adam() { return adam_; }
  Crew& crew() { return crew_; }

private:
  struct Share; ///< of a step, for one thread
  std::vector<Share> shared_out(const Step& batch) const;
  void compute(Share& share, bool one_decoder);
  torch::Tensor loss_of(const torch::Tensor& answer, const Batch& batch) const;
  const Side& subject_;
  const Side& target_;
  Recipe recipe_;
  Autoencoder network_;
  Adam adam_;
  Crew crew_;
  Batch held_subject_, held_target_;
};

/// Returns the share of the work that is done [0..1].
double share_of(const State& state, const Effort& effort);

} // namespace deid::training
