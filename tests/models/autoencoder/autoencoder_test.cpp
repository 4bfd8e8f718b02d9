// The network in the engine, compared with plain loops over the layers.
#include "models/autoencoder/autoencoder.hpp"
#include "models/autoencoder/network.hpp"
#include "tests/models/autoencoder/plain.hpp"
#include "tests/models/autoencoder/random_model.hpp"
#include "tests/support/scratch.hpp"
#include <gtest/gtest.h>

namespace deid::models::autoencoder {
namespace {

cv::Mat noise(int size) {
  cv::Mat picture(size, size, CV_8UC3);
  cv::RNG random(7);
  random.fill(picture, cv::RNG::UNIFORM, 0, 256);
  cv::blur(picture, picture, {3, 3});
  return picture;
}

class AutoencoderNetworkInTheEngine : public testing::TestWithParam<const char*> {
protected:
  test::Scratch scratch;
  std::filesystem::path file = scratch.path() / "model";
};

TEST_P(AutoencoderNetworkInTheEngine, IsWhatTheLayersSay) {
  const ModelFile model = test::random_model(GetParam());
  write_model(file, model);
  Autoencoder network(file, {});
  const cv::Mat picture = noise(network.size());
  const cv::Mat want = test::plain_conversion(model, picture);
  cv::Scalar mean, spread;
  cv::meanStdDev(want, mean, spread);
  ASSERT_GT(spread[0], 2) << "a flat picture proves nothing";
  const cv::Mat got = network.convert(picture);
  ASSERT_EQ(got.size(), picture.size());
  EXPECT_LE(cv::norm(got, want, cv::NORM_INF), 1);
  EXPECT_LT(cv::norm(got, want, cv::NORM_L1) / static_cast<double>(3 * got.total()), .01);
}

TEST_P(AutoencoderNetworkInTheEngine, HalfPrecisionIsNearlyTheSame) {
  write_model(file, test::random_model(GetParam()));
  Autoencoder exact(file, {}), half(file, {.precision = Precision::bf16});
  if (half.precision() != Precision::bf16)
    GTEST_SKIP() << "This processor has no bf16 arithmetic.";
  const cv::Mat picture = noise(exact.size());
  EXPECT_LT(cv::norm(exact.convert(picture), half.convert(picture), cv::NORM_L1) /
                static_cast<double>(3 * picture.total()),
            2);
}

INSTANTIATE_TEST_SUITE_P(Each, AutoencoderNetworkInTheEngine, testing::Values("light96", "light128"));

/// As "original", with an upscale in the encoder, but small enough for loops.
Network tiny() {
  using Kind = Layer::Kind;
  return {"tiny",
          16,
          4,
          5,
          {{Kind::convolution, "conv0", 3, 4, 5, 8},
           {Kind::convolution, "conv1", 4, 6, 3, 4},
           {Kind::dense, "dense0", 96, 7, 1, 1},
           {Kind::dense, "dense1", 7, 80, 1, 1},
           {Kind::upscale, "up0", 5, 4, 3, 8}},
          {{Kind::upscale, "up0", 4, 3, 3, 16}, {Kind::output, "out", 3, 3, 5, 16}}};
}

TEST(AutoencoderNetworkInTheEngine, MayUpscaleInTheEncoder) {
  const test::Scratch scratch;
  test::write(scratch.path() / "tiny", "made by the reader below");
  const ModelFile model = test::random_model(tiny(), 5);
  Session session(scratch.path() / "tiny", {}, {.read = [&](const std::filesystem::path&) {
                    return build_autoencoder_network(model.network, model.tensors);
                  }});
  const cv::Mat picture = noise(16);
  cv::Mat input(16, 16, CV_32FC3, session.input().data());
  picture.convertTo(input, CV_32F);
  session.infer();
  const cv::Mat want = test::plain_conversion(model, picture);
  cv::Scalar mean, spread;
  cv::meanStdDev(want, mean, spread);
  EXPECT_GT(spread[0], 1);
  for (int i = 0; i < 16 * 16 * 3; ++i)
    EXPECT_NEAR(session.output(0)[static_cast<std::size_t>(i)], want.data[i], .51) << i;
}

TEST(Autoencoder, KnowsWhatTheFileSays) {
  const test::Scratch scratch;
  ModelFile model = test::random_model("light96", 2, Direction::both);
  model.alignment.coverage = .8;
  write_model(scratch.path() / "model", model);
  const Autoencoder network(scratch.path() / "model", {});
  EXPECT_EQ(network.size(), 96);
  EXPECT_EQ(network.about().alignment, model.alignment);
  EXPECT_EQ(network.about().subject, model.subject);
  EXPECT_EQ(network.about().target.name, "nobody");
  EXPECT_TRUE(network.about().tensors.front().values.empty()) << "weights are kept once, in the engine";
}

TEST(Autoencoder, AReplacedFileIsAnotherNetwork) {
  const test::Scratch scratch;
  const auto file = scratch.path() / "model";
  write_model(file, test::random_model("light96", 1));
  Autoencoder first(file, {});
  write_model(file, test::random_model("light96", 2));
  Autoencoder second(file, {});
  const cv::Mat picture = noise(96);
  EXPECT_GT(cv::norm(first.convert(picture), second.convert(picture), cv::NORM_INF), 5);
}

TEST(Autoencoder, RefusesOtherPictures) {
  const test::Scratch scratch;
  write_model(scratch.path() / "model", test::random_model("light96"));
  Autoencoder network(scratch.path() / "model", {});
  EXPECT_THROW((void)network.convert(cv::Mat(64, 64, CV_8UC3, cv::Scalar())), cv::Exception);
  EXPECT_THROW((void)network.convert(cv::Mat(96, 96, CV_8UC1, cv::Scalar())), cv::Exception);
  EXPECT_THROW(Autoencoder(scratch.path() / "none", {}), ModelError);
}

} // namespace
} // namespace deid::models::autoencoder
