// A made head from every side: depths are those of the shape, and left is left.
#include "elements/volume/picture/renderer.hpp"
#include <cmath>
#include <gtest/gtest.h>

namespace deid::volumerender {
namespace {

using volume::Description;
using volume::Point;
using volume::Sampler;

/// A ball of 40 mm with a bump of 10 mm at `bump`, and a bubble in it, in a volume that is stored L-A-S, 2
/// mm.
struct Head {
  Description about{
      .format = volume::Format::u8, .size = {60, 60, 60}, .spacing = {2, 2, 2}, .oriented = true};
  std::vector<std::byte> voxels;

  explicit Head(const Point& bump) {
    about.to_world = {{{-2, 0, 0, 59}, {0, 2, 0, -59}, {0, 0, 2, -59}}};
    for (int k = 0; k < 60; ++k)
      for (int j = 0; j < 60; ++j)
        for (int i = 0; i < 60; ++i) {
          const Point p = volume::moved(about.to_world, {double(i), double(j), double(k)});
          const bool inside = volume::distance(p, {0, 0, 0}) < 40 || volume::distance(p, bump) < 10;
          voxels.push_back(
              std::byte{static_cast<std::uint8_t>(inside && volume::distance(p, {0, 25, 0}) > 9 ? 200 : 10)});
        }
  }
  [[nodiscard]] Renderer renderer(RenderSettings settings = {}) const {
    settings.width = 101, settings.height = 121, settings.detail = 2;
    return {Sampler(about, voxels), settings};
  }
};

float at(const std::vector<float>& depths, int x, int y) {
  return depths[static_cast<std::size_t>(y) * 101 + static_cast<std::size_t>(x)];
}

TEST(Renderer, DepthsAreThoseOfTheBall) {
  const Renderer renderer = Head({0, 0, 0}).renderer();
  for (const View view : {View{0, 0}, View{73, 0}, View{180, 0}, View{20, 60}}) {
    const auto depths = renderer.depths(view);
    EXPECT_TRUE(std::isnan(at(depths, 0, 0)));
    const double scale = renderer.millimetres_a_pixel();
    for (const int off : {0, 15, 25}) {
      const double wanted = std::sqrt(1600 - std::pow(off * scale, 2));
      EXPECT_NEAR(at(depths, 50 + off, 60), wanted, 1.5) << view.yaw << ' ' << off;
      EXPECT_NEAR(at(depths, 50, 60 - off), wanted, 1.5) << view.yaw << ' ' << off;
    }
  }
}

/// From the front the person's left is on the picture's right; yaw 90 looks at the left side.
TEST(Renderer, LeftIsLeftAndUpIsUp) {
  const Renderer left = Head({-40, 0, 0}).renderer();
  const auto front = left.depths({0, 0}), side = left.depths({90, 0});
  const int off = static_cast<int>(46 / left.millimetres_a_pixel());
  EXPECT_FALSE(std::isnan(at(front, 50 + off, 60)));
  EXPECT_TRUE(std::isnan(at(front, 50 - off, 60)));
  EXPECT_NEAR(at(side, 50, 60), 50, 3);
  const Renderer top = Head({0, 0, 40}).renderer();
  const auto upright = top.depths({0, 0});
  const int above = static_cast<int>(46 / top.millimetres_a_pixel());
  EXPECT_FALSE(std::isnan(at(upright, 50, 60 - above)));
  EXPECT_TRUE(std::isnan(at(upright, 50, 60 + above)));
  EXPECT_NEAR(at(top.depths({0, 90}), 50, 60), 50, 3);
}

/// The bubble lies 6 mm under the front: filled or not, the outside is drawn. A cut through it shows the
/// difference.
TEST(Renderer, TheFilledSurfaceHasNoHoles) {
  Head head({0, 0, 0});
  for (int k = 0; k < 60; ++k) // the front is cut off through the bubble
    for (int j = 43; j < 60; ++j)
      for (int i = 0; i < 60; ++i)
        head.voxels[static_cast<std::size_t>((k * 60 + j) * 60 + i)] = std::byte{10};
  RenderSettings bright;
  bright.surface = Surface::bright;
  const float outside = at(head.renderer().depths({0, 0}), 50, 60);
  const float inside = at(head.renderer(bright).depths({0, 0}), 50, 60);
  EXPECT_LT(inside, outside + 1);
}

TEST(Renderer, LightFallsOnWhatFacesTheViewer) {
  const Picture picture = Head({0, 0, 0}).renderer().render({0, 0});
  ASSERT_EQ(picture.grey.size(), 101U * 121U);
  const auto grey = [&](int x, int y) {
    return picture.grey[static_cast<std::size_t>(y) * 101 + static_cast<std::size_t>(x)];
  };
  EXPECT_GT(grey(50, 60), 220);
  EXPECT_LT(grey(50 + 38, 60), grey(50, 60) - 40);
  EXPECT_GT(grey(50, 60 - 25), grey(50, 60 + 25)); // the light stands above
  EXPECT_EQ(grey(0, 0), 0);
}

TEST(Renderer, NothingToDrawIsSaid) {
  const Description about{.format = volume::Format::u8, .size = {20, 20, 20}};
  const std::vector<std::byte> voxels(8000, std::byte{7});
  EXPECT_THROW(Renderer(Sampler(about, voxels), {}), RenderError);
  Head head({0, 0, 0});
  RenderSettings high;
  high.threshold = 500;
  EXPECT_THROW((void)head.renderer(high), RenderError);
}

} // namespace
} // namespace deid::volumerender
