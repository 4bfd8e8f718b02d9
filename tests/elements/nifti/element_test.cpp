// niftisrc and niftisink in harnesses: exact bytes, caps, the end of the stream, and refusals that leave no
// file.
#include "elements/nifti/gstniftisink.hpp"
#include "elements/nifti/gstniftisrc.hpp"
#include "elements/volume/nifti/reader.hpp"
#include "elements/volume/volume_buffer.hpp"
#include "tests/elements/base/gst_support.hpp"
#include "tests/elements/nifti/made.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::nifti {
namespace {

namespace fs = std::filesystem;
using namespace test;
using deid::test::bytes;
using testing::HasSubstr;

/// An element alone in a harness that has one pad of its own; its bus keeps its messages.
struct One {
  One(GType type, const char* sink, const char* src, const fs::path& location, int compression = 0)
      : element(GST_ELEMENT(g_object_new(type, nullptr))) {
    g_object_set(element, "location", location.c_str(), nullptr);
    if (compression != 0)
      g_object_set(element, "compression", compression, nullptr);
    bus.reset(gst_bus_new());
    gst_element_set_bus(element, bus.get());
    harness.reset(gst_harness_new_with_element(element, sink, src));
    gst_object_unref(element);
  }
  ~One() { gst_element_set_bus(element, nullptr); }
  One(const One&) = delete;
  One& operator=(const One&) = delete;

  std::string error() const {
    const Ref<GstMessage> message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
    if (!message)
      return "";
    GError* parsed = nullptr;
    gchar* cause = nullptr;
    gst_message_parse_error(message.get(), &parsed, &cause);
    const Ref<GError> owned(parsed);
    return std::string(parsed->message) + " | " + take_string(cause);
  }

  GstElement* element;
  Ref<GstBus> bus;
  deid::test::Harness harness;
};

class Elements : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  [[nodiscard]] fs::path in(const char* name) const { return scratch_.path() / name; }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(scratch_.path()), {}));
  }
  /// A 4x3x2 volume with the metadata of a NIfTI file.
  static Ref<GstBuffer> volume(const Raw1& raw = {}) {
    const std::string file = single(raw);
    Reading reading = nifti::read(open_memory(std::as_bytes(std::span(file))), nullptr);
    const auto about = reading.volume.about;
    return volume::new_buffer(std::move(reading.volume.voxels),
                              {about, "nifti", to_bytes(reading.header, false)});
  }
  static One sink(const fs::path& location, int compression = 0) {
    return One(gst_deid_nifti_sink_get_type(), "sink", nullptr, location, compression);
  }
  static void set_caps(const One& one, const volume::Description& about) {
    gst_harness_set_src_caps(one.harness.get(), volume::caps_of(about).release());
  }
  deid::test::Scratch scratch_;
};

TEST_F(Elements, TheSourcePushesOneBufferAndEnds) {
  write(in("a.nii.gz"), packed(single()));
  const One one(gst_deid_nifti_src_get_type(), nullptr, "src", in("a.nii.gz"));
  gst_harness_play(one.harness.get());
  const Ref<GstBuffer> buffer(gst_harness_pull(one.harness.get()));
  ASSERT_NE(buffer, nullptr);
  const auto voxels = bytes(buffer.get());
  EXPECT_EQ(std::string(voxels.begin(), voxels.end()), pattern(48));
  EXPECT_EQ(GST_BUFFER_PTS(buffer.get()), 0U);
  ASSERT_NE(volume::find(buffer.get()), nullptr);
  EXPECT_EQ(volume::find(buffer.get())->about.spacing, (std::array{1.0, 2.0, 3.0}));
  const Ref<GstCaps> caps(gst_pad_get_current_caps(one.harness->sinkpad));
  EXPECT_EQ(take_string(gst_caps_to_string(caps.get())),
            "volume/x-raw, format=(string)S16LE, width=(int)4, height=(int)3, depth=(int)2");
  bool ended = false;
  while (GstEvent* event = gst_harness_pull_event(one.harness.get())) {
    ended = GST_EVENT_TYPE(event) == GST_EVENT_EOS;
    gst_event_unref(event);
    if (ended)
      break;
  }
  EXPECT_TRUE(ended);
  EXPECT_EQ(gst_harness_try_pull(one.harness.get()), nullptr);
}

