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
