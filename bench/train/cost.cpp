// The cost of a training step beside libtorch's own forward, backward and step. It is CPU time, which other
// work on the machine changes little.
// bench_train_cost SUBJECT.faces TARGET.faces NETWORK STEPS THREADS [f32]
#include "models/training/trainer/autocast.hpp"
#include "models/training/trainer/loss.hpp"
#include "models/training/trainer/trainer.hpp"
#include <ATen/Parallel.h>
#include <cstdio>
#include <ctime>
#include <functional>

namespace {

using namespace deid::training;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// CPU milliseconds per image (two sides), after two rounds of warming up.
double cost(const char* what, const Recipe& recipe, int steps, const std::function<void(int)>& step) {
  step(0), step(1);
  const double before = cpu_seconds();
  for (int i = 0; i < steps; ++i)
    step(i + 2);
  const double ms = 1000 * (cpu_seconds() - before) / steps / (2. * recipe.batch);
  std::printf("%-58s %8.3f CPU ms an image\n", what, ms);
  std::fflush(stdout);
  return ms;
}

/// Forward, backward and torch's own Adam, with the mean absolute difference and one batch.
double bare(const Side& subject, const Side& target, const Recipe& recipe, const Step& batch, int steps) {
  Trainer holder(subject, target, recipe, 1);
  Autoencoder& network = holder.network();
  torch::optim::Adam adam(network->parameters(), torch::optim::AdamOptions(1e-4));
  return cost("libtorch alone: forward, backward, its Adam", recipe, steps, [&](int) {
    adam.zero_grad();
    torch::Tensor a, b;
    {
      const Autocast half(recipe.bf16);
      const torch::Tensor code = network->encoder(torch::cat({batch.subject.input, batch.target.input}));
      a = network->decoder_subject(code.narrow(0, 0, recipe.batch));
      b = network->decoder_target(code.narrow(0, recipe.batch, recipe.batch));
    }
    ((a - batch.subject.target).abs().mean() + (b - batch.target.target).abs().mean()).backward();
    adam.step();
  });
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fprintf(stderr, "bench_train_cost SUBJECT.faces TARGET.faces NETWORK STEPS THREADS [f32]\n");
    return 2;
  }
  try {
    at::set_num_threads(1);
    Recipe recipe = recipe_for(argv[3]);
    recipe.bf16 = argc < 7;
    recipe.batch = 16;
    const int steps = std::atoi(argv[4]), threads = std::atoi(argv[5]);
    const int size = deid::models::autoencoder::network(recipe.network).value().size;
    const Side subject(read_faces(argv[1]), size), target(read_faces(argv[2]), size);
    Random random(1);
    const Step batch{subject.draw(recipe, true, random), target.draw(recipe, true, random)};
    Trainer trainer(subject, target, recipe, threads);
    Feeder feeder(subject, target, recipe);
    const double least = bare(subject, target, recipe, batch, steps);
    cost("one step of ours, one batch", recipe, steps, [&](int) { trainer.step(batch, 1e-4, false); });
    Recipe plain = recipe;
    plain.structure = plain.clip = 0;
    Trainer simple(subject, target, plain, threads);
    cost("the same without edges and without clipping", recipe, steps,
         [&](int) { simple.step(batch, 1e-4, false); });
    cost("making the examples", recipe, steps, [&](int i) {
      Random drawn(static_cast<std::uint64_t>(i));
      static_cast<void>(subject.draw(recipe, true, drawn));
      static_cast<void>(target.draw(recipe, true, drawn));
    });
    const double all = cost("the training: examples, steps", recipe, steps,
                            [&](int i) { trainer.step(feeder.take(i, true), 1e-4, false); });
    std::printf("beside libtorch alone: %+.1f %%\n", 100 * (all / least - 1));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
  return 0;
}
