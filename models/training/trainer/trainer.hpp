#pragma once
#include "models/training/trainer/autoencoder.hpp"
#include "models/training/trainer/checkpoint.hpp"
#include "models/training/trainer/feeder.hpp"
#include <atomic>
#include <functional>
#include <optional>
#include <stdexcept>

namespace deid::training {

/// A training that cannot go on; one sentence.
class TrainingError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// When to stop: after so many hours of training, or so many steps; one of both is 0.
struct Effort {
  double hours = 0;
  std::int64_t steps = 0;
};

/// What a run tells while it goes on.
struct Report {
  std::int64_t step = 0;
  double share = 0;                                                  ///< done [0..1]
  double subject = 0, target = 0, held_subject = 0, held_target = 0; ///< losses, the last ones known
  double images_per_second = 0;                                      ///< of both sides
  double seconds_left = 0;
};

struct Watchers {
  std::function<void(const Report&)> progress{}; ///< after every step
  std::function<void(const State&)> keep{};      ///< writes a checkpoint
  std::function<void(const State&)> preview{};   ///< after each look at the held-out faces
  const std::atomic<bool>* stop = nullptr;       ///< true: end after this step
};

struct Rhythm {
  double keep_every = 240;     ///< [s] between checkpoints
  double look_every = 60;      ///< [s] between looks at the held-out faces
  std::int64_t look_steps = 0; ///< the same in steps, for runs of so many steps; 0: by time
};

/// Trains one network on two sides. Threads: one at a time; the computing is done by a crew, each of which
/// takes a share of one side's pictures.
class Trainer {
public:
  Trainer(const Side& subject, const Side& target, const Recipe& recipe, int threads);
  /// Goes on from `state` until the effort is made or somebody says stop; returns where it is. Throws
  /// TrainingError when the losses stop being numbers: nothing of that is kept.
  State run(State state, const Effort& effort, const Rhythm& rhythm, const Watchers& watchers);
  /// One step; both losses. Nothing when they are no numbers: the weights are then as before.
  struct Losses {
    double subject = 0, target = 0;
  };
  std::optional<Losses> step(const Step& batch, double rate, bool one_decoder);
  /// Losses of held-out faces.
  Losses look(bool one_decoder);
  /// The subject's decoder becomes what the target's is.
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

/// Share of the work that is done [0..1].
double share_of(const State& state, const Effort& effort);

} // namespace deid::training
