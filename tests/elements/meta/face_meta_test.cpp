#include "elements/meta/face_meta.hpp"
#include <gst/video/gstvideometa.h>
#include <gst/video/video.h>
#include <gtest/gtest.h>
#include <limits>

namespace deid {
namespace {

class FaceMeta : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  void TearDown() override { gst_clear_buffer(&buffer_); }
  GstBuffer* buffer_ = gst_buffer_new_allocate(nullptr, 1000, nullptr);
};

FaceRegion region(std::uint32_t id, cv::Rect2f box) {
  FaceRegion face;
  face.id = id;
  face.box = box;
  face.score = 0.75F;
  face.origin = Origin::tracked;
  face.landmarks.assign(468, {box.x, box.y, 4});
  return face;
}

FaceFrame stamp() {
  FaceFrame frame;
  frame.width = 640;
  frame.height = 480;
  frame.fingerprint.luma.fill(7);
  frame.faces = {region(3, {10, 20, 100, 120}), region(9, {600, 400, 80, 160})};
  frame.detector = "mesh 1";
  return frame;
}

std::vector<const GstVideoRegionOfInterestMeta*> rois(GstBuffer* buffer) {
  std::vector<const GstVideoRegionOfInterestMeta*> all;
  gpointer state = nullptr;
  while (auto* meta =
             gst_buffer_iterate_meta_filtered(buffer, &state, GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE))
    all.push_back(reinterpret_cast<GstVideoRegionOfInterestMeta*>(meta));
  return all;
}

TEST(FaceRegion, TouchesAFrameWithAnyPartOfIt) {
  const cv::Size frame(640, 480);
  const auto boxed = [](cv::Rect2f box) {
    FaceRegion face;
    face.box = box;
    return face;
  };
  EXPECT_TRUE(touches(boxed({10, 10, 50, 50}), frame));
  EXPECT_TRUE(touches(boxed({-49, -49, 50, 50}), frame));
  EXPECT_TRUE(touches(boxed({639.5F, 479.5F, 50, 50}), frame));
  EXPECT_FALSE(touches(boxed({-50, 10, 50, 50}), frame));
  EXPECT_FALSE(touches(boxed({640, 10, 50, 50}), frame));
  EXPECT_FALSE(touches(boxed({10, 480, 50, 50}), frame));
  FaceRegion beside = region(1, {700, 10, 50, 50});
  EXPECT_FALSE(touches(beside, frame));
  beside.landmarks[7] = {630, 20, 0};
  EXPECT_TRUE(touches(beside, frame));
  // the cover judges nonsense
  EXPECT_TRUE(touches(boxed({std::numeric_limits<float>::quiet_NaN(), 900, 50, 50}), frame));
  EXPECT_TRUE(touches(boxed({900, 900, -50, 50}), frame));
}

TEST_F(FaceMeta, NothingIsThereUntilAttached) {
  EXPECT_EQ(find_faces(buffer_), nullptr);
  EXPECT_EQ(find_faces(nullptr), nullptr);
}

TEST_F(FaceMeta, AFrameWithoutFacesCarriesAStamp) {
  FaceFrame empty;
  empty.width = 4;
  empty.height = 2;
  attach_faces(buffer_, empty);
  ASSERT_NE(find_faces(buffer_), nullptr);
  EXPECT_TRUE(find_faces(buffer_)->faces.empty());
  EXPECT_TRUE(rois(buffer_).empty());
}

TEST_F(FaceMeta, WhatWasAttachedIsFound) {
  attach_faces(buffer_, stamp());
  const FaceFrame* found = find_faces(buffer_);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->faces, stamp().faces);
  EXPECT_EQ(found->detector, "mesh 1");
  EXPECT_EQ(found->width, 640);
}

TEST_F(FaceMeta, OthersSeeRegionsOfInterestClippedToTheFrame) {
  attach_faces(buffer_, stamp());
  const auto all = rois(buffer_);
  ASSERT_EQ(all.size(), 2U);
  const auto* second = all[0]->id == 9 ? all[0] : all[1];
  EXPECT_STREQ(g_quark_to_string(second->roi_type), "face");
  EXPECT_EQ(second->x, 600U);
  EXPECT_EQ(second->w, 40U);
  EXPECT_EQ(second->h, 80U);
  GstStructure* detection = gst_video_region_of_interest_meta_get_param(
      const_cast<GstVideoRegionOfInterestMeta*>(second), "detection");
  ASSERT_NE(detection, nullptr);
  double x_min = 0, y_max = 0, confidence = 0;
  ASSERT_TRUE(gst_structure_get(detection, "x_min", G_TYPE_DOUBLE, &x_min, "y_max", G_TYPE_DOUBLE, &y_max,
                                "confidence", G_TYPE_DOUBLE, &confidence, nullptr));
  EXPECT_DOUBLE_EQ(x_min, 600.0 / 640);
  EXPECT_DOUBLE_EQ(y_max, 1.0);
  EXPECT_DOUBLE_EQ(confidence, 0.75);
}

