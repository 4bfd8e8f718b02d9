#include "tests/elements/cover/stamped.hpp"
#include <gtest/gtest.h>
#include <set>

namespace deid {
namespace {

class FaceBlur : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  void set(const char* property, const char* value) {
    gst_util_set_object_arg(G_OBJECT(bench_.element), property, value);
  }
  /// The luma of a covered face of 80x80 px in a frame of noise.
  std::vector<std::uint8_t> covered() {
    const GstVideoInfo info = test::video_info("GRAY8", 128, 128);
    bench_.caps("GRAY8", 128, 128);
    EXPECT_EQ(bench_.push(test::stamped_frame(info, {test::box_face({24, 24, 80, 80})})), GST_FLOW_OK);
    GstBuffer* out = bench_.pull();
    const auto pixels = test::bytes(out);
    gst_buffer_unref(out);
    std::vector<std::uint8_t> face;
    for (int y = 24; y < 104; ++y)
      face.insert(face.end(), pixels.begin() + y * 128 + 24, pixels.begin() + y * 128 + 104);
    return face;
  }
  static double variance(const std::vector<std::uint8_t>& values) {
    double sum = 0, squares = 0;
    for (const std::uint8_t v : values) {
      sum += v;
      squares += v * v;
    }
    const double n = static_cast<double>(values.size());
    return squares / n - sum / n * sum / n;
  }
  test::Bench bench_{gst_deid_face_blur_get_type()};
};

TEST_F(FaceBlur, EveryModeTakesTheDetailAway) {
  std::set<std::vector<std::uint8_t>> different;
  for (const char* mode : {"average", "gaussian", "pixelate"}) {
    set("mode", mode);
    const auto face = covered();
    EXPECT_LT(variance(face), 60) << mode << " (the noise had more than 2000)";
    different.insert(face);
  }
  EXPECT_EQ(different.size(), 3U);
}

TEST_F(FaceBlur, MoreStrengthLeavesLess) {
  for (const char* mode : {"average", "gaussian", "pixelate"}) {
    set("mode", mode);
    set("strength", "0.75");
    const double weak = variance(covered());
    set("strength", "3");
    EXPECT_LE(variance(covered()), weak + 0.1) << mode; // rounding
  }
}

TEST_F(FaceBlur, PixelateKeepsFewValues) {
  set("mode", "pixelate");
  const auto face = covered();
  EXPECT_LE(std::set<std::uint8_t>(face.begin(), face.end()).size(), 36U);
}

TEST_F(FaceBlur, DefaultsAndRanges) {
  GObjectClass* klass = G_OBJECT_GET_CLASS(bench_.element);
  const auto* strength = G_PARAM_SPEC_FLOAT(g_object_class_find_property(klass, "strength"));
  EXPECT_FLOAT_EQ(strength->default_value, 1);
  EXPECT_FLOAT_EQ(strength->minimum, 0.75F);
  EXPECT_FLOAT_EQ(strength->maximum, 4);
  gint mode = 0;
  g_object_get(bench_.element, "mode", &mode, nullptr);
  EXPECT_EQ(mode, static_cast<int>(cover::Method::average));
  g_object_set(bench_.element, "strength", 0.1F, nullptr);
  float kept = 0;
  g_object_get(bench_.element, "strength", &kept, nullptr);
  EXPECT_GE(kept, 0.75F) << "too weak a blur can be asked for";
}

} // namespace
} // namespace deid
