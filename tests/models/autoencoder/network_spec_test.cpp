#include "models/autoencoder/network_spec.hpp"
#include <gtest/gtest.h>

namespace deid::models::autoencoder {
namespace {

TEST(AutoencoderNetwork, OriginalHasTheSizeOfTheSpecification) {
  const Network original = network("original").value();
  EXPECT_EQ(original.size, 64);
  EXPECT_EQ(original.bottom_size, 4);
  EXPECT_EQ(original.bottom_channels, 1024);
  EXPECT_EQ(parameters(original), 82062470U);
  EXPECT_NEAR(static_cast<double>(parameters(original, 1)), 75.9e6, .05e6);
  EXPECT_NEAR(static_cast<double>(parameters(original, 0)), 69.66e6, .005e6);
  EXPECT_NEAR(static_cast<double>(multiplications(original)), 1.90e9, .005e9);
}

TEST(AutoencoderNetwork, LightOnesHaveTheSizeThatWasMeasured) {
  EXPECT_NEAR(static_cast<double>(parameters(network("light96").value())), 4.8e6, .05e6);
  EXPECT_NEAR(static_cast<double>(multiplications(network("light96").value())), .174e9, .0005e9);
  EXPECT_NEAR(static_cast<double>(parameters(network("light128").value())), 7.1e6, .05e6);
  EXPECT_NEAR(static_cast<double>(multiplications(network("light128").value())), .310e9, .0005e9);
}

TEST(AutoencoderNetwork, LayersFitOneBehindTheOther) {
  for (const char* name : {"original", "light96", "light128"}) {
    SCOPED_TRACE(name);
    const Network net = network(name).value();
    int channels = 3, size = net.size;
    const auto follow = [&](const Layer& layer) {
      SCOPED_TRACE(layer.name);
      if (layer.kind == Layer::Kind::dense) {
        const bool first = layer.name == "dense0";
        EXPECT_EQ(layer.inputs, first ? channels * size * size : channels);
        channels = layer.outputs;
        size = first ? size : net.bottom_size;
        if (!first) {
          EXPECT_EQ(channels, net.bottom_channels * net.bottom_size * net.bottom_size);
          channels = net.bottom_channels;
        }
        return;
      }
      EXPECT_EQ(layer.inputs, channels);
      if (layer.kind == Layer::Kind::convolution) {
        EXPECT_EQ((size + 2 * (layer.kernel / 2) - layer.kernel) / layer.stride() + 1, layer.size);
      }
      channels = layer.outputs;
      size = layer.size;
    };
    for (const Layer& layer : net.encoder)
      follow(layer);
    for (const Layer& layer : net.decoder)
      follow(layer);
    EXPECT_EQ(channels, 3);
    EXPECT_EQ(size, net.size);
  }
}

TEST(AutoencoderNetwork, TensorsHaveTheirNamesAndShapes) {
  const auto all = tensors(network("original").value(), Direction::both);
  EXPECT_EQ(all.front(), (TensorSpec{"encoder.conv0.weight", {128, 3, 5, 5}}));
  EXPECT_EQ(all[8], (TensorSpec{"encoder.dense0.weight", {1024, 16384}}));
  EXPECT_EQ(all[12], (TensorSpec{"encoder.up0.weight", {2048, 1024, 3, 3}}));
  EXPECT_EQ(all[14], (TensorSpec{"decoder_target.up0.weight", {1024, 512, 3, 3}}));
  EXPECT_EQ(all.back(), (TensorSpec{"decoder_subject.out.bias", {3}}));
  EXPECT_EQ(all.size(), 2U * (7 + 4 + 4));
  EXPECT_EQ(tensors(network("original").value(), Direction::subject_to_target).size(), 2U * (7 + 4));
}

TEST(AutoencoderNetwork, NobodyKnowsOtherNames) {
  EXPECT_FALSE(network("light97"));
  EXPECT_FALSE(network(""));
}

} // namespace
} // namespace deid::models::autoencoder
