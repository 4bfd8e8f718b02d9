// Texts for people: summary, progress, doctor.
#include "pipelines/deid/doctor.hpp"
#include "pipelines/deid/run/progress.hpp"
#include "pipelines/deid/run/summary.hpp"
#include "tests/pipelines/clip.hpp"
#include <set>

namespace deid::test {
namespace {
using Json = nlohmann::ordered_json;

TEST(Summary, SaysWhatWasFoundAndCovered) {
  cli::Summary s;
  s.output = "out.mp4";
  s.method = "mask";
  s.frames = 100;
  s.seconds = 4;
  s.cpu_seconds = 2;
  s.detect = Json{{"faces", 90}, {"detected", 20}, {"tracked", 60}, {"held", 7}, {"backfilled", 3}};
  s.cover = Json{{"frames", 100},       {"faces", 90},         {"frames-covered", 2},
                 {"frames-dropped", 1}, {"doubt-no-stamp", 2}, {"doubt-other", 0}};
  const std::string text = cli::to_text(s);
  for (const char* part : {"100 frames", "25.0 fps", "20.0 ms CPU", "20 detected", "60 tracked", "7 held",
                           "3 backfilled", "2 whole frames", "2 frames of doubt-no-stamp", "sound: left out"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  EXPECT_EQ(text.find("doubt-other"), std::string::npos);
  EXPECT_EQ(s.frames_dropped(), 1U);
  EXPECT_EQ(cli::to_json(s)["cover"]["faces"], 90);
}

TEST(Summary, MissingCountersAreNoError) {
  const cli::Summary s;
  EXPECT_EQ(s.frames_dropped(), 0U);
  EXPECT_FALSE(cli::to_text(s).empty());
  EXPECT_EQ(cli::Summary::count(Json{{"faces", "many"}}, "faces"), 0U);
  EXPECT_EQ(cli::Summary::count(Json{{"faces", -1}}, "faces"), 0U);
}

/// An element whose property stats is a structure with fields of many types.
GstElement* element_with_stats() {
  gst_init(nullptr, nullptr);
  static const GType type = g_type_register_static_simple(
      GST_TYPE_ELEMENT, "TestOfStats", sizeof(GstElementClass),
      [](gpointer klass, gpointer) {
        G_OBJECT_CLASS(klass)->get_property = [](GObject*, guint, GValue* value, GParamSpec*) {
          g_value_take_boxed(value, gst_structure_new("stats", "int", G_TYPE_INT, -3, "uint", G_TYPE_UINT,
                                                      4000000000U, "uint64", G_TYPE_UINT64,
                                                      G_GUINT64_CONSTANT(5), "flag", G_TYPE_BOOLEAN, TRUE,
                                                      "float", G_TYPE_FLOAT, .5, "double", G_TYPE_DOUBLE, .1,
                                                      "text", G_TYPE_STRING, "a", "no-text", G_TYPE_STRING,
                                                      nullptr, "bin", GST_TYPE_ELEMENT, nullptr, nullptr));
        };
        g_object_class_install_property(
            G_OBJECT_CLASS(klass), 1,
            g_param_spec_boxed("stats", "Stats", "Counters", GST_TYPE_STRUCTURE, G_PARAM_READABLE));
      },
      sizeof(GstElement), nullptr, static_cast<GTypeFlags>(0));
  return GST_ELEMENT(gst_object_ref_sink(g_object_new(type, nullptr)));
}

TEST(Summary, NumbersAndTextsOfStatsAreRead) {
  const Ref<GstElement> element(element_with_stats());
  const Json json = cli::read_stats(element.get());
  EXPECT_EQ(json, Json::parse(R"({"int": -3, "uint": 4000000000, "uint64": 5, "flag": 1, "float": 0.5,
                                  "double": 0.1, "text": "a", "no-text": ""})"));
  EXPECT_TRUE(json["uint64"].is_number_integer());
  EXPECT_TRUE(json["float"].is_number_float());
}

TEST(Summary, AnElementWithoutStatsHasNone) {
  gst_init(nullptr, nullptr);
  const Ref<GstElement> element(
      GST_ELEMENT(gst_object_ref_sink(gst_element_factory_make("fakesink", nullptr))));
  const Json json = cli::read_stats(element.get());
  EXPECT_TRUE(json.is_object());
}

TEST(Summary, OriginalFacesAreNamedAsSuch) {
  cli::Summary s;
  s.side_by_side = "s.mp4";
  EXPECT_NE(cli::to_text(s).find("ORIGINAL faces"), std::string::npos);
  s.audio = "kept";
  EXPECT_NE(cli::to_text(s).find("KEPT"), std::string::npos);
}

TEST(Progress, LineHasShareRateAndTimeLeft) {
  const std::string line = cli::progress_line("a.mp4", 50, 2.0, 0.25, true);
  for (const char* part : {"a.mp4", "######", "25 %", "25.0 fps", "6 s left"})
    EXPECT_NE(line.find(part), std::string::npos) << part << ": " << line;
  EXPECT_NE(cli::progress_line("cam", 50, 2.0, 0, false).find("50 frames"), std::string::npos);
  EXPECT_EQ(cli::human_time(185), "3 min 05 s");
  EXPECT_EQ(cli::human_time(3720), "1 h 02 min");
}

struct DoctorTest : ClipTest {};

TEST_F(DoctorTest, EveryElementOfTheGraphsIsLookedFor) {
  std::set<std::string> known;
  for (const auto& need : cli::needs()) {
    EXPECT_NE(std::string(need.package), "");
    known.insert(need.element);
  }
  for (const char* element :
       {"decodebin", "videoflip", "videoconvert", "x264enc", "openh264enc", "vp8enc", "jpegenc", "avenc_ffv1",
        "mp4mux", "matroskamux", "webmmux", "avimux", "qtmux", "compositor", "opusenc", "avenc_aac"})
    EXPECT_TRUE(known.contains(element)) << element;
}

TEST_F(DoctorTest, EveryProblemComesWithACommand) {
  for (const auto& finding : cli::examine()) {
    EXPECT_NE(finding.what, "");
    EXPECT_EQ(finding.good, finding.mend.empty()) << finding.what;
  }
}

TEST_F(DoctorTest, MissingPluginIsEssential) {
  // the test program has no plugin beside it
  bool said = false;
  for (const auto& finding : cli::examine())
    said = said ||
           (!finding.good && finding.essential && finding.what.find("libgstdeid.so") != std::string::npos);
  EXPECT_TRUE(said);
}

} // namespace
} // namespace deid::test
