// Tags, chapters and events that a cover lets through.
#include "tests/elements/cover/beside.hpp"
#include "tests/support/scratch.hpp"
#include <gst/video/video.h>
#include <gtest/gtest.h>

namespace deid {
namespace {

using scrub::synthetic_note;
using test::Bench;
using test::list_from;
using test::Which;

class Beside : public test::BesideTest {};

GstSample* picture() {
  GstCaps* caps = gst_caps_from_string("image/jpeg");
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, 99, nullptr);
  GstSample* sample = gst_sample_new(buffer, caps, nullptr, nullptr);
  gst_buffer_unref(buffer);
  gst_caps_unref(caps);
  return sample;
}

std::vector<std::string> comments_of(GstEvent* event) {
  std::vector<std::string> found;
  if (GST_EVENT_TYPE(event) != GST_EVENT_TAG)
    return found;
  GstTagList* tags = nullptr;
  gst_event_parse_tag(event, &tags);
  for (guint i = 0; i < gst_tag_list_get_tag_size(tags, GST_TAG_COMMENT); ++i) {
    const gchar* text = nullptr;
    gst_tag_list_peek_string_index(tags, GST_TAG_COMMENT, i, &text);
    found.emplace_back(text);
  }
  return found;
}

INSTANTIATE_TEST_SUITE_P(Elements, Beside, testing::Values(Which::mask, Which::blur), [](const auto& which) {
  return which.param == Which::mask ? "facemask" : "faceblur";
});

const char* const naming[] = {
    "title=Jane",
    "artist=\"Dr X\"",
    "comment=\"room 7\"",
    "extended-comment=\"a=b\"",
    "description=Jane",
    "keywords=fall",
    "location=file",
    "geo-location-name=Vienna",
    "geo-location-latitude=48.2,geo-location-longitude=16.3,geo-location-elevation=180.0",
    "datetime=(datetime)2021-03-04T05:06:07Z",
    "date=(date)2021-03-04",
    "device-model=phone",
    "device-manufacturer=maker",
    "serial=123",
    "copyright=clinic",
    "contact=mail",
    "organization=clinic",
    "language-code=de",
    "homepage=\"http://clinic\"",
    "application-name=camera",
    "encoder=Jane",
    "encoded-by=Jane",
    "video-codec=Jane",
    "audio-codec=Jane",
    "codec=Jane",
    "container-format=Jane",
    "bitrate=(uint)1000",
    "lyrics=words",
};

TEST_P(Beside, TagsAreDroppedInEitherScope) {
  for (const char* tags : naming)
    for (const GstTagScope scope : {GST_TAG_SCOPE_STREAM, GST_TAG_SCOPE_GLOBAL}) {
      ASSERT_FALSE(gst_tag_list_is_empty(Ref<GstTagList>(list_from(tags, scope)).get())) << tags;
      EXPECT_EQ(through(tags, scope), nullptr) << tags;
    }
}

TEST_P(Beside, PicturesAndUnknownTagsAreDropped) {
  gst_tag_register_static("x-deid-test", GST_TAG_FLAG_META, G_TYPE_STRING, "x", "x", nullptr);
  EXPECT_EQ(through("x-deid-test=Jane"), nullptr);
  for (const char* name : {GST_TAG_IMAGE, GST_TAG_PREVIEW_IMAGE, GST_TAG_ATTACHMENT, GST_TAG_PRIVATE_DATA,
                           GST_TAG_APPLICATION_DATA}) {
    GstSample* sample = picture();
    EXPECT_EQ(through(gst_event_new_tag(gst_tag_list_new(name, sample, nullptr))), nullptr) << name;
    gst_sample_unref(sample);
  }
}

TEST_P(Beside, TagsBeforeTheFormatAreDroppedToo) {
  Bench bench(type());
  gst_harness_push_event(bench.harness.get(), gst_event_new_stream_start("x"));
  gst_harness_push_event(bench.harness.get(), gst_event_new_tag(list_from("title=Jane")));
  bench.caps("I420", 64, 48);
  ASSERT_EQ(bench.push(frame()), GST_FLOW_OK);
  gst_buffer_unref(bench.pull());
  int events = 0;
  while (const scrub::EventPtr event{gst_harness_try_pull_event(bench.harness.get())}) {
    EXPECT_NE(GST_EVENT_TYPE(event.get()), GST_EVENT_TAG);
    ++events;
  }
  EXPECT_GE(events, 3) << "stream, format and segment went on";
  GstPad* pad = gst_element_get_static_pad(bench.element, "src");
  EXPECT_EQ(gst_pad_get_sticky_event(pad, GST_EVENT_TAG, 0), nullptr) << "for who is linked later";
  gst_object_unref(pad);
}

TEST_P(Beside, TheTurnOfThePictureStaysAndNothingElse) {
  for (const char* turn : {"rotate-0", "rotate-90", "rotate-180", "rotate-270", "flip-rotate-0",
                           "flip-rotate-90", "flip-rotate-180", "flip-rotate-270"}) {
    const auto event = through(std::string("title=Jane,image-orientation=") + turn);
    ASSERT_NE(event, nullptr) << turn;
    GstTagList* tags = nullptr;
    gst_event_parse_tag(event.get(), &tags);
    EXPECT_EQ(gst_tag_list_n_tags(tags), 1);
    const gchar* text = nullptr;
    ASSERT_TRUE(gst_tag_list_peek_string_index(tags, GST_TAG_IMAGE_ORIENTATION, 0, &text));
    EXPECT_STREQ(text, turn);
  }
  EXPECT_EQ(through("image-orientation=Jane"), nullptr) << "text that is no turn";
}

TEST_P(Beside, ChaptersAndCollectionsAreDropped) {
  GstToc* toc = gst_toc_new(GST_TOC_SCOPE_GLOBAL);
  EXPECT_EQ(through(gst_event_new_toc(toc, FALSE)), nullptr);
  gst_toc_unref(toc);
  GstStreamCollection* all = gst_stream_collection_new("x");
  EXPECT_EQ(through(gst_event_new_stream_collection(all)), nullptr);
  gst_object_unref(all);
  GstMessage* message = gst_message_new_element(nullptr, gst_structure_new_empty("Jane"));
  EXPECT_EQ(through(gst_event_new_sink_message("Jane", message)), nullptr);
  gst_message_unref(message);
}

TEST_P(Beside, TheStreamsOwnTagsAreTakenOffItsBeginning) {
  GstEvent* start = gst_event_new_stream_start("an id");
  gst_event_set_group_id(start, 77);
  gst_event_set_stream_flags(start, GST_STREAM_FLAG_SPARSE);
  GstStream* stream = gst_stream_new("an id", nullptr, GST_STREAM_TYPE_VIDEO, GST_STREAM_FLAG_SPARSE);
  gst_event_set_stream(start, stream);
  const auto passed = through(start);
  ASSERT_NE(passed, nullptr);
  const gchar* id = nullptr;
  guint group = 0;
  GstStreamFlags flags = GST_STREAM_FLAG_NONE;
  GstStream* left = nullptr;
  gst_event_parse_stream_start(passed.get(), &id);
  gst_event_parse_group_id(passed.get(), &group);
  gst_event_parse_stream_flags(passed.get(), &flags);
  gst_event_parse_stream(passed.get(), &left);
  EXPECT_STREQ(id, "an id");
  EXPECT_EQ(group, 77U);
  EXPECT_EQ(flags, GST_STREAM_FLAG_SPARSE);
  EXPECT_EQ(left, nullptr);
  gst_object_unref(stream);
}

TEST_P(Beside, EventsOfOthersAreDroppedButForKeyFramesAndStills) {
  const auto of_type = [](GstEventType kind, const char* name) {
    return gst_event_new_custom(kind, gst_structure_new(name, "who", G_TYPE_STRING, "Jane", nullptr));
  };
  for (const auto kind :
       {GST_EVENT_CUSTOM_DOWNSTREAM, GST_EVENT_CUSTOM_DOWNSTREAM_OOB, GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
        GST_EVENT_CUSTOM_BOTH, GST_EVENT_CUSTOM_BOTH_OOB}) {
    EXPECT_EQ(through(of_type(kind, "patient")), nullptr) << kind;
    EXPECT_EQ(through(of_type(kind, "GstForceKeyUnit")), nullptr) << "a harmless name with a text in it";
  }
  EXPECT_NE(through(gst_video_event_new_downstream_force_key_unit(0, 0, 0, TRUE, 1)), nullptr);
  EXPECT_NE(through(gst_video_event_new_still_frame(TRUE)), nullptr);
  EXPECT_NE(through(gst_event_new_gap(0, 1)), nullptr);
}

TEST_P(Beside, EverythingPassesWhenTold) {
  begin("keep", nullptr);
  for (const char* tags : naming)
    for (const GstTagScope scope : {GST_TAG_SCOPE_STREAM, GST_TAG_SCOPE_GLOBAL}) {
      const auto event = through(tags, scope);
      ASSERT_NE(event, nullptr) << tags;
      GstTagList* passed = nullptr;
      gst_event_parse_tag(event.get(), &passed);
      const Ref<GstTagList> sent(list_from(tags, scope));
      EXPECT_TRUE(gst_tag_list_is_equal(passed, sent.get())) << tags;
    }
  GstToc* toc = gst_toc_new(GST_TOC_SCOPE_GLOBAL);
  EXPECT_NE(through(gst_event_new_toc(toc, FALSE)), nullptr);
  gst_toc_unref(toc);
  EXPECT_NE(through(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty("Jane"))),
            nullptr);
}

