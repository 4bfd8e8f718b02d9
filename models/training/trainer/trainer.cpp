#include "models/training/trainer/trainer.hpp"
#include "models/training/trainer/autocast.hpp"
#include "models/training/trainer/loss.hpp"
#include <algorithm>
#include <chrono>
#include <cmath>

namespace deid::training {

namespace {

constexpr std::size_t looked_at = 48; // held-out faces per side
constexpr int patience = 20; // consecutive steps with losses that are not finite, before the training ends

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

Autoencoder made(const Recipe& recipe) {
  torch::manual_seed(recipe.seed);
  Autoencoder network(models::autoencoder::network(recipe.network).value());
  for (torch::Tensor& weight : network->parameters())
    if (weight.dim() == 4)
      weight.set_data(weight.data().contiguous(torch::MemoryFormat::ChannelsLast));
  return network;
}

/// The mean of the values since the last take().
class Mean {
public:
  void add(double value) { sum_ += value, ++count_; }
  double take() {
    const double mean = count_ > 0 ? sum_ / count_ : 0;
    sum_ = count_ = 0;
    return mean;
  }

private:
  double sum_ = 0, count_ = 0;
};

} // namespace

Trainer::Trainer(const Side& subject, const Side& target, const Recipe& recipe, int threads)
    : subject_(subject), target_(target), recipe_(recipe), network_(made(recipe)), adam_(*network_),
      crew_(threads), held_subject_(subject.held_out(looked_at)), held_target_(target.held_out(looked_at)) {}

torch::Tensor Trainer::loss_of(const torch::Tensor& answer, const Batch& batch) const {
  return face_loss(answer, batch.target, batch.weight, recipe_.structure);
}

struct Trainer::Share {
  Batch batch{};
  bool of_subject = false;
  double weight = 1; ///< of its loss: this share's part of the side's pictures
  double loss = 0;
  Adam::Gradients gradients{};
};

/// Splits each side's pictures into equal parts, one per thread of the side.
std::vector<Trainer::Share> Trainer::shared_out(const Step& batch) const {
  const auto parts = std::max<std::int64_t>(1, static_cast<std::int64_t>(crew_.size()) / 2);
  std::vector<Share> shares;
  for (std::int64_t part = 0; part < parts; ++part)
    for (const bool subject : {true, false}) {
      const Batch& all = subject ? batch.subject : batch.target;
      const std::int64_t size = all.input.size(0), first = part * size / parts,
                         last = (part + 1) * size / parts;
      const auto cut = [&](const torch::Tensor& t) { return t.narrow(0, first, last - first); };
      if (last > first)
        shares.push_back({{cut(all.input), cut(all.target), cut(all.weight)},
                          subject,
                          static_cast<double>(last - first) / static_cast<double>(size),
                          0,
                          {}});
    }
  return shares;
}

void Trainer::compute(Share& share, bool one_decoder) {
  Part& decoder = share.of_subject && !one_decoder ? network_->decoder_subject : network_->decoder_target;
  torch::Tensor answer;
  {
    const Autocast half(recipe_.bf16);
    answer = decoder(network_->encoder(share.batch.input));
  }
  const torch::Tensor loss = share.weight * loss_of(answer, share.batch);
  share.loss = loss.item<double>();
  if (std::isfinite(share.loss))
    share.gradients =
        torch::autograd::grad({loss}, adam_.weights(), {}, false, false, /* allow_unused */ true);
}

std::optional<Trainer::Losses> Trainer::step(const Step& batch, double rate, bool one_decoder) {
  std::vector<Share> shares = shared_out(batch);
  crew_.run(shares.size(), [&](std::size_t i) { compute(shares[i], one_decoder); });
  Losses losses;
  std::vector<Adam::Gradients> gradients;
  for (Share& share : shares) {
    (share.of_subject ? losses.subject : losses.target) += share.loss;
    gradients.push_back(std::move(share.gradients));
  }
  if (!std::isfinite(losses.subject + losses.target))
    return std::nullopt;
  const AdamRule rule{rate, recipe_.beta1, recipe_.beta2, recipe_.epsilon, recipe_.clip};
  return adam_.step(rule, std::move(gradients), crew_) ? std::optional(losses) : std::nullopt;
}

Trainer::Losses Trainer::look(bool one_decoder) {
  Losses losses;
  crew_.run(2, [&](std::size_t i) {
    torch::NoGradGuard fixed;
    const Autocast half(recipe_.bf16);
    const Batch& batch = i == 0 ? held_subject_ : held_target_;
    Part& decoder = i == 0 && !one_decoder ? network_->decoder_subject : network_->decoder_target;
    (i == 0 ? losses.subject : losses.target) =
        loss_of(decoder(network_->encoder(batch.input)), batch).item<double>();
  });
  return losses;
}

void Trainer::split_decoders() {
  torch::NoGradGuard fixed;
  auto from = network_->decoder_target->parameters(), to = network_->decoder_subject->parameters();
  for (std::size_t i = 0; i < from.size(); ++i)
    to[i].copy_(from[i]);
}

double share_of(const State& state, const Effort& effort) {
  const double share = effort.steps > 0 ? static_cast<double>(state.step) / static_cast<double>(effort.steps)
                                        : state.seconds / (3600 * effort.hours);
  return std::min(1., share);
}

namespace {

/// The state of one call of Trainer::run().
class Run {
public:
  Run(Trainer& trainer, Feeder& feeder, const Recipe& recipe, State state, const Effort& effort,
      const Rhythm& rhythm, const Watchers& watchers)
      : trainer_(trainer), feeder_(feeder), recipe_(recipe), state_(std::move(state)), effort_(effort),
        rhythm_(rhythm), watchers_(watchers), before_(state_) {}

