// The network "original" against an independent implementation: equal weights and pictures give equal losses.
// golden/make_reference.py made golden/original_*.json: eight steps at batch 2, 200 at batch 16 (this one
// takes 13 minutes of one core: DEID_REFERENCE_CURVE=.../original_16.json).
#include "models/training/trainer/trainer.hpp"
#include "tests/models/training/made_faces.hpp"
#include <array>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <numbers>

namespace deid::test {
namespace {

using namespace training;
using nlohmann::json;

/// [0, 1) from a number (splitmix64, its upper 24 bits); as in make_reference.py.
float uniform(std::uint64_t number) {
  std::uint64_t z = number * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  z = z ^ (z >> 31U);
  return static_cast<float>(static_cast<double>(z >> 40U) * 0x1p-24);
}

void put_initial_weights(Adam& adam) {
  torch::NoGradGuard fixed;
  std::uint64_t number = 0;
  for (const auto& spec : models::autoencoder::tensors(models::autoencoder::network("original").value(),
                                                       models::autoencoder::Direction::both)) {
    const auto state = std::ranges::find(adam.states(), spec.name, &Adam::State::name);
    ASSERT_NE(state, adam.states().end()) << spec.name;
    torch::Tensor plain = torch::zeros(state->weight.sizes());
    if (spec.shape.size() > 1) {
      const double taps = spec.shape.size() == 4 ? static_cast<double>(spec.shape[2] * spec.shape[3]) : 1;
      const double in = static_cast<double>(spec.shape[1]) * taps,
                   out = static_cast<double>(spec.shape[0]) * taps;
      const bool glorot = spec.shape.size() == 2 || spec.name.ends_with("out.weight");
      const auto limit = static_cast<float>(std::sqrt(6 / (glorot ? in + out : in)));
      auto* to = plain.data_ptr<float>();
      for (std::int64_t i = 0; i < plain.numel(); ++i)
        to[i] = (2 * uniform((number << 32U) + static_cast<std::uint64_t>(i)) - 1) * limit;
      ++number;
    }
    state->weight.copy_(plain);
  }
}

Batch pictures(int step, int side, int batch) {
  constexpr int size = 64;
  Batch out{torch::empty({batch, 3, size, size}), torch::empty({batch, 3, size, size}),
            torch::empty({batch, 1, size, size})};
  auto input = out.input.accessor<float, 4>(), target = out.target.accessor<float, 4>(),
       weight = out.weight.accessor<float, 4>();
  const auto first = (1ULL << 50U) + static_cast<std::uint64_t>(step * 2 + side) * 100000;
  constexpr double turn = 2 * std::numbers::pi;
  const double middle = .3 + .2 * side;
  for (int n = 0; n < batch; ++n)
    for (int i = 0; i < size; ++i)
      for (int j = 0; j < size; ++j) {
        const auto u = [&](int k) {
          return static_cast<double>(uniform(first + static_cast<std::uint64_t>(n * 8 + k)));
        };
        const double x = static_cast<double>(j) / size, y = static_cast<double>(i) / size;
        const double phase = turn * ((1 + 3 * u(0)) * x + (1 + 3 * u(1)) * y);
        for (int c = 0; c < 3; ++c) {
          const double wave = std::sin(phase + turn * u(2 + c));
          input[n][c][i][j] = static_cast<float>(middle + .15 * wave);
          target[n][c][i][j] = static_cast<float>(middle + .25 * wave);
        }
        weight[n][0][i][j] = std::pow(x - .5, 2) + std::pow(y - .5, 2) < .0625 ? 3.F : 1.F;
      }
  return out;
}

void expect_alike_by_tens(const std::vector<std::array<double, 4>>& curve) {
  for (std::size_t first = 0; first + 10 <= curve.size(); first += 10) {
    std::array<double, 4> mean{};
    for (std::size_t step = first; step < first + 10; ++step)
      for (std::size_t i = 0; i < mean.size(); ++i)
        mean.at(i) += curve[step].at(i) / 10;
    std::printf("steps from %zu: %.6f %.6f (%.6f %.6f)\n", first, mean[0], mean[1], mean[2], mean[3]);
    EXPECT_NEAR(mean[0], mean[2], .025 * mean[2]) << "subject, steps from " << first;
    EXPECT_NEAR(mean[1], mean[3], .025 * mean[3]) << "target, steps from " << first;
  }
}

TEST(Original, HasTheParametersAndMultiplicationsOfTheSpecification) {
  const auto network = models::autoencoder::network("original").value();
  Autoencoder made(network);
  std::int64_t count = 0;
  for (const torch::Tensor& weight : made->parameters())
    count += weight.numel();
  EXPECT_NEAR(static_cast<double>(count), 82.06e6, .005e6);
  EXPECT_NEAR(static_cast<double>(models::autoencoder::multiplications(network)), 1.90e9, .005e9);
}

TEST(Original, LearnsAsAnIndependentImplementationDoes) {
  const char* chosen = std::getenv("DEID_REFERENCE_CURVE"); // a longer curve on request
  std::ifstream in(chosen != nullptr ? chosen
                                     : DEID_SOURCE_DIR "/tests/models/training/golden/original_2.json");
  const json golden = json::parse(in);
  const int batch = golden.at("batch").get<int>();
  const FaceSet faces = made_faces(12, rosy, 1);
  const Side side(faces, 64);
  Recipe recipe = recipe_for("original");
  recipe.bf16 = false;
  recipe.batch = batch;
  Trainer trainer(side, side, recipe, 2);
  put_initial_weights(trainer.adam());
  std::int64_t count = 0;
  for (const Adam::State& state : trainer.adam().states())
    count += state.weight.numel();
  EXPECT_EQ(count, golden.at("parameters").get<std::int64_t>());
  std::vector<std::array<double, 4>> curve; // subject and target, ours and the reference's
  for (const json& expected : golden.at("losses")) {
    const int step = static_cast<int>(curve.size());
    const auto losses =
        trainer.step({pictures(step, 0, batch), pictures(step, 1, batch)}, recipe.rate, false);
    ASSERT_TRUE(losses);
    curve.push_back({losses->subject, losses->target, expected[0].get<double>(), expected[1].get<double>()});
  }
  // Rounding differs between the two. Adam's first steps have one length whatever the gradient, so they make
  // the difference grow: to half a percent of the loss by step 7, and to six percent of single losses by step
  // 90. Single losses vary by as much, so means of ten are compared then.
  if (curve.size() > 10)
    expect_alike_by_tens(curve);
  else
    for (std::size_t step = 0; step < curve.size(); ++step)
      for (const std::size_t who : {0, 1})
        EXPECT_NEAR(curve[step][who], curve[step][who + 2], 2e-5 + 1e-4 * static_cast<double>(step)) << step;
}

} // namespace
} // namespace deid::test
