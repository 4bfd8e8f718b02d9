#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/stages/steady.hpp"
#include "tests/elements/faceswap/real_faces.hpp"
#include <gtest/gtest.h>
#include <limits>
#include <random>

namespace deid::faceswap {
namespace {

using Face = std::vector<cv::Point3f>;

class SteadyLandmarks : public testing::Test {
protected:
  const Face face_ = test::real_meshes().front();
  float unit() const { return static_cast<float>(eye_distance(face_)); }
  Face shifted(cv::Point3f by) const {
    Face out = face_;
    for (cv::Point3f& p : out)
      p += by;
    return out;
  }
  Face steadied(const Face& face) { return stage::steady(face, memory_); }
  SteadyMemory memory_;
};

TEST_F(SteadyLandmarks, NoiseIsDamped) {
  std::mt19937 random(3);
  std::normal_distribution<float> noise(0, 0.004F * unit());
  double before = 0, after = 0;
  Face last = steadied(face_), last_in = face_;
  for (int i = 0; i < 60; ++i) {
    Face in = face_;
    for (cv::Point3f& p : in)
      p += cv::Point3f(noise(random), noise(random), 0);
    const Face out = steadied(in);
    for (std::size_t k = 0; k < in.size(); ++k) {
      before += cv::norm(in[k] - last_in[k]);
      after += cv::norm(out[k] - last[k]);
    }
    last = out;
    last_in = in;
  }
  EXPECT_LT(after, 0.6 * before);
}

TEST_F(SteadyLandmarks, MovementIsFollowedWithoutLag) {
  Face out = steadied(face_);
  for (int i = 1; i <= 10; ++i) {
    const Face in = shifted({0.05F * unit() * static_cast<float>(i), 0, 0});
    out = steadied(in);
    EXPECT_LT(cv::norm(out[4] - in[4]), 0.001 * unit());
  }
}

TEST_F(SteadyLandmarks, ABlinkIsFollowed) {
  (void)steadied(face_);
  Face shut = face_;
  for (const int lid : {159, 158, 160, 386, 385, 387})
    shut[static_cast<std::size_t>(lid)].y += 0.06F * unit();
  const Face out = steadied(shut);
  EXPECT_LT(cv::norm(out[159] - shut[159]), 0.005 * unit());
}

TEST_F(SteadyLandmarks, StillThingsArriveAndJumpsStartAnew) {
  (void)steadied(face_);
  const Face near = shifted({0.01F * unit(), 0, 0});
  Face out;
  for (int i = 0; i < 30; ++i)
    out = steadied(near);
  EXPECT_LT(cv::norm(out[4] - near[4]), 1e-3 * unit());
  const Face far = shifted({2 * unit(), 0, 0});
  EXPECT_EQ(steadied(far), far);
}

} // namespace
} // namespace deid::faceswap