TEST_F(FaceMeta, RegionsWithoutVisiblePixelsOrWithNaNHaveNoRoiButStayInTheStamp) {
  FaceFrame frame = stamp();
  frame.faces = {region(1, {-500, 0, 100, 100}),
                 region(2, {std::numeric_limits<float>::quiet_NaN(), 0, 9, 9})};
  attach_faces(buffer_, frame);
  EXPECT_TRUE(rois(buffer_).empty());
  EXPECT_EQ(find_faces(buffer_)->faces.size(), 2U);
}

TEST_F(FaceMeta, AttachingAgainReplacesStampAndRoisButNotOtherPeoples) {
  gst_buffer_add_video_region_of_interest_meta(buffer_, "face", 1, 2, 3, 4)->id = 77;
  gst_buffer_add_video_region_of_interest_meta(buffer_, "person", 1, 2, 3, 4)->id = 3;
  attach_faces(buffer_, stamp());
  FaceFrame next = stamp();
  next.faces.pop_back();
  attach_faces(buffer_, next);
  EXPECT_EQ(find_faces(buffer_)->faces.size(), 1U);
  EXPECT_EQ(rois(buffer_).size(), 3U);
}

TEST_F(FaceMeta, SharedBuffersAreRefused) {
  gst_buffer_ref(buffer_);
  EXPECT_THROW(attach_faces(buffer_, stamp()), std::invalid_argument);
  EXPECT_THROW(update_fingerprint(buffer_, {}), std::invalid_argument);
  gst_buffer_unref(buffer_);
  EXPECT_EQ(find_faces(buffer_), nullptr);
}

TEST_F(FaceMeta, TheFingerprintCanBeRenewed) {
  attach_faces(buffer_, stamp());
  Fingerprint other;
  other.luma.fill(99);
  update_fingerprint(buffer_, other);
  EXPECT_EQ(find_faces(buffer_)->fingerprint, other);
}

TEST_F(FaceMeta, WholeCopiesKeepTheStampAndPartsLoseIt) {
  attach_faces(buffer_, stamp());
  GstBuffer* whole = gst_buffer_copy(buffer_);
  GstBuffer* part = gst_buffer_copy_region(buffer_, GST_BUFFER_COPY_ALL, 10, 100);
  ASSERT_NE(find_faces(whole), nullptr);
  EXPECT_EQ(find_faces(whole)->faces, stamp().faces);
  EXPECT_NE(find_faces(whole), find_faces(buffer_));
  EXPECT_EQ(find_faces(part), nullptr);
  gst_buffer_unref(whole);
  gst_buffer_unref(part);
}

GstBuffer* transformed(GstBuffer* from, const char* quark, int in_width, int in_height, int width,
                       int height) {
  GstBuffer* to = gst_buffer_new();
  GstVideoInfo in;
  GstVideoInfo out;
  gst_video_info_set_format(&in, GST_VIDEO_FORMAT_I420, static_cast<guint>(in_width),
                            static_cast<guint>(in_height));
  gst_video_info_set_format(&out, GST_VIDEO_FORMAT_I420, static_cast<guint>(width),
                            static_cast<guint>(height));
  GstVideoMetaTransform change{&in, &out};
  gpointer state = nullptr;
  while (auto* meta = gst_buffer_iterate_meta(from, &state))
    if (std::string(g_type_name(meta->info->api)) == "DeidFaceMetaAPI")
      meta->info->transform_func(to, meta, from, g_quark_from_string(quark), &change);
  return to;
}

TEST_F(FaceMeta, ScalingScalesBoxesAndLandmarks) {
  attach_faces(buffer_, stamp());
  GstBuffer* half = transformed(buffer_, "gst-video-scale", 640, 480, 320, 120);
  const FaceFrame* found = find_faces(half);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->width, 320);
  EXPECT_EQ(found->height, 120);
  EXPECT_EQ(found->faces[0].box, cv::Rect2f(5, 5, 50, 30));
  EXPECT_EQ(found->faces[0].landmarks[467], cv::Point3f(5, 5, 2));
  EXPECT_EQ(found->fingerprint, stamp().fingerprint);
  gst_buffer_unref(half);
}

TEST_F(FaceMeta, UnknownTransformationsAndForeignSizesLoseTheStamp) {
  attach_faces(buffer_, stamp());
  for (GstBuffer* other : {transformed(buffer_, "gst-video-rotate", 640, 480, 480, 640),
                           transformed(buffer_, "gst-video-scale", 480, 640, 320, 240)}) {
    EXPECT_EQ(find_faces(other), nullptr);
    gst_buffer_unref(other);
  }
}

} // namespace
} // namespace deid