TEST_F(Elements, TheSourceCountsWhatItDropped) {
  Raw1 raw;
  std::memcpy(raw.descrip, "JANE DOE", 8);
  write(in("a.nii"), single(raw));
  const One one(gst_deid_nifti_src_get_type(), nullptr, "src", in("a.nii"));
  gst_harness_play(one.harness.get());
  const Ref<GstBuffer> buffer(gst_harness_pull(one.harness.get()));
  const auto& header = volume::find(buffer.get())->header;
  const std::string kept(reinterpret_cast<const char*>(header.data()), header.size());
  EXPECT_EQ(kept.find("JANE"), std::string::npos);
  GstStructure* stats = nullptr;
  g_object_get(one.element, "stats", &stats, nullptr);
  EXPECT_STREQ(gst_structure_get_string(stats, "dropped-fields"), "descrip");
  guint64 voxels = 0;
  EXPECT_TRUE(gst_structure_get_uint64(stats, "voxels", &voxels));
  EXPECT_EQ(voxels, 24U);
  gst_structure_free(stats);
}

TEST_F(Elements, TheSourceRefusesADamagedFileAndPushesNothing) {
  write(in("a.nii"), single().substr(0, 390));
  const One one(gst_deid_nifti_src_get_type(), nullptr, "src", in("a.nii"));
  gst_harness_play(one.harness.get());
  const Ref<GstMessage> message(
      gst_bus_timed_pop_filtered(one.bus.get(), 10 * GST_SECOND, GST_MESSAGE_ERROR));
  ASSERT_NE(message, nullptr);
  GError* error = nullptr;
  gst_message_parse_error(message.get(), &error, nullptr);
  EXPECT_THAT(error->message, HasSubstr("a.nii cannot be read: it has 38 bytes of voxels"));
  EXPECT_TRUE(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ));
  g_error_free(error);
  EXPECT_EQ(gst_harness_try_pull(one.harness.get()), nullptr);
}

TEST_F(Elements, TheSinkWritesAtTheEndAndNotBefore) {
  Raw1 raw;
  raw.scl_slope = 2;
  One one = sink(in("out.nii"));
  auto buffer = volume(raw);
  set_caps(one, volume::find(buffer.get())->about);
  gst_harness_play(one.harness.get());
  ASSERT_EQ(gst_harness_push(one.harness.get(), buffer.release()), GST_FLOW_OK);
  EXPECT_FALSE(fs::exists(in("out.nii")));
  EXPECT_TRUE(gst_harness_push_event(one.harness.get(), gst_event_new_eos()));
  EXPECT_EQ(one.error(), "");
  EXPECT_EQ(read(in("out.nii")), single(raw));
  EXPECT_EQ(files(), 1U);
}

TEST_F(Elements, TheSinkLeavesNoFileWhenTheStreamDoesNotEnd) {
  {
    One one = sink(in("out.nii.gz"));
    auto buffer = volume();
    set_caps(one, volume::find(buffer.get())->about);
    gst_harness_play(one.harness.get());
    ASSERT_EQ(gst_harness_push(one.harness.get(), buffer.release()), GST_FLOW_OK);
  }
  EXPECT_EQ(files(), 0U);
}

TEST_F(Elements, ASecondVolumeEndsTheSinkWithoutAFile) {
  One one = sink(in("out.nii"));
  auto buffer = volume();
  set_caps(one, volume::find(buffer.get())->about);
  gst_harness_play(one.harness.get());
  ASSERT_EQ(gst_harness_push(one.harness.get(), buffer.release()), GST_FLOW_OK);
  EXPECT_EQ(gst_harness_push(one.harness.get(), volume().release()), GST_FLOW_ERROR);
  EXPECT_THAT(one.error(), HasSubstr("a second volume came"));
  EXPECT_FALSE(gst_harness_push_event(one.harness.get(), gst_event_new_eos()));
  EXPECT_EQ(files(), 0U);
}

TEST_F(Elements, AStreamWithoutAVolumeIsAnError) {
  One one = sink(in("out.nii"));
  set_caps(one, volume::find(volume().get())->about);
  gst_harness_play(one.harness.get());
  EXPECT_FALSE(gst_harness_push_event(one.harness.get(), gst_event_new_eos()));
  EXPECT_THAT(one.error(), HasSubstr("ended without a volume"));
  EXPECT_EQ(files(), 0U);
}

