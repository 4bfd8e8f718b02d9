// What the covers do with a person's regions and wishes, in pixels.
#include "elements/cover/gstdeidcover.hpp"
#include "tests/elements/facerevise/bench.hpp"

namespace deid::test {
namespace {

using revision::first_added;

class Revised : public FaceRevise {
protected:
  /// One frame through facerevise and a cover; returns its pixels. margin 0, so that boxes are exact.
  std::vector<std::uint8_t> through(GType cover, const revision::Frame& change,
                                    std::vector<FaceRegion> faces) {
    begin(of(1, change));
    GstBuffer* in = stamped_frame(info, std::move(faces));
    original = bytes(in);
    EXPECT_EQ(bench->push(in), GST_FLOW_OK);
    Bench second(cover, [](GstElement* made) { g_object_set(made, "margin", 0.F, nullptr); });
    second.caps("GRAY8", 32, 32);
    EXPECT_EQ(second.push(bench->pull()), GST_FLOW_OK);
    GstBuffer* out = second.pull();
    const auto pixels = bytes(out);
    gst_buffer_unref(out);
    return pixels;
  }
  /// Number of pixels in a box that are the original's.
  int shown(const std::vector<std::uint8_t>& pixels, const cv::Rect& box) const {
    int same = 0;
    for (int y = box.y; y < box.br().y; ++y)
      for (int x = box.x; x < box.br().x; ++x)
        same += pixels[static_cast<std::size_t>(32 * y + x)] == original[static_cast<std::size_t>(32 * y + x)]
                    ? 1
                    : 0;
    return same;
  }
  std::vector<std::uint8_t> original{};
};

TEST_F(Revised, ADrawnRegionIsCoveredAndNothingElse) {
  const cv::Rect drawn(4, 5, 10, 7);
  const auto pixels =
      through(gst_deid_face_mask_get_type(), {.added = {{first_added, drawn, Treatment::covered}}}, {});
  EXPECT_EQ(shown(pixels, drawn), 0);
  const cv::Rect touched(drawn.x - 1, drawn.y - 1, drawn.width + 2,
                         drawn.height + 2); // a cover rounds outwards
  EXPECT_GE(shown(pixels, {0, 0, 32, 32}), 32 * 32 - touched.area());
  for (const cv::Rect& beside :
       {cv::Rect(0, 0, 32, touched.y), cv::Rect(0, touched.br().y, 32, 32 - touched.br().y),
        cv::Rect(0, 0, touched.x, 32), cv::Rect(touched.br().x, 0, 32 - touched.br().x, 32)})
    EXPECT_EQ(shown(pixels, beside), beside.area());
}

TEST_F(Revised, ADrawnMaskIsOneColourBehindABlur) {
  const auto pixels = through(gst_deid_face_blur_get_type(),
                              {.added = {{first_added, {4, 5, 10, 7}, Treatment::covered}}}, {});
  for (int y = 5; y < 12; ++y)
    for (int x = 4; x < 14; ++x)
      EXPECT_EQ(pixels[static_cast<std::size_t>(32 * y + x)], pixels[32 * 5 + 4]) << x << "," << y;
}

TEST_F(Revised, APersonWhoIsMaskedIsOneColourBehindABlur) {
  const auto pixels = through(gst_deid_face_blur_get_type(), {.harder = {{7, Treatment::covered}}},
                              {box_face({8, 8, 10, 10}, 7)});
  for (int y = 8; y < 18; ++y)
    for (int x = 8; x < 18; ++x)
      EXPECT_EQ(pixels[static_cast<std::size_t>(32 * y + x)], pixels[32 * 8 + 8]) << x << "," << y;
}

TEST_F(Revised, NoFaceUncoversOnlyWhereNobodyElseIs) {
  const auto pixels = through(gst_deid_face_mask_get_type(), {.removed = {{1, {4, 4, 12, 12}}}},
                              {box_face({4, 4, 12, 12}, 1), box_face({10, 10, 12, 12}, 2)});
  EXPECT_EQ(shown(pixels, {10, 10, 12, 12}), 0) << "the other face is uncovered";
  EXPECT_EQ(shown(pixels, {4, 4, 6, 6}), 36) << "the wrong cover is still there";
}

TEST_F(Revised, NoFaceDoesNotUncoverARegionThatMoved) {
  const auto pixels = through(gst_deid_face_mask_get_type(), {.removed = {{1, {4, 4, 12, 12}}}},
                              {box_face({6, 4, 12, 12}, 1)});
  EXPECT_EQ(shown(pixels, {6, 4, 12, 12}), 0);
}

TEST_F(Revised, NoFaceDoesNotUncoverADrawnRegion) {
  const cv::Rect drawn(4, 4, 6, 6);
  const auto pixels =
      through(gst_deid_face_mask_get_type(),
              {.added = {{first_added, drawn, Treatment::covered}}, .removed = {{1, {4, 4, 12, 12}}}},
              {box_face({4, 4, 12, 12}, 1)});
  EXPECT_EQ(shown(pixels, drawn), 0);
  EXPECT_EQ(shown(pixels, {10, 10, 6, 6}), 36);
}

TEST_F(Revised, AFrameThatWasNotSearchedIsCoveredWhole) {
  begin(
      of(1, {.added = {{first_added, {4, 4, 6, 6}, Treatment::covered}}, .removed = {{1, {4, 4, 12, 12}}}}));
  ASSERT_EQ(bench->push(new_frame(info)), GST_FLOW_OK);
  Bench second(gst_deid_face_mask_get_type());
  second.caps("GRAY8", 32, 32);
  ASSERT_EQ(second.push(bench->pull()), GST_FLOW_OK);
  GstBuffer* out = second.pull();
  EXPECT_TRUE(all_black(out, info));
  gst_buffer_unref(out);
}

/// A swap whose picture reaches into a region that a person drew.
struct White {
  GstDeidCover parent;
};

GType white_type() {
  static const GType type = [] {
    const auto init = [](gpointer klass, gpointer) {
      auto* cover_class = static_cast<GstDeidCoverClass*>(klass);
      gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "white", "Test", "draws white faces",
                                            "tests");
      cover_class->style = [](GstDeidCover*) { return cover::Style{.method = cover::Method::average}; };
      cover_class->overlay = [](GstDeidCover*, const video::FrameView&, const cover::Plan& plan) {
        std::vector<cover::Overlay> all;
        for (const cover::PlannedFace& planned : plan.faces)
          all.push_back({cv::Mat(planned.mask.bounds.size(), CV_8UC3, cv::Scalar::all(255)),
                         cv::Mat(planned.mask.bounds.size(), CV_8UC1, cv::Scalar(255)),
                         {.treatment = Treatment::swapped}});
        return all;
      };
    };
    return g_type_register_static_simple(GST_TYPE_DEID_COVER, "DeidTestWhite", sizeof(GstDeidCoverClass),
                                         init, sizeof(White), nullptr, static_cast<GTypeFlags>(0));
  }();
  return type;
}

TEST_F(Revised, ASwapStopsWhereAPersonAskedForACover) {
  const auto white = [](std::uint8_t value) { return value > 230; };
  const auto pixels = through(
      white_type(),
      {.added = {{first_added, {4, 4, 8, 8}, Treatment::covered}}, .harder = {{2, Treatment::blurred}}},
      {box_face({4, 4, 16, 8}, 1), box_face({4, 20, 8, 8}, 2)});
  EXPECT_TRUE(white(pixels[32 * 6 + 16])) << "the swap beside the drawn region is gone";
  for (int y = 4; y < 12; ++y)
    for (int x = 4; x < 12; ++x)
      EXPECT_FALSE(white(pixels[static_cast<std::size_t>(32 * y + x)]))
          << "the swap lies on the drawn region";
  for (int y = 20; y < 28; ++y)
    for (int x = 4; x < 12; ++x)
      EXPECT_FALSE(white(pixels[static_cast<std::size_t>(32 * y + x)]))
          << "a face that should be blurred is swapped";
}

} // namespace
} // namespace deid::test
