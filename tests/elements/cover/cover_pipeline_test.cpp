#include "tests/elements/cover/stamped.hpp"
#include <filesystem>
#include <gst/app/gstappsink.h>
#include <gst/video/gstvideometa.h>
#include <gtest/gtest.h>

namespace deid {
namespace {

/// Real footage, real elements between the stamp and the cover: ... ! identity name=stamp ! ... ! facemask !
/// appsink.
class CoverPipeline : public testing::Test {
protected:
  static void SetUpTestSuite() {
    gst_init(nullptr, nullptr);
    gst_element_register(nullptr, "deidtestmask", GST_RANK_NONE, gst_deid_face_mask_get_type());
    gst_element_register(nullptr, "deidtestblur", GST_RANK_NONE, gst_deid_face_blur_get_type());
  }
  void TearDown() override {
    if (pipeline_ != nullptr) {
      gst_element_set_state(pipeline_, GST_STATE_NULL);
      gst_object_unref(pipeline_);
      pipeline_ = nullptr;
    }
  }

  static GstPadProbeReturn stamp(GstPad* pad, GstPadProbeInfo* probe, gpointer) {
    auto* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(probe));
    GST_PAD_PROBE_INFO_DATA(probe) = buffer;
    GstCaps* caps = gst_pad_get_current_caps(pad);
    GstVideoInfo info;
    gst_video_info_from_caps(&info, caps);
    gst_caps_unref(caps);
    const float w = static_cast<float>(info.width), h = static_cast<float>(info.height);
    attach_faces(buffer, test::stamp_for(buffer, info, {test::mesh_face({w / 8, h / 4, w / 4, h / 3})}));
    return GST_PAD_PROBE_OK;
  }

  void play(const std::string& between, const char* cover = "deidtestmask",
            const char* caps = "I420,width=160,height=120") {
    const std::string file = DEID_DEPS_DIR "/footage/single_face.mp4";
    if (!std::filesystem::exists(file))
      GTEST_SKIP() << "set-up has not fetched " << file;
    pipeline_ = gst_parse_launch(
        ("filesrc location=\"" + file +
         "\" ! decodebin ! videoconvert ! videoscale add-borders=false ! video/x-raw,format=" + caps +
         ",pixel-aspect-ratio=1/1 ! identity name=stamp ! " + between + " ! " + cover +
         " name=cover ! appsink name=out sync=false max-buffers=4")
            .c_str(),
        nullptr);
    ASSERT_NE(pipeline_, nullptr);
    GstElement* identity = gst_bin_get_by_name(GST_BIN(pipeline_), "stamp");
    GstPad* pad = gst_element_get_static_pad(identity, "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, stamp, nullptr, nullptr);
    gst_object_unref(pad);
    gst_object_unref(identity);
    gst_element_set_state(pipeline_, GST_STATE_PLAYING);
  }
  /// Takes up to 12 frames and stops; returns their number.
  int run() {
    GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline_), "out");
    int count = 0;
    for (; count < 12; ++count) {
      GstSample* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 20 * GST_SECOND);
      if (sample == nullptr)
        break;
      GstVideoInfo info;
      gst_video_info_from_caps(&info, gst_sample_get_caps(sample));
      black_ += test::all_black(gst_sample_get_buffer(sample), info) ? 1 : 0;
      gst_sample_unref(sample);
    }
    gst_object_unref(sink);
    gst_element_set_state(pipeline_, GST_STATE_NULL); // the counters stay until the next start
    return count;
  }
  /// Takes that many frames; returns the last one's time.
  GstClockTime pull(int count) {
    GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline_), "out");
    GstClockTime time = GST_CLOCK_TIME_NONE;
    for (int i = 0; i < count; ++i) {
      GstSample* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 20 * GST_SECOND);
      EXPECT_NE(sample, nullptr);
      if (sample == nullptr)
        break;
      time = GST_BUFFER_PTS(gst_sample_get_buffer(sample));
      gst_sample_unref(sample);
    }
    gst_object_unref(sink);
    return time;
  }
  std::uint64_t stat(const char* field) {
    GstElement* cover = gst_bin_get_by_name(GST_BIN(pipeline_), "cover");
    const std::uint64_t value = test::stat(cover, field);
    gst_object_unref(cover);
    return value;
  }
  GstElement* pipeline_ = nullptr;
  int black_ = 0;
};

