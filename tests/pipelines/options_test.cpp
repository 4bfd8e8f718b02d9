#include "pipelines/deid/command_line.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/facts.hpp"
#include <gtest/gtest.h>

namespace deid::cli {
namespace {

Parsed parse(std::vector<const char*> args) {
  args.insert(args.begin(), "deid");
  return parse_options(static_cast<int>(args.size()), args.data());
}

TEST(Options, DefaultsLeaveTheElementsAlone) {
  const Parsed p = parse({"run", "in.mp4", "-o", "out.mp4"});
  ASSERT_EQ(p.command, Command::run);
  EXPECT_EQ(p.run.method, Method::swap);
  EXPECT_TRUE(p.run.label.empty());
  EXPECT_EQ(p.run.stall_after, 120);
  EXPECT_FALSE(p.run.shape || p.run.margin || p.run.lookahead || p.run.hold_time || p.run.on_doubt ||
               p.run.codec);
  EXPECT_FALSE(p.run.keep_audio);
  EXPECT_EQ(p.run.crf, 23);
  EXPECT_EQ(p.run.inputs, (std::vector<std::filesystem::path>{"in.mp4"}));
}

TEST(Options, ARunFromAReviewNamesItsOutputAlone) {
  EXPECT_EQ(parse({"run", "--from", "/proc/self/exe", "-o", "out.mp4"}).command, Command::run);
  EXPECT_EQ(parse({"run", "--from", "/proc/self/exe"}).exit_code, exit_usage);
  EXPECT_EQ(parse({"run", "--from", "/proc/self/exe", "-o", "o", "a.mp4", "b.mp4"}).exit_code, exit_usage);
  EXPECT_EQ(parse({"run", "--from", "/proc/self/exe", "-o", "o", "--camera", "test"}).exit_code, exit_usage);
  EXPECT_EQ(parse({"run", "--from", "no such file", "-o", "o"}).exit_code, exit_usage);
}

TEST(Options, ABookOfSubjectsBelongsToASwapOfASubject) {
  const auto code = [](std::vector<const char*> more) {
    std::vector<const char*> all{"run", "a.mp4", "-o", "o.mp4"};
    all.insert(all.end(), more.begin(), more.end());
    return parse(all).exit_code;
  };
  const std::vector<const char*> fine{"--subjects", "b", "--subject", "P1"};
  EXPECT_NE(code(fine), exit_usage);
  EXPECT_EQ(code({"--subject", "P1"}), exit_usage);
  EXPECT_EQ(code({"--subjects", "b"}), exit_usage);
  EXPECT_EQ(code({"--subjects", "b", "--subject", "a\nb"}), exit_usage);
  for (const std::vector<const char*>& wrong :
       {std::vector<const char*>{"--target", "t"}, {"--geometry", "0.5"}, {"--model", "m"}, {"-m", "mask"}}) {
    std::vector<const char*> all = fine;
    all.insert(all.end(), wrong.begin(), wrong.end());
    EXPECT_EQ(code(all), exit_usage) << wrong.front();
  }
}

TEST(Options, ADeviceIsOneThatTheEngineKnows) {
  for (const char* device : {"CPU", "gpu", "GPU.1", "NPU", "auto"})
    EXPECT_EQ(parse({"run", "a.mp4", "-o", "o.mp4", "--device", device}).run.device, device);
  for (const char* device : {"", "TPU", "GPU.", "GPU.x", "HETERO:CPU", "CPU filesrc"})
    EXPECT_EQ(parse({"run", "a.mp4", "-o", "o.mp4", "--device", device}).exit_code, exit_usage) << device;
}

TEST(Options, TheDecidingOptionsComeBack) {
  Parsed p = parse({"run",         "a.mp4",
                    "-o",          "o.mp4",
                    "--method",    "mask",
                    "--shape",     "head",
                    "--color",     "white",
                    "--hold-time", "1.5",
                    "--codec",     "ffv1",
                    "--crf",       "30",
                    "--audio",     "keep",
                    "--label",     "synthetic",
                    "--set",       "facedetect.threshold=0.3",
                    "--set",       "cover.margin=a=b.c"});
  const audit::Json kept = deciding_options(p.run);
  const RunOptions again = options_with(audit::Json::parse(kept.dump()));
  EXPECT_EQ(deciding_options(again), kept);
  EXPECT_EQ(again.settings.at(1).value, "a=b.c");
  EXPECT_TRUE(again.inputs.empty());
}

TEST(Options, DecidingOptionsOfAnotherVersionAreRefused) {
  const audit::Json fine = deciding_options({});
  for (const auto& [key, value] :
       std::vector<std::pair<const char*, audit::Json>>{{"uncover", true},
                                                        {"method", "none"},
                                                        {"method", 5},
                                                        {"codec", "gif"},
                                                        {"crf", "low"},
                                                        {"settings", {{"a", "b"}}}}) {
    audit::Json wrong = fine;
    wrong[key] = value;
    EXPECT_THROW(options_with(wrong), Failure) << key;
  }
  audit::Json less = fine;
  less.erase("method");
  EXPECT_THROW(options_with(less), Failure);
}

TEST(Options, EverythingIsRead) {
  const Parsed p = parse({"run",
                          "--method",
                          "blur",
                          "--set",
                          "facedetect.threshold=0.3",
                          "a.mp4",
                          "--shape",
                          "head",
                          "--margin",
                          "0.2",
                          "--strength",
                          "2",
                          "--codec",
                          "vp8",
                          "--crf",
                          "30",
                          "--lookahead",
                          "12",
                          "--hold-time",
                          "1.5",
                          "--on-doubt",
                          "error",
                          "--audio",
                          "keep",
                          "--audit",
                          "a.jsonl",
                          "--side-by-side",
                          "s.mp4",
                          "--json-summary",
                          "j.json",
                          "--overwrite",
                          "--quiet",
                          "--set",
                          "faceblur.mode=gaussian",
                          "-o",
                          "o.mkv"});
  ASSERT_EQ(p.command, Command::run) << p.text;
  EXPECT_EQ(p.run.inputs, (std::vector<std::filesystem::path>{"a.mp4"}));
  EXPECT_EQ(p.run.method, Method::blur);
  EXPECT_EQ(p.run.shape, "head");
  EXPECT_EQ(p.run.codec, Codec::vp8);
  EXPECT_EQ(p.run.lookahead, "12");
  EXPECT_EQ(p.run.hold_time, "1500000000"); // [ns], as the element counts
  EXPECT_EQ(p.run.on_doubt, "error");
  EXPECT_TRUE(p.run.keep_audio && p.run.overwrite && p.run.quiet);
  ASSERT_EQ(p.run.settings.size(), 2U);
  EXPECT_EQ(p.run.settings[0].element, "facedetect");
  EXPECT_EQ(p.run.settings[1].element, "cover");
  EXPECT_EQ(p.run.settings[1].value, "gaussian");
}

TEST(Options, ColorsBecomeNumbers) {
  EXPECT_EQ(parse({"run", "a", "-o", "b.mp4", "-m", "mask", "--color", "#a0B0c0"}).run.color, "0xa0B0c0");
  EXPECT_EQ(parse({"run", "a", "-o", "b.mp4", "-m", "mask", "--color", "white"}).run.color, "0xffffff");
  EXPECT_EQ(parse({"run", "a", "-o", "b.mp4", "-m", "mask", "--color", "0x12345"}).exit_code, exit_usage);
  EXPECT_EQ(parse({"run", "a", "-o", "b.mp4", "-m", "mask", "--color", "0x000000 ! fakesink"}).exit_code,
            exit_usage);
}

class Refused : public ::testing::TestWithParam<std::vector<const char*>> {};

TEST_P(Refused, WithAReasonAndStatus2) {
  const Parsed p = parse(GetParam());
  EXPECT_EQ(p.command, Command::none);
  EXPECT_EQ(p.exit_code, exit_usage);
  EXPECT_FALSE(p.text.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Lines, Refused,
    ::testing::Values(
        std::vector<const char*>{}, std::vector<const char*>{"run"},
        std::vector<const char*>{"run", "in.mp4"}, std::vector<const char*>{"run", "-o", "out.mp4"},
        std::vector<const char*>{"walk"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--camera", "test"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--method", "hide"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--method", "mask", "--target", "nobody.json"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--method", "blur", "--geometry", "1"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--geometry", "1.5"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--stall-after", "0"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--color", "white"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--margin", "3"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--crf", "51"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--lookahead", "-1"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--audio", "maybe"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--on-doubt", "pass"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--strength", "2"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--method", "blur", "--color", "red"},
        std::vector<const char*>{"run", "--camera", "test", "-o", "o.mp4", "--audio", "keep"},
        std::vector<const char*>{"run", "--camera", "test", "-o", "o.mp4", "--side-by-side", "s.mp4"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--stop-after", "3"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--set", "threshold=1"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--set", "filesrc.location=/x"},
        std::vector<const char*>{"run", "in", "-o", "o.mp4", "--set", "cover.a b=1"}));

TEST(Options, AStrengthThatLeavesFacesRecognisableIsRefused) {
  EXPECT_EQ(parse({"run", "in.mp4", "-o", "out.mp4", "-m", "blur", "--strength", "0.75"}).exit_code, 0);
  for (const char* strength : {"0.74", "0.01", "4.1", "x"})
    EXPECT_NE(parse({"run", "in.mp4", "-o", "out.mp4", "-m", "blur", "--strength", strength}).exit_code, 0)
        << strength;
}

TEST(Options, HelpAndVersionEndWell) {
  EXPECT_EQ(parse({"--version"}).exit_code, 0);
  EXPECT_NE(parse({"--version"}).text.find("deid "), std::string::npos);
  const Parsed help = parse({"run", "--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_NE(help.text.find("IT SHOWS THE ORIGINAL FACES"), std::string::npos);
  EXPECT_NE(help.text.find("a voice can identify a person"), std::string::npos);
}

TEST(Options, EachCommandIsKnown) {
  EXPECT_EQ(parse({"doctor"}).command, Command::doctor);
  EXPECT_EQ(parse({"oks", "--gt", "a.json", "--dt", "b.json"}).command, Command::oks);
  EXPECT_EQ(parse({"measure", "a.mp4", "b.mp4", "--out", "c"}).command, Command::measure);
  EXPECT_EQ(parse({"target", "--from", "a", "--out", "b.json"}).command, Command::target);
  EXPECT_EQ(parse({"train", "--subject", "a.mp4", "--target", "b.mp4", "--out", "c.deidae"}).command,
            Command::train);
  EXPECT_EQ(parse({"evaluate", "a", "--out", "b"}).command, Command::evaluate);
}

TEST(Options, ARefusalSaysWhyAndWhereHelpIs) {
  const Parsed p = parse({"run", "in.mp4"});
  EXPECT_EQ(p.text, "Give the output: -o OUTPUT.\nRun with --help for more information.\n");
}

} // namespace
} // namespace deid::cli