TEST_F(Elements, BuffersThatCannotBeTrustedAreNotWritten) {
  const volume::Attached good = *volume::find(volume().get());
  volume::Attached other = good;
  other.about.slope = 3; // the header says otherwise
  volume::Attached shorter = good;
  shorter.header.resize(3);
  volume::Attached damaged = good;
  damaged.header[42] = std::byte{0xff}; // dim[1]
  damaged.header[43] = std::byte{0xff};
  const std::pair<volume::Attached, const char*> cases[] = {
      {other, "describes another volume"},
      {damaged, "header is damaged: its header states -1 voxels along axis 1"},
      {shorter, "header is too short"}};
  for (const auto& [attached, cause] : cases) {
    One one = sink(in("out.nii"));
    set_caps(one, good.about);
    gst_harness_play(one.harness.get());
    auto buffer = volume();
    volume::attach(buffer.get(), attached);
    EXPECT_EQ(gst_harness_push(one.harness.get(), buffer.release()), GST_FLOW_ERROR);
    EXPECT_THAT(one.error(), HasSubstr(cause));
  }
  One one = sink(in("out.nii"));
  set_caps(one, good.about);
  gst_harness_play(one.harness.get());
  EXPECT_EQ(gst_harness_push(one.harness.get(), gst_buffer_new_allocate(nullptr, 48, nullptr)),
            GST_FLOW_ERROR);
  EXPECT_THAT(one.error(), HasSubstr("no volume metadata"));
  EXPECT_EQ(files(), 0U);
}

TEST_F(Elements, AVolumeOfAnotherSourceGetsAHeader) {
  volume::Description about{.format = volume::Format::f32, .size = {3, 5, 2}, .spacing = {1, 1, 2}};
  about.to_world[2][2] = 2;
  about.oriented = true;
  auto buffer = volume::new_buffer(std::vector<std::byte>(about.bytes(), std::byte{1}), {about, "", {}});
  One one = sink(in("out.nii.gz"), 9);
  set_caps(one, about);
  gst_harness_play(one.harness.get());
  ASSERT_EQ(gst_harness_push(one.harness.get(), buffer.release()), GST_FLOW_OK);
  EXPECT_TRUE(gst_harness_push_event(one.harness.get(), gst_event_new_eos()));
  const Reading back = read_file(in("out.nii.gz"));
  EXPECT_EQ(back.volume.about, about);
  EXPECT_EQ(back.volume.voxels, std::vector<std::byte>(about.bytes(), std::byte{1}));
}

TEST_F(Elements, PlacesWhereNothingCanBeWrittenAreRefused) {
  const auto refuse = [](const fs::path& location) {
    GstElement* element =
        GST_ELEMENT(gst_object_ref_sink(g_object_new(gst_deid_nifti_sink_get_type(), nullptr)));
    if (!location.empty())
      g_object_set(element, "location", location.c_str(), nullptr);
    const auto result = gst_element_set_state(element, GST_STATE_PAUSED);
    gst_element_set_state(element, GST_STATE_NULL);
    gst_object_unref(element);
    return result == GST_STATE_CHANGE_FAILURE;
  };
  EXPECT_TRUE(refuse(""));
  EXPECT_TRUE(refuse(in("out.dcm")));
  EXPECT_FALSE(refuse(in("out.nii")));
  One one = sink(in("no/such/folder.nii"));
  auto buffer = volume();
  set_caps(one, volume::find(buffer.get())->about);
  gst_harness_play(one.harness.get());
  EXPECT_EQ(gst_harness_push(one.harness.get(), buffer.release()), GST_FLOW_ERROR);
  EXPECT_THAT(one.error(), HasSubstr("cannot be made"));
}

TEST_F(Elements, CompressionHasARange) {
  GstElement* element =
      GST_ELEMENT(gst_object_ref_sink(g_object_new(gst_deid_nifti_sink_get_type(), nullptr)));
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), "compression");
  ASSERT_NE(spec, nullptr);
  EXPECT_EQ(G_PARAM_SPEC_INT(spec)->minimum, 1);
  EXPECT_EQ(G_PARAM_SPEC_INT(spec)->maximum, 9);
  EXPECT_EQ(G_PARAM_SPEC_INT(spec)->default_value, 6);
  gst_object_unref(element);
}

} // namespace
} // namespace deid::nifti
