// The original faces on a buffer: which transformations keep them. identitymeter/secret_test.cpp checks their
// memory.
#include "elements/meta/face_meta.hpp"
#include "elements/meta/original_meta.hpp"
#include <gst/video/gstvideometa.h>
#include <gst/video/video.h>
#include <gtest/gtest.h>

namespace deid {
namespace {

class OriginalMetaTest : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  void SetUp() override {
    OriginalFaces faces{640, 360, 7, true, {}};
    OriginalFace& face = faces.faces.emplace_back();
    face.id = 3;
    face.descriptor.assign(10, 99.F);
    face.points.emplace();
    attach_originals(buffer_, std::move(faces));
  }
  void TearDown() override { gst_buffer_unref(buffer_); }
  /// Whether a scaling between these sizes keeps the meta.
  [[nodiscard]] bool survives(int width, int height, int to_width, int to_height,
                              GstVideoFormat to = GST_VIDEO_FORMAT_RGB) const {
    GstVideoInfo in, out;
    gst_video_info_set_format(&in, GST_VIDEO_FORMAT_I420, static_cast<guint>(width),
                              static_cast<guint>(height));
    gst_video_info_set_format(&out, to, static_cast<guint>(to_width), static_cast<guint>(to_height));
    GstVideoMetaTransform change{&in, &out};
    return goes(gst_video_meta_transform_scale_get_quark(), &change);
  }
  [[nodiscard]] bool goes(GQuark type, gpointer data) const {
    GstBuffer* to = gst_buffer_new();
    gpointer state = nullptr;
    GstMeta* meta = gst_buffer_iterate_meta(buffer_, &state);
    meta->info->transform_func(to, meta, buffer_, type, data);
    const OriginalFaces* found = find_originals(to);
    const bool whole = found != nullptr && found->number == 7 && found->faces.size() == 1 &&
                       found->faces[0].descriptor == SecretFloats(10, 99.F);
    EXPECT_EQ(whole, found != nullptr);
    gst_buffer_unref(to);
    return whole;
  }
  GstBuffer* buffer_ = gst_buffer_new();
};

TEST_F(OriginalMetaTest, GoesWithWholeCopiesAndOtherFormats) {
  GstBuffer* copy = gst_buffer_copy(buffer_);
  ASSERT_NE(find_originals(copy), nullptr);
  EXPECT_NE(find_originals(copy), find_originals(buffer_));
  EXPECT_EQ(find_originals(copy)->faces.at(0).id, 3U);
  gst_buffer_unref(copy);
  EXPECT_TRUE(survives(640, 360, 640, 360));
}

TEST_F(OriginalMetaTest, AnythingElseLosesIt) {
  EXPECT_FALSE(survives(640, 360, 320, 180));
  EXPECT_FALSE(survives(320, 180, 320, 180)); // not of this picture
  GstMetaTransformCopy part{TRUE, 0, 10};
  EXPECT_FALSE(goes(g_quark_from_static_string("gst-copy"), &part));
  EXPECT_FALSE(goes(g_quark_from_static_string("a transformation that nobody knows"), &part));
  EXPECT_FALSE(goes(g_quark_from_static_string("gst-copy"), nullptr));
}

TEST_F(OriginalMetaTest, OneAloneAndOnlyOnWritableBuffers) {
  attach_originals(buffer_, {640, 360, 8, false, {}});
  EXPECT_EQ(find_originals(buffer_)->number, 8U);
  EXPECT_TRUE(find_originals(buffer_)->faces.empty());
  gst_buffer_ref(buffer_);
  EXPECT_THROW(attach_originals(buffer_, {}), std::invalid_argument);
  EXPECT_THROW(remove_originals(buffer_), std::invalid_argument);
  gst_buffer_unref(buffer_);
  remove_originals(buffer_);
  EXPECT_EQ(find_originals(buffer_), nullptr);
  EXPECT_EQ(find_originals(nullptr), nullptr);
}

TEST_F(OriginalMetaTest, WhatWasDoneToAFaceStandsOnItsStamp) {
  record_treatment(buffer_, 1, Treatment::blurred, ""); // without a stamp it does nothing
  FaceFrame stamp{.width = 640, .height = 360};
  for (const std::uint32_t id : {1U, 2U}) {
    stamp.faces.emplace_back().id = id;
    stamp.faces.back().box = {10, 10, 50, 50};
  }
  attach_faces(buffer_, stamp);
  EXPECT_EQ(find_faces(buffer_)->faces[1].treatment, Treatment::none);
  record_treatment(buffer_, 2, Treatment::swapped, "nobody-1");
  record_treatment(buffer_, 5, Treatment::covered, "");
  EXPECT_EQ(find_faces(buffer_)->faces[0].treatment, Treatment::none);
  EXPECT_EQ(find_faces(buffer_)->faces[1].treatment, Treatment::swapped);
  EXPECT_EQ(find_faces(buffer_)->faces[1].wears, "nobody-1");
  GstBuffer* copy = gst_buffer_copy(buffer_);
  EXPECT_EQ(find_faces(copy)->faces[1].wears, "nobody-1");
  gst_buffer_unref(copy);
  EXPECT_STREQ(to_string(Treatment::covered), "covered");
}

} // namespace
} // namespace deid