TEST_P(Beside, NothingIsSaidOfFacesThatAreNotSynthetic) {
  send_frame();
  while (const scrub::EventPtr event = next())
    EXPECT_NE(GST_EVENT_TYPE(event.get()), GST_EVENT_TAG);
}

TEST_P(Beside, TheNoteIsSaidOnceBeforeTheFirstFrame) {
  for (const char* tags : {"drop", "keep"}) {
    begin(tags, synthetic_note);
    EXPECT_EQ(notes(), 0) << "no frame has come yet";
    GstBuffer* in = frame();
    ASSERT_EQ(bench_->push(in), GST_FLOW_OK);
    EXPECT_EQ(notes(), 1);
    for (int i = 0; i < 3; ++i)
      send_frame();
    bench_->caps("I420", 64, 48);
    send_frame();
    bench_->caps("GRAY8", 64, 48);
    ASSERT_EQ(bench_->push(test::stamped_frame(test::video_info("GRAY8", 64, 48), {})), GST_FLOW_OK);
    EXPECT_EQ(notes(), 0) << "frames, and another format, ask for no second note";
  }
}

TEST_P(Beside, TheNoteIsSaidAgainAfterAFlushANewStreamAndARestart) {
  begin("", synthetic_note);
  send_frame();
  EXPECT_EQ(notes(), 1);
  const auto segment = [&] {
    GstSegment time;
    gst_segment_init(&time, GST_FORMAT_TIME);
    gst_harness_push_event(bench_->harness.get(), gst_event_new_segment(&time));
  };
  gst_harness_push_event(bench_->harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(bench_->harness.get(), gst_event_new_flush_stop(TRUE));
  segment();
  send_frame();
  EXPECT_EQ(notes(), 1) << "a flush, as of a seek";
  gst_harness_push_event(bench_->harness.get(), gst_event_new_stream_start("another"));
  bench_->caps("I420", 64, 48);
  segment();
  send_frame();
  EXPECT_EQ(notes(), 1) << "another stream";
  gst_element_set_state(bench_->element, GST_STATE_READY);
  gst_element_set_state(bench_->element, GST_STATE_PLAYING);
  gst_harness_play(bench_->harness.get());
  gst_harness_push_event(bench_->harness.get(), gst_event_new_stream_start("third"));
  bench_->caps("I420", 64, 48);
  segment();
  send_frame();
  EXPECT_EQ(notes(), 1) << "stopped and started";
}

TEST_P(Beside, LaterTagsDoNotTakeTheNotesPlace) {
  begin("", synthetic_note);
  send_frame();
  EXPECT_EQ(notes(), 1);
  const auto event = through("comment=Jane,title=Jane,image-orientation=rotate-90");
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(comments_of(event.get()), std::vector<std::string>{synthetic_note});
  EXPECT_EQ(through("title=Jane"), nullptr);
  GstPad* pad = gst_element_get_static_pad(bench_->element, "src");
  const scrub::EventPtr sticky(gst_pad_get_sticky_event(pad, GST_EVENT_TAG, 0));
  const scrub::EventPtr second(gst_pad_get_sticky_event(pad, GST_EVENT_TAG, 1));
  gst_object_unref(pad);
  ASSERT_NE(sticky, nullptr) << "who is linked later hears it";
  EXPECT_EQ(comments_of(sticky.get()), std::vector<std::string>{synthetic_note});
  EXPECT_EQ(second, nullptr);
}

TEST_P(Beside, TheTurnSurvivesTheNoteThatIsSaidAfterAFlush) {
  begin("", synthetic_note);
  through("image-orientation=rotate-90");
  send_frame();
  gst_harness_push_event(bench_->harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(bench_->harness.get(), gst_event_new_flush_stop(TRUE));
  drain();
  GstSegment time;
  gst_segment_init(&time, GST_FORMAT_TIME);
  gst_harness_push_event(bench_->harness.get(), gst_event_new_segment(&time));
  send_frame();
  bool turned = false;
  while (const scrub::EventPtr event = next()) {
    GstTagList* tags = nullptr;
    if (scrub::says(event.get(), synthetic_note))
      gst_event_parse_tag(event.get(), &tags);
    turned = turned || (tags != nullptr && gst_tag_list_get_tag_size(tags, GST_TAG_IMAGE_ORIENTATION) == 1);
  }
  EXPECT_TRUE(turned);
}

TEST_P(Beside, KeptCommentsStandBehindTheNote) {
  begin("keep", synthetic_note);
  const auto event = through("comment=\"room 7\",title=Jane");
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(comments_of(event.get()), (std::vector<std::string>{synthetic_note, "room 7"}));
  const auto again = through(scrub::EventPtr(gst_event_ref(event.get())).release());
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(comments_of(again.get()), (std::vector<std::string>{synthetic_note, "room 7"})) << "once";
  GstTagList* tags = nullptr;
  gst_event_parse_tag(again.get(), &tags);
  EXPECT_EQ(gst_tag_list_get_tag_size(tags, GST_TAG_TITLE), 1U);
}

TEST_P(Beside, DropIsTheDefaultAndThePagesSaySo) {
  gint value = -1;
  g_object_get(bench_->element, "tags", &value, nullptr);
  EXPECT_EQ(value, static_cast<int>(cover::Tags::drop));
  for (const char* page : {"facemask", "faceblur", "faceswap"})
    EXPECT_NE(test::read(std::string(DEID_SOURCE_DIR) + "/docs/" + page + ".md").find("\n| tags | drop |"),
              std::string::npos)
        << page;
}

} // namespace
} // namespace deid
