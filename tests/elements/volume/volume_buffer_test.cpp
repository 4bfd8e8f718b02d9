// A volume on a buffer: caps, metadata through copies, and buffers that are refused.
#include "elements/base/error.hpp"
#include "elements/volume/volume_buffer.hpp"
#include "tests/elements/base/gst_support.hpp"
#include <gtest/gtest.h>

namespace deid::volume {
namespace {

class VolumeBuffer : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  static Ref<GstBuffer> made() {
    const Description about{
        .format = Format::s16, .size = {2, 3, 4}, .spacing = {1, 2, 3}, .oriented = true, .slope = 2};
    std::vector<std::byte> voxels(about.bytes());
    for (std::size_t i = 0; i < voxels.size(); ++i)
      voxels[i] = static_cast<std::byte>(i);
    return new_buffer(std::move(voxels), {about, "nifti", {std::byte{7}}});
  }
};

TEST_F(VolumeBuffer, CapsSayFormatAndSize) {
  const auto buffer = made();
  const auto caps = caps_of(find(buffer.get())->about);
  EXPECT_EQ(take_string(gst_caps_to_string(caps.get())),
            "volume/x-raw, format=(string)S16LE, width=(int)2, height=(int)3, depth=(int)4");
  const Ref<GstCaps> any(gst_caps_from_string(DEID_VOLUME_CAPS));
  EXPECT_TRUE(gst_caps_is_subset(caps.get(), any.get()));
  EXPECT_TRUE(states(caps.get(), find(buffer.get())->about));
  Description other = find(buffer.get())->about;
  other.size[1] = 4;
  EXPECT_FALSE(states(caps.get(), other));
}

TEST_F(VolumeBuffer, ACopyKeepsTheMetadataAndAPartLosesIt) {
  const auto buffer = made();
  const Ref<GstBuffer> copy(gst_buffer_copy_deep(buffer.get()));
  ASSERT_NE(find(copy.get()), nullptr);
  EXPECT_EQ(find(copy.get())->about, find(buffer.get())->about);
  EXPECT_EQ(find(copy.get())->header, std::vector<std::byte>{std::byte{7}});
  EXPECT_EQ(test::bytes(copy.get()), test::bytes(buffer.get()));
  const Ref<GstBuffer> part(gst_buffer_copy_region(buffer.get(), GST_BUFFER_COPY_ALL, 0, 8));
  EXPECT_EQ(find(part.get()), nullptr);
}

TEST_F(VolumeBuffer, AttachingReplacesWhatWasThere) {
  const auto buffer = made();
  Attached other = *find(buffer.get());
  other.about.slope = 5;
  attach(buffer.get(), other);
  EXPECT_EQ(find(buffer.get())->about.slope, 5);
  const Ref<GstBuffer> second(gst_buffer_ref(buffer.get()));
  EXPECT_THROW(attach(buffer.get(), other), std::invalid_argument);
}

gint code_of(GstBuffer* buffer, GstMapFlags flags) {
  try {
    const MappedVolume mapped(buffer, flags);
  } catch (const ElementError& error) {
    return error.code();
  }
  return -1;
}

TEST_F(VolumeBuffer, WritingGoesIntoTheBuffer) {
  const auto buffer = made();
  {
    const MappedVolume mapped(buffer.get(), GST_MAP_READWRITE);
    ASSERT_EQ(mapped.voxels().size(), 48U);
    mapped.writable()[3] = std::byte{99};
  }
  EXPECT_EQ(test::bytes(buffer.get())[3], 99);
}

TEST_F(VolumeBuffer, BuffersThatAreNoVolumesAreRefused) {
  const Ref<GstBuffer> plain(gst_buffer_new_allocate(nullptr, 48, nullptr));
  EXPECT_EQ(code_of(plain.get(), GST_MAP_READ), GST_STREAM_ERROR_FORMAT);
  const auto buffer = made();
  EXPECT_EQ(code_of(buffer.get(), GST_MAP_READ), -1);
  const Ref<GstBuffer> second(gst_buffer_ref(buffer.get()));
  EXPECT_EQ(code_of(buffer.get(), GST_MAP_READWRITE), GST_RESOURCE_ERROR_WRITE);
  const auto shorter = made();
  gst_buffer_resize(shorter.get(), 0, 40);
  EXPECT_EQ(code_of(shorter.get(), GST_MAP_READ), GST_STREAM_ERROR_FORMAT);
  auto* allocator = GST_ALLOCATOR(gst_object_ref_sink(g_object_new(test::unmappable_type(), nullptr)));
  const Ref<GstBuffer> device(gst_buffer_new_allocate(allocator, 48, nullptr));
  gst_object_unref(allocator);
  attach(device.get(), *find(made().get()));
  EXPECT_EQ(code_of(device.get(), GST_MAP_READ), GST_RESOURCE_ERROR_READ);
}

TEST_F(VolumeBuffer, VoxelsMustBeAsManyAsTheDescriptionSays) {
  EXPECT_THROW((void)new_buffer(std::vector<std::byte>(5), {Description{.size = {2, 2, 2}}, "", {}}),
               std::invalid_argument);
}

} // namespace
} // namespace deid::volume
