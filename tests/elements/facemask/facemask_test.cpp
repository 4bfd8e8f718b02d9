#include "tests/elements/cover/stamped.hpp"
#include <gtest/gtest.h>

namespace deid {
namespace {

class FaceMask : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  test::Bench bench_{gst_deid_face_mask_get_type()};
};

TEST_F(FaceMask, PaintsItsColour) {
  const GstVideoInfo info = test::video_info("RGB", 16, 16);
  bench_.caps("RGB", 16, 16);
  g_object_set(bench_.element, "color", 0x12AB34U, "margin", 0.F, nullptr);
  ASSERT_EQ(bench_.push(test::stamped_frame(info, {test::box_face({4, 4, 4, 4})})), GST_FLOW_OK);
  GstBuffer* out = bench_.pull();
  const auto pixels = test::bytes(out);
  const int stride = GST_VIDEO_INFO_PLANE_STRIDE(&info, 0);
  int painted = 0;
  for (int y = 0; y < 16; ++y)
    for (int x = 0; x < 16; ++x) {
      const std::uint8_t* p = pixels.data() + y * stride + 3 * x;
      const bool is = p[0] == 0x12 && p[1] == 0xAB && p[2] == 0x34;
      EXPECT_EQ(is, cv::Rect(4, 4, 4, 4).contains({x, y})) << x << "," << y;
      painted += is ? 1 : 0;
    }
  EXPECT_EQ(painted, 16);
  gst_buffer_unref(out);
}

TEST_F(FaceMask, ColourIsBlackUnlessSaidAndHasARange) {
  const auto* spec =
      G_PARAM_SPEC_UINT(g_object_class_find_property(G_OBJECT_GET_CLASS(bench_.element), "color"));
  EXPECT_EQ(spec->default_value, 0U);
  EXPECT_EQ(spec->maximum, 0xFFFFFFU);
  g_object_set(bench_.element, "color", 0xFF8000U, nullptr);
  guint color = 0;
  g_object_get(bench_.element, "color", &color, nullptr);
  EXPECT_EQ(color, 0xFF8000U);
}

TEST_F(FaceMask, TheWholeFrameTakesTheColourWhenInDoubt) {
  bench_.caps("GRAY8", 8, 8);
  g_object_set(bench_.element, "color", 0xFFFFFFU, nullptr);
  ASSERT_EQ(bench_.push(test::new_frame(test::video_info("GRAY8", 8, 8))), GST_FLOW_OK);
  GstBuffer* out = bench_.pull();
  for (const std::uint8_t value : test::bytes(out))
    EXPECT_GE(value, 235);
  gst_buffer_unref(out);
}

TEST_F(FaceMask, ShapesDifferInSize) {
  const GstVideoInfo info = test::video_info("GRAY8", 200, 200);
  bench_.caps("GRAY8", 200, 200);
  std::vector<int> counts;
  for (const char* shape : {"contour", "ellipse", "head"}) {
    gst_util_set_object_arg(G_OBJECT(bench_.element), "shape", shape);
    GstBuffer* in = test::stamped_frame(info, {test::mesh_face({70, 70, 50, 60})});
    const auto before = test::bytes(in);
    ASSERT_EQ(bench_.push(in), GST_FLOW_OK);
    GstBuffer* out = bench_.pull();
    const auto after = test::bytes(out);
    int changed = 0;
    for (std::size_t i = 0; i < after.size(); ++i)
      changed += after[i] != before[i] ? 1 : 0;
    counts.push_back(changed);
    gst_buffer_unref(out);
  }
  EXPECT_GT(counts[0], 50 * 60 * 3 / 4);
  EXPECT_GT(counts[1], 50 * 60);
  EXPECT_GT(counts[2], counts[1]);
  EXPECT_GT(counts[2], counts[0]);
}

} // namespace
} // namespace deid
