#include "pipelines/deid/mixture.hpp"
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <stdexcept>

namespace deid::cli {
namespace {

TEST(BestMixture, IsTheBestOfThoseTriedAndTheSameEachTime) {
  std::vector<double> tried;
  const auto value = [&](const Mixture& mixture) {
    tried.push_back(mixture.shape[2] - mixture.texture[0]);
    return tried.back();
  };
  const Mixture best = best_mixture(6, 6, 200, 1, value);
  EXPECT_EQ(tried.size(), 200U);
  EXPECT_EQ(best.shape[2] - best.texture[0], *std::ranges::max_element(tried));
  EXPECT_GT(*std::max_element(tried.begin() + 67, tried.end()), *std::max_element(tried.begin(), tried.begin() + 67))
      << "looking near the best one helps";
  EXPECT_EQ(best_mixture(6, 6, 200, 1, value).texture, best.texture);
  EXPECT_NE(best_mixture(6, 6, 200, 2, value).texture, best.texture);
}

TEST(BestMixture, IsAlwaysOfSeveralSittersAndInBounds) {
  for (const std::size_t sitters : {3U, 4U, 12U})
    (void)best_mixture(sitters, sitters + 1, 300, 7, [&](const Mixture& mixture) {
      for (const auto* weights : {&mixture.shape, &mixture.texture}) {
        EXPECT_EQ(weights->size(), sitters + (weights == &mixture.texture ? 1 : 0));
        EXPECT_GE(std::ranges::count_if(*weights, [](double w) { return w > 0; }), 3);
        EXPECT_LE(std::ranges::count_if(*weights, [](double w) { return w != 0; }), 6);
        for (const double w : *weights)
          EXPECT_TRUE(w >= -.8 && w <= 1) << w;
      }
      return 0.;
    });
}

TEST(BestMixture, PassesOnWhatTheValueThrows) {
  EXPECT_THROW((void)best_mixture(3, 3, 5, 1, [](const Mixture&) -> double { throw std::runtime_error("no"); }),
               std::runtime_error);
  EXPECT_TRUE(best_mixture(3, 3, 0, 1, [](const Mixture&) { return 1.; }).shape.empty());
}

} // namespace
} // namespace deid::cli
