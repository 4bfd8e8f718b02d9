#include "pipelines/deid/run/graph.hpp"
#include <algorithm>
#include <gmock/gmock.h>
#include <gst/gst.h>
#include <gtest/gtest.h>
#include <map>

namespace deid::cli {
namespace {
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

struct Example {
  RunOptions options{};
  Source source{};
  Paths paths{"out.mp4", {}, {}};
  Example() {
    options.method = Method::mask;
    options.inputs = {"in.mp4"};
    options.output = "out.mp4";
    source.file = "in.mp4";
    source.format = "I420";
    source.width = 640;
    source.height = 480;
    source.fps_n = 25;
  }
  Tokens tokens() const { return file_graph(options, source, choose_encoding(options, source, true), paths); }
};

std::ptrdiff_t place(const Tokens& t, const std::string& what) {
  const auto found = std::ranges::find(t, what);
  EXPECT_NE(found, t.end()) << what;
  return found - t.begin();
}

TEST(Graph, OnlyUniqueNamesAreUsed) {
  Example e;
  for (const auto& [method, element] : std::map<Method, const char*>{{Method::swap, "deidfaceswap"},
                                                                     {Method::mask, "deidfacemask"},
                                                                     {Method::blur, "deidfaceblur"},
                                                                     {Method::pixelate, "deidfaceblur"}}) {
    e.options.method = method;
    const Tokens t = e.tokens();
    EXPECT_THAT(t, Contains("deidfacedetect"));
    EXPECT_THAT(t, Contains(element));
    for (const char* shadowed : {"facedetect", "faceblur", "facemask", "faceswap"})
      EXPECT_THAT(t, Not(Contains(shadowed)));
  }
}

TEST(Graph, PicturesAreUprightBeforeDetectionAndNothingIsConverted) {
  const Tokens t = Example().tokens();
  EXPECT_LT(place(t, "videoflip"), place(t, "deidfacedetect"));
  EXPECT_LT(place(t, "deidfacedetect"), place(t, "deidfacemask"));
  EXPECT_LT(place(t, "deidfacemask"), place(t, "x264enc"));
  EXPECT_THAT(t, Not(Contains("videoconvert")));
}

TEST(Graph, EachStageHasAThreadOfItsOwn) {
  Example e;
  e.paths.measure = "m.json";
  const Tokens t = e.tokens();
  const auto first = [&](auto from, const char* what) { return std::find(from, t.end(), what); };
  auto at = t.begin();
  for (const char* stage : {"deidposedetect", "deidfacedetect", "deidfacemask", "deididentitymeter",
                            "deidposedetect", "x264enc"}) {
    const auto next = first(at, stage), thread = first(at, "queue");
    ASSERT_NE(next, t.end()) << stage;
    EXPECT_LT(thread - t.begin(), next - t.begin()) << "no queue before " << stage;
    at = next + 1;
  }
}

TEST(Graph, ConversionStandsBeforeDetection) {
  Example e;
  e.source.format = "Y42B";
  const Tokens t = e.tokens();
  EXPECT_LT(place(t, "videoconvert"), place(t, "deidfacedetect"));
}

TEST(Graph, NoSoundUnlessAsked) {
  Example e;
  e.source.audio_streams = 1;
  EXPECT_THAT(e.tokens(), Not(Contains("audio/x-raw")));
  e.options.keep_audio = true;
  EXPECT_THAT(e.tokens(), Contains("audio/x-raw"));
  e.source.audio_streams = 0;
  EXPECT_THAT(e.tokens(), Not(Contains("audio/x-raw")));
}

TEST(Graph, OptionsReachTheirElements) {
  Example e;
  e.options.method = Method::pixelate;
  e.options.shape = "head";
  e.options.margin = "0.25";
  e.options.strength = "2";
  e.options.lookahead = "7";
  e.options.hold_time = "500";
  e.options.device = "AUTO";
  e.options.on_doubt = "error";
  e.options.settings = {
      {"facedetect", "threshold", "0.3"}, {"encoder", "threads", "1"}, {"cover", "margin", "0.5"}};
  e.paths.audit = "a.jsonl";
  const Tokens t = e.tokens();
  const auto detect = place(t, "deidfacedetect"), cover = place(t, "deidfaceblur"),
             encoder = place(t, "x264enc");
  for (const char* p : {"lookahead=7", "hold-time=500", "device=AUTO", "threshold=0.3"})
    EXPECT_TRUE(place(t, p) > detect && place(t, p) < cover) << p;
  for (const char* p : {"mode=pixelate", "shape=head", "margin=0.25", "strength=2", "on-doubt=error",
                        "audit=a.jsonl", "margin=0.5"})
    EXPECT_TRUE(place(t, p) > cover && place(t, p) < encoder) << p;
  EXPECT_GT(place(t, "threads=1"), encoder);
}

TEST(Graph, OptionsOfTheSwapReachIt) {
  Example e;
  e.options.method = Method::swap;
  e.options.target_bank = "faces";
  e.options.geometry = "0.5";
  e.options.assign = "largest";
  e.options.device = "GPU.1";
  const Tokens t = e.tokens();
  const auto swap = place(t, "deidfaceswap"), encoder = place(t, "x264enc");
  for (const char* p : {"target-bank=faces", "geometry=0.5", "geometry-auto=false", "assign=largest"})
    EXPECT_TRUE(place(t, p) > swap && place(t, p) < encoder) << p;
  EXPECT_EQ(std::count(t.begin(), t.end(), "device=GPU.1"), 2) << "the detector's and the swap's";
  e.options.geometry = "auto";
  EXPECT_THAT(e.tokens(), Contains("geometry-auto=true"));
  EXPECT_THAT(t, Not(Contains("mode=average")));
}

TEST(Graph, AModelTakesItsEngine) {
  Example e;
  e.options.method = Method::swap;
  EXPECT_THAT(e.tokens(), Not(Contains("engine=autoencoder")));
  e.options.model = "patient.deidae";
  const Tokens t = e.tokens();
  EXPECT_EQ(place(t, "engine=autoencoder"), place(t, "model=patient.deidae") - 1);
  EXPECT_GT(place(t, "model=patient.deidae"), place(t, "deidfaceswap"));
  EXPECT_LT(place(t, "model=patient.deidae"), place(t, "x264enc"));
}

TEST(Graph, TheMeterKnowsWhatTheSwapWears) {
  Example e;
  e.paths.measure = "m.json";
  e.options.target_bank = "faces";
  for (const Method method : {Method::mask, Method::blur}) {
    e.options.method = method; // they have no target
    EXPECT_THAT(e.tokens(), Not(Contains("target=faces")));
  }
  e.options.method = Method::swap;
  const Tokens bank = e.tokens();
  EXPECT_EQ(place(bank, "target=faces"), place(bank, std::string("name=") + role::identity) + 1);
  e.options.target_bank.reset();
  for (const std::string& token : e.tokens())
    EXPECT_FALSE(token.starts_with("target=")) << token; // the bank of set-up
  e.options.target = "nobody.json";
  EXPECT_THAT(e.tokens(), Contains("target=\"nobody.json:\""));
  e.options.model = "patient.deidae";
  EXPECT_THAT(e.tokens(), Contains("target=\"patient.deidae:nobody.json:\""));
}

TEST(Graph, TheCoverAloneSaysThatFacesAreSynthetic) {
  Example e;
  for (const Method method : {Method::swap, Method::mask, Method::blur, Method::pixelate}) {
    e.options.method = method;
    EXPECT_THAT(e.tokens(), Not(Contains("taginject")));
  }
}

TEST(Graph, KeptSoundIsScrubbedBeforeItMeetsTheMuxer) {
  Example e;
  e.options.keep_audio = true;
  EXPECT_THAT(e.tokens(), Not(Contains("deidscrub"))) << "the source has no sound";
  e.source.audio_streams = 1;
  const Tokens t = e.tokens();
  EXPECT_GT(place(t, "deidscrub"), place(t, "audio/x-raw"));
  EXPECT_LT(place(t, "deidscrub"), place(t, "avenc_aac"));
}

TEST(Graph, TheLabelIsDrawnAfterTheCover) {
  Example e;
  EXPECT_THAT(e.tokens(), Not(Contains("textoverlay")));
  e.options.label = "synthetic face";
  const Tokens t = e.tokens();
  EXPECT_GT(place(t, "textoverlay"), place(t, "deidfacemask"));
  EXPECT_LT(place(t, "textoverlay"), place(t, "x264enc"));
  EXPECT_THAT(t, Contains("text=\"synthetic face\""));
}

TEST(Graph, WithoutOptionsTheElementsDecide) {
  for (const std::string& token : Example().tokens())
    EXPECT_FALSE(token.starts_with("lookahead=") || token.starts_with("shape=") ||
                 token.starts_with("on-doubt="))
        << token;
}

TEST(Graph, SideBySideHasTheOriginalBeforeDetection) {
  Example e;
  e.paths.side_by_side = "s.mp4";
  const Tokens t = e.tokens();
  EXPECT_LT(place(t, "name=original"), place(t, "deidfacedetect"));
  EXPECT_GT(place(t, "name=covered"), place(t, "deidfacemask"));
  EXPECT_EQ(std::ranges::count(t, "decodebin"), 1);
}

TEST(Graph, LiveLeavesTheDelayToTheElementAndDropsBeforeDetection) {
  Example e;
  e.options.inputs.clear();
  e.options.camera = "/dev/video0";
  e.options.preview = true;
  const Source s = live_source(e.options);
  const Tokens t = live_graph(e.options, choose_encoding(e.options, s, true), e.paths);
  EXPECT_THAT(t, Not(Contains(HasSubstr("lookahead="))))
      << "the element chooses a delay that an exam can bear";
  EXPECT_LT(place(t, "leaky=downstream"), place(t, "deidfacedetect"));
  EXPECT_THAT(t, Contains("autovideosink"));
  EXPECT_THAT(t, Contains("tune=zerolatency"));
}

TEST(Graph, LivePreviewAloneWritesNothing) {
  Example e;
  e.options.camera = "test";
  e.options.preview = true;
  EXPECT_THAT(live_graph(e.options, {}, {}), Not(Contains("filesink")));
}

TEST(Graph, ShellLineQuotesWhatAShellWouldEat) {
  const std::string line =
      shell_line({"filesrc", property("location", "/a b/it's $(x) \"q\".mp4"), "!", "fakesink"});
  EXPECT_EQ(line, "gst-launch-1.0 -e filesrc 'location=\"/a b/it'\\''s $(x) \\\"q\\\".mp4\"' ! fakesink");
}

TEST(Graph, AnyFileNameReachesTheElement) {
  gst_init(nullptr, nullptr);
  for (const std::string name : {"/plain", "/a b", "/it's", "/a\"b", "/a\\b", "/a!b", "/a(b)", "/ü;{x}",
                                 "/a=b,c", "/tab\there", "/a ! fakesink"}) {
    const std::string location = property("location", name);
    const char* argv[] = {"filesrc", "name=f", location.c_str(), "!", "fakesink", nullptr};
    GError* error = nullptr;
    GstElement* pipeline = gst_parse_launchv_full(argv, nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
    ASSERT_EQ(error, nullptr) << name << ": " << error->message;
    GstElement* source = gst_bin_get_by_name(GST_BIN(pipeline), "f");
    gchar* got = nullptr;
    g_object_get(source, "location", &got, nullptr);
    EXPECT_STREQ(got, name.c_str());
    g_free(got);
    gst_object_unref(source);
    gst_object_unref(pipeline);
  }
}

} // namespace
} // namespace deid::cli
