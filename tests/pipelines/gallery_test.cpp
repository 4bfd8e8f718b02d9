// A gallery of strangers: who is taken into it, and its file.
#include "elements/faceswap/choice/bank.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/target/gallery.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>

namespace deid::cli {
namespace {

models::Descriptor at(std::size_t axis, float x) {
  models::Descriptor face{};
  face.at(axis) = x;
  return face;
}

/// Draws these faces in turn, then the last one again and again.
class Drawn {
public:
  explicit Drawn(std::vector<std::optional<Stranger>> faces) : faces_(std::move(faces)) {}
  std::optional<Stranger> operator()(const Mixture& mixture) {
    EXPECT_EQ(mixture.shape.size(), 6U);
    EXPECT_EQ(mixture.texture.size(), 5U);
    return faces_.at(std::min(next_++, faces_.size() - 1));
  }

private:
  std::vector<std::optional<Stranger>> faces_;
  std::size_t next_ = 0;
};

GalleryPlan plan(std::span<const models::Descriptor> sitters, std::size_t people) {
  return {.shapes = 6, .textures = 5, .people = people, .seed = 1, .sitters = sitters};
}

TEST(Gallery, HoldsNoSitterAndNobodyTwice) {
  const std::vector<models::Descriptor> sitters{at(0, 1)};
  const Stranger like_the_sitter{at(0, .45F), {}}, one{at(1, 1), {}}, the_same{at(1, .6F), {}},
      two{at(2, 1), {}};
  const auto strangers =
      drawn_strangers(plan(sitters, 2), Drawn({like_the_sitter, std::nullopt, one, the_same, two}));
  ASSERT_EQ(strangers.size(), 2U);
  EXPECT_EQ(strangers[0].first, one.first);
  EXPECT_EQ(strangers[1].first, two.first);
}

TEST(Gallery, TooFewFacesAreSaid) {
  try {
    (void)drawn_strangers(plan({}, 3), Drawn({Stranger{at(1, 1), {}}, Stranger{at(2, 1), {}}}));
    ADD_FAILURE() << "a third face came from nowhere";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), testing::HasSubstr("Only 2 different faces of the 3"));
  }
}

TEST(Gallery, ItsFileIsWhatABankReads) {
  const test::Scratch scratch;
  models::FaceFeatures second{};
  second[5] = .123456F;
  write_gallery(scratch.path() / "strangers.json",
                std::vector{Stranger{at(1, .5F), second}, Stranger{at(2, 1), {}}});
  const faceswap::Bank bank = faceswap::read_bank(scratch.path());
  ASSERT_EQ(bank.strangers.first.size(), 2U);
  EXPECT_FLOAT_EQ(bank.strangers.first[0][1], .5F);
  ASSERT_EQ(bank.strangers.second.size(), 1U);
  EXPECT_NEAR(bank.strangers.second[0][5], .123456F, 1e-5F);
  EXPECT_THROW(write_gallery(scratch.path() / "no/such/folder.json", {}), Failure);
}

TEST(RandomMixtures, AreTheSameForOneSeedAndEndOnRequest) {
  std::vector<std::vector<double>> seen;
  const auto take = [&](const Mixture& mixture) {
    seen.push_back(mixture.shape);
    return seen.size() % 3 != 0;
  };
  random_mixtures(6, 5, {.tries = 10, .seed = 4}, take);
  EXPECT_EQ(seen.size(), 3U);
  random_mixtures(6, 5, {.tries = 10, .seed = 4}, take);
  ASSERT_EQ(seen.size(), 6U);
  EXPECT_EQ(seen[0], seen[3]);
  EXPECT_EQ(seen[2], seen[5]);
  random_mixtures(6, 5, {.tries = 2, .seed = 5}, take);
  EXPECT_EQ(seen.size(), 8U);
  EXPECT_NE(seen[0], seen[6]);
}

} // namespace
} // namespace deid::cli
