#include "elements/meta/pose_meta.hpp"
#include <cmath>
#include <gst/video/video.h>
#include <gtest/gtest.h>
#include <limits>
#include <stdexcept>

namespace {

using deid::PoseFrame;
using deid::Stage;

PoseFrame frame_of(Stage stage, std::uint32_t id) {
  PoseFrame frame{.width = 200, .height = 100, .stage = stage};
  deid::Person person{.id = id, .box = {20, 10, 100, 80}, .score = .75F};
  for (int i = 0; i < 33; ++i)
    person.points.push_back({static_cast<float>(20 + i), static_cast<float>(10 + 2 * i), .8F, i != 5});
  auto mask = std::make_shared<deid::PersonMask>();
  mask->crop_to_frame = {1, 0, 10, 0, 1, 20};
  person.mask = mask;
  frame.people.push_back(person);
  return frame;
}

class PoseMeta : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  GstBuffer* buffer = gst_buffer_new();
  void TearDown() override { gst_buffer_unref(buffer); }

  std::vector<GstVideoRegionOfInterestMeta*> regions() const {
    std::vector<GstVideoRegionOfInterestMeta*> found;
    gpointer state = nullptr;
    while (GstMeta* meta =
               gst_buffer_iterate_meta_filtered(buffer, &state, GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE))
      found.push_back(reinterpret_cast<GstVideoRegionOfInterestMeta*>(meta));
    return found;
  }
};

TEST_F(PoseMeta, StagesLieSideBySideAndAreReplacedByThemselves) {
  deid::attach_pose(buffer, frame_of(Stage::original, 1));
  deid::attach_pose(buffer, frame_of(Stage::deidentified, 7));
  ASSERT_NE(deid::find_pose(buffer, Stage::original), nullptr);
  EXPECT_EQ(deid::find_pose(buffer, Stage::original)->people.at(0).id, 1U);
  EXPECT_EQ(deid::find_pose(buffer, Stage::deidentified)->people.at(0).id, 7U);
  deid::attach_pose(buffer, frame_of(Stage::original, 2));
  EXPECT_EQ(deid::find_pose(buffer, Stage::original)->people.at(0).id, 2U);
  EXPECT_EQ(deid::find_pose(buffer, Stage::deidentified)->people.at(0).id, 7U);
  ASSERT_EQ(regions().size(), 1U); // of the stage attached last
  EXPECT_EQ(regions()[0]->id, 2);
  EXPECT_EQ(deid::find_pose(nullptr, Stage::original), nullptr);
}

TEST_F(PoseMeta, OthersFindARegionWithDetectionAndKeypoints) {
  deid::attach_pose(buffer, frame_of(Stage::original, 3), deid::KeypointSet::coco17);
  ASSERT_EQ(regions().size(), 1U);
  auto* roi = regions()[0];
  GstStructure* detection = gst_video_region_of_interest_meta_get_param(roi, "detection");
  ASSERT_NE(detection, nullptr);
  double x_min = 0, confidence = 0;
  gst_structure_get(detection, "x_min", G_TYPE_DOUBLE, &x_min, "confidence", G_TYPE_DOUBLE, &confidence,
                    nullptr);
  EXPECT_DOUBLE_EQ(x_min, .1);
  EXPECT_FLOAT_EQ(static_cast<float>(confidence), .75F);
  GstStructure* keypoints = gst_video_region_of_interest_meta_get_param(roi, "keypoints");
  ASSERT_NE(keypoints, nullptr);
  EXPECT_STREQ(gst_structure_get_string(keypoints, "semantic_tag"), "body-pose/coco-17");
  EXPECT_EQ(gst_value_array_get_size(gst_structure_get_value(keypoints, "point_names")), 17U);
  GVariant* data = g_value_get_variant(gst_structure_get_value(keypoints, "data_buffer"));
  gsize size = 0;
  const auto* bytes = static_cast<const float*>(g_variant_get_fixed_array(data, &size, 1));
  ASSERT_EQ(size, 17 * 2 * sizeof(float));
  EXPECT_FLOAT_EQ(bytes[0], 0.F);  // the nose is the box's corner
  EXPECT_FLOAT_EQ(bytes[4], -1.F); // the right eye, native point 5, is absent: never (0, 0)
  EXPECT_FLOAT_EQ(bytes[5], -1.F);
}

