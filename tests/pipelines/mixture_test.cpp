#include "pipelines/deid/target/mixture.hpp"
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <stdexcept>

namespace deid::cli {
namespace {

TEST(BestMixture, IsTheBestOfThoseTriedAndTheSameEachTime) {
  std::vector<double> tried;
  const auto value = [&](const Mixture& mixture) {
    tried.push_back(mixture.shape[2] - mixture.texture[0]);
    return tried.back();
  };
  const Mixture best = best_mixture(6, 6, {.tries = 200, .seed = 1}, value);
  EXPECT_EQ(tried.size(), 200U);
  EXPECT_EQ(best.shape[2] - best.texture[0], *std::ranges::max_element(tried));
  EXPECT_GT(*std::max_element(tried.begin() + 67, tried.end()),
            *std::max_element(tried.begin(), tried.begin() + 67))
      << "looking near the best one helps";
  EXPECT_EQ(best_mixture(6, 6, {.tries = 200, .seed = 1}, value).texture, best.texture);
  EXPECT_NE(best_mixture(6, 6, {.tries = 200, .seed = 2}, value).texture, best.texture);
}

TEST(BestMixture, IsAlwaysOfSeveralSittersAndInBounds) {
  for (const std::size_t sitters : {3U, 4U, 12U})
    (void)best_mixture(sitters, sitters + 1, {.tries = 300, .seed = 7}, [&](const Mixture& mixture) {
      for (const auto* weights : {&mixture.shape, &mixture.texture}) {
        EXPECT_EQ(weights->size(), sitters + (weights == &mixture.texture ? 1 : 0));
        EXPECT_GE(std::ranges::count_if(*weights, [](double w) { return w > 0; }), 3);
        EXPECT_LE(std::ranges::count_if(*weights, [](double w) { return w != 0; }), 6);
        EXPECT_GE(std::accumulate(weights->begin(), weights->end(), 0.), .4) << "no caricature";
        for (const double w : *weights)
          EXPECT_TRUE(w >= (weights == &mixture.shape ? -.4 : 0) && w <= 1) << w;
      }
      return 0.;
    });
}

TEST(BestMixture, EndsWhenItIsGoodEnough) {
  int tried = 0;
  const auto value = [&](const Mixture&) { return static_cast<double>(++tried); };
  (void)best_mixture(4, 4, {.tries = 100, .enough = 7}, value);
  EXPECT_EQ(tried, 7);
}

TEST(BestMixture, LooksNearTheStartOnly) {
  const Mixture start{.shape = {.5, 0, .7, .6, -.2}, .texture = {.9, .4, .4}};
  const auto value = [](const Mixture& mixture) { return mixture.texture[1]; };
  EXPECT_EQ(best_mixture(5, 3, {.tries = 0, .start = start}, value).shape, start.shape);
  EXPECT_GT(best_mixture(5, 3, {.tries = 20, .start = start}, value).texture[1], .4);
  EXPECT_EQ(best_mixture(5, 3, {.tries = 20, .start = start}, [](const Mixture&) { return 0.; }).texture,
            start.texture);
}

TEST(BestMixture, PassesOnWhatTheValueThrows) {
  EXPECT_THROW((void)best_mixture(3, 3, {.tries = 5},
                                  [](const Mixture&) -> double { throw std::runtime_error("no"); }),
               std::runtime_error);
  EXPECT_TRUE(best_mixture(3, 3, {.tries = 0}, [](const Mixture&) { return 1.; }).shape.empty());
}

} // namespace
} // namespace deid::cli
