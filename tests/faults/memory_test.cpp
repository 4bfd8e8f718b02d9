// Buffers that cannot be mapped, are too small, read-only, shared, or have wrong metadata.
#include "elements/meta/face_meta.hpp"
#include "tests/elements/base/gst_support.hpp"
#include "tests/faults/truth.hpp"
#include <gst/app/gstappsink.h>
#include <gtest/gtest.h>

namespace deid::test {
namespace {

constexpr int count = 6, healthy = 3;

using Change = std::function<void(GstBuffer*&)>;

/// The buffer with its metadata and times, but other memory.
void put_in(GstBuffer*& buffer, GstBuffer* other) {
  gst_buffer_copy_into(other, buffer,
                       static_cast<GstBufferCopyFlags>(GST_BUFFER_COPY_META | GST_BUFFER_COPY_TIMESTAMPS), 0,
                       static_cast<gsize>(-1));
  gst_buffer_unref(buffer);
  buffer = other;
}

void unmappable(GstBuffer*& buffer) {
  put_in(buffer, unmappable_frame(video_info("I420", 640, 360)));
}

void too_small(GstBuffer*& buffer) {
  put_in(buffer, gst_buffer_new_allocate(nullptr, gst_buffer_get_size(buffer) / 2, nullptr));
}

void lying_strides(GstBuffer*& buffer) {
  buffer = gst_buffer_make_writable(buffer);
  std::array<gsize, 4> offset{0, 640 * 360, 640 * 360 * 5 / 4, 0};
  std::array<gint, 4> stride{6400, 320, 320, 0};
  gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420, 640, 360, 3,
                                 offset.data(), stride.data());
}

void lying_size(GstBuffer*& buffer) {
  buffer = gst_buffer_make_writable(buffer);
  gst_buffer_add_video_meta(buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420, 320, 180);
}

void crop_wish(GstBuffer*& buffer) {
  buffer = gst_buffer_make_writable(buffer);
  GstVideoCropMeta* crop = gst_buffer_add_video_crop_meta(buffer);
  crop->x = 100;
  crop->y = 50;
  crop->width = 300;
  crop->height = 200;
}

/// Changes frame number `healthy` on its way to `where`. Neither this frame nor a later one may leave.
void play_error(const std::string& fault, const char* where, const Change& change) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  Line line("deidfacedetect name=find lookahead=0 ! deidfacemask name=cover");
  line.at(where, "sink", [change, n = 0](GstBuffer*& buffer) mutable {
    if (n++ == healthy)
      change(buffer);
  });
  ASSERT_TRUE(line.start()) << line.error();
  for (int i = 0; i < count; ++i)
    line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
  line.finish();
  EXPECT_FALSE(line.error().empty());
  EXPECT_EQ(line.left().size(), static_cast<std::size_t>(healthy));
  report(fault, line, truth);
}

TEST(Memory, CannotBeMapped) {
  play_error("buffer cannot be mapped, in facedetect", "find", unmappable);
  play_error("buffer cannot be mapped, in the cover", "cover", unmappable);
}

TEST(Memory, IsTooSmall) {
  play_error("buffer too small, in facedetect", "find", too_small);
  play_error("buffer too small, in the cover", "cover", too_small);
}

TEST(Memory, IsNotAsItsVideoMetaSays) {
  play_error("strides reach beyond the memory, in facedetect", "find", lying_strides);
  play_error("strides reach beyond the memory, in the cover", "cover", lying_strides);
  play_error("video meta of another size, in facedetect", "find", lying_size);
  play_error("video meta of another size, in the cover", "cover", lying_size);
  play_error("to be cropped when shown, in facedetect", "find", crop_wish);
  play_error("to be cropped when shown, in the cover", "cover", crop_wish);
}

/// Memory that may not be written must be copied, not passed.
TEST(Memory, IsReadOnly) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  for (const char* where : {"find", "cover"}) {
    Line line("deidfacedetect name=find lookahead=1 ! deidfacemask name=cover");
    line.at(where, "sink", [](GstBuffer*& buffer) {
      buffer = gst_buffer_make_writable(buffer);
      for (guint i = 0; i < gst_buffer_n_memory(buffer); ++i)
        GST_MINI_OBJECT_FLAG_SET(gst_buffer_peek_memory(buffer, i), GST_MEMORY_FLAG_READONLY);
    });
    ASSERT_TRUE(line.start()) << line.error();
    for (int i = 0; i < count; ++i)
      line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
    line.finish();
    EXPECT_EQ(line.left().size(), static_cast<std::size_t>(count)) << line.error();
    report(std::string("read-only memory, from before ") + (*where == 'f' ? "facedetect" : "the cover"), line,
           truth);
  }
}

/// One branch is covered, the other should show the original: neither may get the other's pixels.
TEST(Memory, IsSharedByTwoBranches) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  for (const char* cover : {"deidfacemask", "deidfaceblur mode=pixelate"}) {
    const auto line = Line::whole(
        std::string("appsrc name=in format=time ! deidfacedetect lookahead=2 ! tee name=t ! queue ! ") +
        cover +
        " name=cover ! appsink name=out sync=false t. ! queue ! appsink name=plain sync=false "
        "wait-on-eos=false");
    ASSERT_TRUE(line->start()) << line->error();
    for (int i = 0; i < count; ++i)
      line->push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
    line->finish();
    std::vector<Picture> plain;
    while (GstSample* sample =
               gst_app_sink_try_pull_sample(GST_APP_SINK(line->element("plain")), GST_SECOND)) {
      plain.push_back(picture_of(gst_sample_get_buffer(sample), gst_sample_get_caps(sample)));
      gst_sample_unref(sample);
    }
    ASSERT_EQ(plain.size(), static_cast<std::size_t>(count));
    const Leak other = leak(truth, plain);
    EXPECT_EQ(other.original, other.face) << "the branch that is meant to be original was changed";
    EXPECT_EQ(line->left().size(), static_cast<std::size_t>(count));
    if (std::string(cover) == "deidfacemask")
      report("tee: the other branch is original on purpose", *line, truth);
  }
}

TEST(Memory, IsHeldBySomebodyElse) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  std::vector<Buffer> held;
  Line line("deidfacedetect lookahead=0 ! deidfacemask name=cover");
  line.at("cover", "sink", [&held](GstBuffer*& buffer) { held.emplace_back(gst_buffer_ref(buffer)); });
  ASSERT_TRUE(line.start()) << line.error();
  for (int i = 0; i < count; ++i)
    line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
  line.finish();
  EXPECT_EQ(line.left().size(), static_cast<std::size_t>(count)) << line.error();
  report("somebody else holds the buffer", line, truth);
}

} // namespace
} // namespace deid::test