TEST_F(PoseMeta, ScalingMovesPointsBoxesAndMasks) {
  deid::attach_pose(buffer, frame_of(Stage::original, 1));
  GstBuffer* half = gst_buffer_new();
  GstVideoInfo in, out;
  gst_video_info_set_format(&in, GST_VIDEO_FORMAT_I420, 200, 100);
  gst_video_info_set_format(&out, GST_VIDEO_FORMAT_I420, 100, 25);
  GstVideoMetaTransform change{&in, &out};
  gpointer state = nullptr;
  while (GstMeta* meta = gst_buffer_iterate_meta(buffer, &state))
    if (meta->info->transform_func != nullptr)
      meta->info->transform_func(half, meta, buffer, gst_video_meta_transform_scale_get_quark(), &change);
  const PoseFrame* scaled = deid::find_pose(half, Stage::original);
  ASSERT_NE(scaled, nullptr);
  EXPECT_EQ(scaled->width, 100);
  EXPECT_EQ(scaled->height, 25);
  EXPECT_FLOAT_EQ(scaled->people.at(0).points[2].x, 11.F);
  EXPECT_FLOAT_EQ(scaled->people[0].points[2].y, 3.5F);
  EXPECT_FLOAT_EQ(scaled->people[0].box.height, 20.F);
  EXPECT_FLOAT_EQ(scaled->people[0].mask->crop_to_frame(1, 2), 5.F);
  EXPECT_FLOAT_EQ(deid::find_pose(buffer, Stage::original)->people[0].mask->crop_to_frame(1, 2), 20.F);
  gst_buffer_unref(half);
}

TEST_F(PoseMeta, WholeCopiesKeepItAndPartsLoseIt) {
  GstBuffer* filled = gst_buffer_new_allocate(nullptr, 64, nullptr);
  deid::attach_pose(filled, frame_of(Stage::original, 1));
  GstBuffer* copy = gst_buffer_copy(filled);
  GstBuffer* part = gst_buffer_copy_region(filled, GST_BUFFER_COPY_ALL, 0, 10);
  EXPECT_NE(deid::find_pose(copy, Stage::original), nullptr);
  EXPECT_EQ(deid::find_pose(part, Stage::original), nullptr);
  for (GstBuffer* each : {filled, copy, part})
    gst_buffer_unref(each);
}

TEST_F(PoseMeta, NonsenseDoesNoHarm) {
  PoseFrame frame = frame_of(Stage::original, 1);
  frame.people[0].box = {std::numeric_limits<float>::quiet_NaN(), 0, 10, 10};
  deid::attach_pose(buffer, frame);
  EXPECT_TRUE(regions().empty());
  frame.people[0].box = {-1e30F, -1e30F, 2e30F, 2e30F};
  frame.people[0].points[0].x = std::numeric_limits<float>::infinity();
  frame.people[0].points.resize(4);
  deid::attach_pose(buffer, frame);
  ASSERT_EQ(regions().size(), 1U);
  EXPECT_EQ(regions()[0]->w, 200U);
  EXPECT_NE(deid::find_pose(buffer, Stage::original), nullptr);
}

TEST_F(PoseMeta, ASharedBufferIsRefused) {
  gst_buffer_ref(buffer);
  EXPECT_THROW(deid::attach_pose(buffer, {}), std::invalid_argument);
  gst_buffer_unref(buffer);
  EXPECT_THROW(deid::attach_pose(nullptr, {}), std::invalid_argument);
}

TEST_F(PoseMeta, BonesJoinPointsThatExist) {
  for (const auto set : {deid::KeypointSet::blazepose33, deid::KeypointSet::coco17,
                         deid::KeypointSet::openpose18, deid::KeypointSet::body25}) {
    const auto size = static_cast<int>(deid::keypoint_names(set).size());
    EXPECT_GE(deid::bones(set).size(), 16U);
    for (const deid::Bone& bone : deid::bones(set)) {
      EXPECT_LT(std::max(bone.from, bone.to), size);
      EXPECT_NE(bone.from, bone.to);
    }
  }
}

} // namespace
