// The graph of `deid evaluate`, as text.
#include "pipelines/deid/command_line.hpp"
#include "pipelines/deid/evaluate/graph.hpp"
#include "pipelines/deid/failure.hpp"
#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::cli {
namespace {
using ::testing::HasSubstr;
using ::testing::Not;

std::string line(const EvaluateOptions& options, const std::vector<std::string>& methods) {
  Source source;
  source.file = "in.mp4";
  source.format = "I420";
  source.width = 640;
  source.height = 480;
  source.fps_n = 25;
  return shell_line(evaluate_graph(options, source, methods, "work", true));
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size())
    ++n;
  return n;
}

TEST(EvaluateGraph, LooksAtTheOriginalOnce) {
  const std::string all = line({}, {"swap", "mask", reencoded});
  EXPECT_EQ(count(all, "decodebin"), 1U);
  EXPECT_EQ(count(all, "stage=original"), 2U); // keypoints and descriptors
  EXPECT_EQ(count(all, "deidoksmeter"), 3U);
  EXPECT_EQ(count(all, "deididentitymeter"), 3U); // re-encoding hides no faces
  EXPECT_EQ(count(all, "stage=deidentified"), 3U);
  EXPECT_THAT(all, HasSubstr("audit=work/swap.audit.jsonl"));
  EXPECT_THAT(all, HasSubstr("raw=work/mask.identity.jsonl"));
  EXPECT_THAT(all, Not(HasSubstr("filesink"))); // no picture is written
}

TEST(EvaluateGraph, OptionsReachTheElements) {
  EvaluateOptions o;
  o.face = false;
  o.interval = 5;
  o.target = "a b.json";
  const std::string all = line(o, {"swap"});
  EXPECT_EQ(count(all, "deidfacedetect"), 1U);
  EXPECT_EQ(count(all, "interval=5"), 2U);
  EXPECT_THAT(all, HasSubstr("a b.json"));
  o.settings = {"cover.eyes=target", "facedetect.threshold=0.4"};
  const std::string set = line(o, {"swap", "mask"});
  EXPECT_EQ(count(set, "eyes=target"), 1U); // a mask has no such property
  EXPECT_EQ(count(set, "threshold=0.4"), 1U);
  o.settings = {"encoder.bitrate=1"};
  EXPECT_THROW(line(o, {"swap"}), Failure);
  EXPECT_THAT(line({}, {"pixelate"}), HasSubstr("mode=pixelate"));
}

TEST(EvaluateGraph, TenFramesASecondAreDescribedUnlessAllAreAskedFor) {
  EXPECT_EQ(count(line({}, {"mask"}), "interval=3"), 2U); // of 25 a second
  EvaluateOptions o;
  o.interval = 1;
  EXPECT_EQ(count(line(o, {"mask"}), "interval=1"), 2U);
}

TEST(EvaluateGraph, AModelTakesItsEngineAndFacesForTheOthers) {
  // faceswap refuses a model without the engine
  EXPECT_THAT(line({}, {"autoencoder:x/m.deidae"}),
              HasSubstr("engine=autoencoder model=x/m.deidae name=cover-autoencoder"));
  EvaluateOptions o;
  o.target_bank = "faces";
  o.settings = {"cover.eyes=target"};
  EXPECT_THAT(line(o, {"autoencoder:x/m.deidae"}),
              HasSubstr("engine=autoencoder model=x/m.deidae target-bank=faces eyes=target name="));
  EXPECT_THAT(line({}, {"swap"}), Not(HasSubstr("engine=")));
}

TEST(EvaluateGraph, TheMeterKnowsWhatTheSwapWears) {
  EvaluateOptions o;
  EXPECT_EQ(target_of("swap", o), ""); // the bank of set-up
  EXPECT_EQ(target_of("autoencoder:m.deidae", o), "m.deidae:");
  o.target = "auto";
  EXPECT_EQ(target_of("swap", o), "");
  EXPECT_EQ(target_of("autoencoder:m.deidae", o), "m.deidae:auto:");
  o.target = "a.json:b.json";
  EXPECT_EQ(target_of("swap", o), "a.json:b.json:");
  EXPECT_EQ(target_of("mask", o), "");
  EXPECT_EQ(count(line(o, {"swap", "mask"}), "\"a.json:b.json:\""), 1U);
  o = {};
  o.target_bank = "faces";
  EXPECT_EQ(target_of("swap", o), "faces");
  EXPECT_EQ(target_of("autoencoder:m.deidae", o), "m.deidae:faces:");
  EXPECT_THAT(line(o, {"swap"}), HasSubstr("raw=work/swap.identity.jsonl target=faces interval="));
  o.settings = {"cover.target-bank=others", "facedetect.target=x"};
  EXPECT_EQ(target_of("swap", o), "others");
  o.settings = {"cover.passphrase-file=secret"};
  EXPECT_EQ(target_of("autoencoder:m.deidae", o), "faces:"); // the model could not be opened
}

TEST(EvaluateGraph, TheCommandLineIsRead) {
  const std::array words{"deid",  "evaluate",       "a.mp4",     "b",       "--out",
                         "o",     "--methods",      "swap,mask", "--set",   "cover.eyes=target",
                         "--set", "facedetect.x=1", "--people",  "who.csv", "--interval",
                         "3",     "--no-face"};
  const Parsed p = parse_options(static_cast<int>(words.size()), words.data());
  ASSERT_EQ(p.command, Command::evaluate) << p.text;
  EXPECT_EQ(p.evaluate.originals, (std::vector<std::filesystem::path>{"a.mp4", "b"}));
  EXPECT_EQ(p.evaluate.methods, (std::vector<std::string>{"swap", "mask"}));
  EXPECT_EQ(p.evaluate.settings, (std::vector<std::string>{"cover.eyes=target", "facedetect.x=1"}));
  EXPECT_EQ(p.evaluate.people, "who.csv");
  EXPECT_EQ(p.evaluate.interval, 3);
  EXPECT_FALSE(p.evaluate.face);
  EXPECT_TRUE(p.evaluate.leaks);
  EXPECT_FALSE(p.evaluate.include_originals);
}

TEST(EvaluateGraph, NoOptionIsOfferedThatMeansItsOpposite) {
  for (const char* command : {"evaluate", "measure"}) {
    const std::array words{"deid", command, "--help"};
    const std::string help = parse_options(static_cast<int>(words.size()), words.data()).text;
    EXPECT_THAT(help, HasSubstr("--no-face"));
    for (const char* opposite : {" --face", ",--face", " --leaks", ",--leaks"})
      EXPECT_THAT(help, Not(HasSubstr(opposite)));
  }
  const std::array words{"deid", "evaluate", "a.mp4", "--out", "o", "--no-leaks"};
  EXPECT_FALSE(parse_options(static_cast<int>(words.size()), words.data()).evaluate.leaks);
}

TEST(EvaluateGraph, RefusesMethodsThatAreNone) {
  for (const char* wrong : {"", "vanish", "autoencoder", "autoencoder:", "swap:x"})
    EXPECT_THROW(static_cast<void>(cover_of(wrong, {})), Failure) << wrong;
  EXPECT_EQ(name_of("autoencoder:x/m"), "autoencoder");
  EXPECT_EQ(name_of("mask"), "mask");
}

} // namespace
} // namespace deid::cli