TEST_F(CoverPipeline, ElementsThatKeepThePictureKeepTheStamp) {
  for (const char* between :
       {"queue", "videoconvert ! video/x-raw,format=BGRx", "videoconvert ! video/x-raw,format=GRAY8",
        "videorate ! video/x-raw,framerate=50/1", "videoscale ! video/x-raw,width=80,height=60",
        "tee name=t ! queue", "x264enc speed-preset=ultrafast tune=zerolatency ! avdec_h264",
        "jpegenc ! jpegdec"})
    for (const char* cover : {"deidtestmask", "deidtestblur"}) {
      play(between, cover);
      EXPECT_EQ(run(), 12) << between;
      EXPECT_EQ(stat("frames-covered"), 0U) << between;
      EXPECT_EQ(stat("faces"), stat("frames")) << between;
      TearDown();
    }
}

TEST_F(CoverPipeline, ElementsThatMoveThePictureMakeDoubt) {
  for (const char* between :
       {"videoflip video-direction=horiz", "videoflip video-direction=vert", "videoflip video-direction=180",
        "videoflip video-direction=90r", "videoflip video-direction=90l", "videoflip video-direction=ul-lr",
        "videoflip video-direction=ur-ll", "videocrop left=20", "videocrop top=2", "videobox left=-16",
        "compositor", "videoscale ! video/x-raw,width=160,height=60,pixel-aspect-ratio=1/1",
        "deinterlace mode=interlaced"}) {
    black_ = 0;
    play(between);
    const int frames = run();
    EXPECT_EQ(frames, 12) << between;
    EXPECT_EQ(black_, frames) << between;
    EXPECT_EQ(stat("frames-covered"), stat("frames")) << between;
    TearDown();
  }
}

TEST_F(CoverPipeline, ACroppedPictureThatIsWholeInMemoryIsNotTrusted) {
  play("videocrop left=20 ! identity");
  const int frames = run();
  EXPECT_EQ(black_, frames);
}

TEST_F(CoverPipeline, ASquarePictureTurnedByAQuarterIsDoubt) {
  for (const char* direction : {"90r", "90l", "ul-lr", "ur-ll", "180"}) {
    play(std::string("videoflip video-direction=") + direction, "deidtestmask", "NV12,width=120,height=120");
    run();
    EXPECT_GE(stat("frames"), 12U) << direction;
    EXPECT_EQ(stat("frames-covered"), stat("frames")) << direction;
    TearDown();
  }
}

TEST_F(CoverPipeline, TwoCoversInARow) {
  play("deidtestblur shape=ellipse mode=pixelate ! deidtestblur mode=gaussian shape=head");
  EXPECT_EQ(run(), 12);
  EXPECT_EQ(stat("frames-covered"), 0U);
}

TEST_F(CoverPipeline, SeeksAreFollowed) {
  play("queue", "deidtestmask", "I420,width=160,height=120");
  pull(5);
  for (const GstClockTime to : {GST_SECOND, 500 * GST_MSECOND}) {
    ASSERT_TRUE(
        gst_element_seek_simple(pipeline_, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, static_cast<gint64>(to)));
    EXPECT_GE(pull(5), to);
  }
  EXPECT_EQ(stat("frames-covered"), 0U);
  EXPECT_GE(stat("frames"), 15U);
}

TEST_F(CoverPipeline, EosEarlyIsNoError) {
  play("queue");
  pull(1);
  gst_element_send_event(pipeline_, gst_event_new_eos());
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline_), "out");
  while (GstSample* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 20 * GST_SECOND))
    gst_sample_unref(sample);
  gst_object_unref(sink);
  GstBus* bus = gst_element_get_bus(pipeline_);
  GstMessage* message = gst_bus_timed_pop_filtered(
      bus, 20 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS));
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(GST_MESSAGE_TYPE(message), GST_MESSAGE_EOS);
  gst_message_unref(message);
  gst_object_unref(bus);
}

} // namespace
} // namespace deid
