// Moved tissue looks like this scan's own: as rough, as bright, and in its own air.
#include "elements/mriremodel/transport.hpp"
#include "tests/elements/mriremodel/ball.hpp"
#include <gtest/gtest.h>
#include <set>

namespace deid::mriremodel {
namespace {

/// The mean difference of a voxel to its two neighbours along x, 2 to 12 mm under the front of a ball.
double roughness(const Ball& ball, double r) {
  const volume::Sampler scan(ball.about, ball.voxels);
  double sum = 0, count = 0;
  for (int z = -15; z <= 15; ++z)
    for (int x = -15; x <= 15; ++x)
      for (int y = 20; y < half; ++y) {
        const auto value = [&](int dx) {
          return static_cast<double>(
              scan.at({static_cast<double>(x + dx), static_cast<double>(y), static_cast<double>(z)}));
        };
        const double deep =
            r - length({static_cast<double>(x), static_cast<double>(y), static_cast<double>(z)});
        if (deep < 2 || deep > 12)
          continue;
        sum += std::abs(value(0) - (value(-1) + value(1)) / 2);
        count += 1;
      }
  return sum / count;
}

/// All that is not smooth in it is noise, so moving it does not change how rough it is.
Ball noisy_ball() {
  Ball ball;
  const volume::StoredVoxels stored(ball.about, ball.voxels);
  volume::each_voxel(ball.about, [&](std::size_t voxel, const Point& at) {
    const double inside = std::clamp(radius + 0.5 - length(at), 0.0, 1.0);
    stored.set(voxel, 4 + 6 * chance(5, voxel) + inside * (180 + 40 * chance(6, voxel)));
  });
  return ball;
}

TEST(Fill, MovedTissueIsAsRoughAsItWas) {
  const Ball before = noisy_ball();
  for (const double to : {35.0, 46.0}) {
    Filling made{before};
    (void)made.run(to);
    const double ratio = roughness(made.ball, to) / roughness(before, radius);
    EXPECT_GT(ratio, 0.85) << to;
    EXPECT_LT(ratio, 1.1) << to;
  }
}

TEST(Fill, NoTraceOfTheOldSkinStaysInTheAir) {
  Filling made;
  (void)made.run(32);
  double most = 0;
  for (int x = -10; x <= 10; ++x)
    for (double off = -3; off <= 3; off += 0.5)
      most = std::max(most, made.value(x, std::sqrt(radius * radius - x * x) + off, 0));
  EXPECT_LE(most, 10.5) << "air reaches 10";
}

TEST(Tissue, OnlyANoisyScanIsReadVoxelByVoxel) {
  const Filling noisy{noisy_ball()};
  EXPECT_GT(noisy.tissue.grain(), 0.7);
  Ball smooth;
  const volume::StoredVoxels stored(smooth.about, smooth.voxels);
  volume::each_voxel(smooth.about, [&](std::size_t voxel, const Point& at) {
    const double inside = std::clamp(radius + 0.5 - length(at), 0.0, 1.0);
    stored.set(voxel, 4 + 6 * chance(5, voxel) + inside * (1e4 + 3e3 * std::sin(at[0] / 4)));
  });
  const Filling even{smooth};
  EXPECT_LT(even.tissue.grain(), 0.3);
}

TEST(Transport, ReachesTheWantedDepthUnderTheOldSkin) {
  const Filling made;
  const volume::Field wanted = blended(made.subject.fields, made.subject.brain, ball_field(46));
  const Transport transport(made.subject, wanted, 3);
  for (double deep = 0.5; deep < 4; deep += 0.5) {
    const Point at{0, 46 - deep, 0};
    const auto source = transport.source(at, length(at) - radius, -deep);
    EXPECT_NEAR(radius - length(source.from), deep, 0.3);
    EXPECT_LT(source.off, 0.3);
    EXPECT_GT(source.shift, 4);
  }
}

TEST(Transport, TissueThatIsStretchedIsThin) {
  const Filling made;
  const auto thinnest = [&](double to) {
    const volume::Field wanted = blended(made.subject.fields, made.subject.brain, ball_field(to));
    const Transport transport(made.subject, wanted, 3);
    double least = 1;
    for (double y = 20; y < to; y += 1)
      least = std::min(least, transport.density({0, y, 0}));
    return least;
  };
  EXPECT_LT(thinnest(48), 0.8);
  EXPECT_GT(thinnest(radius), 0.85) << "it only slides";
}

TEST(Blocks, APlaceGetsABlockFromNearBy) {
  Blocks blocks({64, 8, 8}, 2, 3);
  for (int i = 0; i < 64; i += 2)
    blocks.add({i, 0, 0}, std::vector<float>(8, static_cast<float>(i)));
  blocks.finish();
  std::set<double> seen;
  for (std::uint64_t voxel = 0; voxel < 24; ++voxel)
    seen.insert(blocks.value(5, voxel));
  EXPECT_LE(seen.size(), 3U);
  for (const double value : seen)
    EXPECT_NEAR(value, 12, 4);
  EXPECT_EQ(blocks.value(5, 0), blocks.value(5, 1)) << "neighbours get one block";
  EXPECT_EQ(blocks.value(5, 9), blocks.value(5, 9));
}

TEST(Tissue, AHoleIsMendedWithSkinOfItsPlace) {
  const Filling made;
  const double value = made.tissue.mended({0, 36, 0}, -4, 1, 77);
  EXPECT_NEAR(value, 205, 25);
  EXPECT_NEAR(made.tissue.mended({0, 41, 0}, 2, 1, 77), 7, 6) << "outside it is air";
}

TEST(Tissue, WithoutTissueOrAirTheScanIsRefused) {
  Ball ball;
  const Subject subject = ball.subject();
  EXPECT_NO_THROW(Tissue{subject});
  Subject full = subject;
  for (float& cell : full.fields.skin.values)
    cell = std::min(cell, -1.F);
  EXPECT_THROW(Tissue{full}, RemodelError);
}

} // namespace
} // namespace deid::mriremodel