  State go() {
    while (share_of(state_, effort_) < 1 && !(watchers_.stop != nullptr && watchers_.stop->load())) {
      step();
      if (due_to_look())
        look();
      if (seconds_since(kept_) >= rhythm_.keep_every && watchers_.keep) {
        watchers_.keep(state_);
        kept_ = Clock::now();
      }
    }
    look();
    if (watchers_.keep)
      watchers_.keep(state_);
    return std::move(state_);
  }

private:
  void step() {
    const double share = share_of(state_, effort_);
    if (!state_.split && share >= recipe_.one_decoder) {
      trainer_.split_decoders();
      state_.split = true;
    }
    const bool warp = share < 1 - recipe_.plain;
    const Step batch = feeder_.take(state_.step, warp);
    const auto losses = trainer_.step(batch, rate_at(recipe_, share, state_.step), !state_.split);
    ++state_.step;
    state_.seconds = before_.seconds + seconds_since(start_);
    failed_ = losses ? 0 : failed_ + 1;
    if (failed_ >= patience)
      throw TrainingError("The losses are not finite since step " + std::to_string(state_.step) +
                          ": go on from the last checkpoint with --resume and --precision f32.");
    if (losses) {
      report_.subject = losses->subject, report_.target = losses->target;
      subject_.add(losses->subject), target_.add(losses->target);
    }
    tell();
  }

  void tell() {
    if (!watchers_.progress)
      return;
    const double here = seconds_since(start_), share = share_of(state_, effort_);
    const auto steps = static_cast<double>(state_.step - before_.step);
    report_.step = state_.step;
    report_.share = share;
    report_.images_per_second = here > 0 ? 2 * recipe_.batch * steps / here : 0;
    const double left = effort_.steps > 0 ? static_cast<double>(effort_.steps - state_.step) * here / steps
                                          : 3600 * effort_.hours - state_.seconds;
    report_.seconds_left = std::max(0., left);
    watchers_.progress(report_);
  }

  [[nodiscard]] bool due_to_look() const {
    return rhythm_.look_steps > 0 ? state_.step % rhythm_.look_steps == 0
                                  : seconds_since(looked_) >= rhythm_.look_every;
  }

  void look() {
    if (!state_.curve.empty() && state_.curve.back().step == state_.step)
      return;
    const Trainer::Losses held = trainer_.look(!state_.split);
    report_.held_subject = held.subject, report_.held_target = held.target;
    state_.curve.push_back(
        {state_.step, state_.seconds, subject_.take(), target_.take(), held.subject, held.target});
    if (watchers_.preview)
      watchers_.preview(state_);
    looked_ = Clock::now();
  }

  Trainer& trainer_;
  Feeder& feeder_;
  const Recipe& recipe_;
  State state_;
  Effort effort_;
  Rhythm rhythm_;
  const Watchers& watchers_;
  State before_;
  Report report_{};
  Mean subject_{}, target_{};
  Clock::time_point start_ = Clock::now(), kept_ = start_, looked_ = start_;
  int failed_ = 0;
};

} // namespace

State Trainer::run(State state, const Effort& effort, const Rhythm& rhythm, const Watchers& watchers) {
  Feeder feeder(subject_, target_, recipe_);
  return Run(*this, feeder, recipe_, std::move(state), effort, rhythm, watchers).go();
}

} // namespace deid::training
