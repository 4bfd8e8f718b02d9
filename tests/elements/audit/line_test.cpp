// Lines of an audit: what is written is read again, and what is no line is refused with a sentence.
#include "elements/audit/line.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::audit {
namespace {

using testing::HasSubstr;

Face face(Outcome outcome) {
  Face face{.id = 7,
            .box = {-1.5, 2, 30.5, 40},
            .score = .875,
            .origin = Origin::held,
            .outcome = std::move(outcome)};
  face.done = words(face.outcome, "average");
  return face;
}

Frame written_and_read(const Frame& frame) {
  return std::get<Frame>(parse(to_json(frame).dump()));
}

std::string refusal(const std::string& line) {
  try {
    parse(line);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

/// A line with one face, of which `with` replaces or adds members.
std::string line_with(const Json& with) {
  Json line = to_json(Frame{.pts = 1, .faces = {face({.treatment = Treatment::blurred})}});
  line["faces"][0].update(with);
  return line.dump();
}

TEST(Line, EveryReasonComesBack) {
  for (std::size_t i = 0; i < reason_count; ++i) {
    const auto reason = static_cast<Reason>(i);
    const Frame frame{.pts = 40, .faces = {face({.treatment = Treatment::blurred, .reason = reason})}};
    EXPECT_EQ(written_and_read(frame), frame) << to_string(reason);
  }
}

TEST(Line, EveryOutcomeComesBack) {
  const Outcome whole{.treatment = Treatment::swapped, .target = "nobody-3"};
  Outcome checked = whole, kept = whole, fading = whole;
  checked.geometry = .25;
  checked.distance = .712;
  checked.rank = {4, 22};
  checked.unlike = {.sex = true, .tone = true};
  kept.kept = true;
  fading.weight = .5;
  const Outcome refused{.treatment = Treatment::blurred,
                        .reason = Reason::result_too_close,
                        .distance = .41,
                        .rank = Rank{1, 30},
                        .second_distance = .931,
                        .second_rank = Rank{2, 28}};
  Frame frame{.pts = 80};
  for (const Outcome& outcome : {whole, checked, kept, fading, refused, Outcome{.reason = Reason::outside},
                                 Outcome{.treatment = Treatment::covered}})
    frame.faces.push_back(face(outcome));
  frame.faces.back().origin.reset();
  EXPECT_EQ(written_and_read(frame), frame);
  const Frame doubt{.pts = {}, .doubt = "no-stamp", .action = "drop"};
  EXPECT_EQ(written_and_read(doubt), doubt);
}

TEST(Line, NamesOfTargetsAreNoSyntax) {
  for (const char* name :
       {"A (B)", "a \"b\" -> c, d", "swap x (50 % over average)", "\xc3\xa4\n\\", "(", ","}) {
    const Frame frame{.pts = 1, .faces = {face({.treatment = Treatment::swapped, .target = name})}};
    EXPECT_EQ(written_and_read(frame).faces.at(0).outcome.target, name);
  }
}

TEST(Line, WhatIsNotKnownIsAbsent) {
  const Json plain = to_json(Frame{.faces = {face({.treatment = Treatment::covered})}})["faces"][0];
  EXPECT_EQ(plain["treatment"], "covered");
  for (const char* key : {"target", "reason", "weight", "kept", "geometry", "distance", "rank", "strangers",
                          "second_distance", "second_rank", "second_strangers", "unlike"})
    EXPECT_FALSE(plain.contains(key)) << key;
}

TEST(Line, ASwapThatFadesIsNeverRoundedToAWholeOne) {
  const Frame frame{.faces = {face({.treatment = Treatment::swapped, .target = "t", .weight = .9999})}};
  EXPECT_LT(written_and_read(frame).faces.at(0).outcome.weight, 1);
}

TEST(Line, Words) {
  Outcome swap{.treatment = Treatment::swapped, .target = "nobody-3"};
  EXPECT_EQ(words(swap, "average"), "swap nobody-3");
  swap.kept = true;
  EXPECT_EQ(words(swap, "average"), "swap nobody-3 (kept)");
  swap.weight = .5;
  EXPECT_EQ(words(swap, "average"), "swap nobody-3 (50 % over average)");
  swap = {.treatment = Treatment::swapped,
          .target = "nobody-3",
          .geometry = .25,
          .distance = .7123,
          .rank = Rank{4, 22}};
  EXPECT_EQ(words(swap, "average"), "swap nobody-3, geometry 0.25, distance 0.712, rank 4 of 23");
  swap.second_distance = 1.0123;
  swap.second_rank = Rank{3, 22};
  EXPECT_EQ(words(swap, "average"),
            "swap nobody-3, geometry 0.25, distance 0.712, rank 4 of 23, second judge 1.012, rank 3 of 23");
  swap = {.treatment = Treatment::swapped, .target = "nobody-3", .unlike = {.sex = true, .age = true}};
  EXPECT_EQ(words(swap, "average"), "swap nobody-3, another sex, another age");
  EXPECT_EQ(words({.treatment = Treatment::blurred, .reason = Reason::turned}, "average"),
            "average (turned)");
  EXPECT_EQ(words({.treatment = Treatment::covered}, "fill box"), "fill box");
  EXPECT_EQ(words({.reason = Reason::outside}, "fill box"), "outside the frame");
}

TEST(Line, HeaderComesBack) {
  const Header header{"faceswap", "0.2.0", {{"shape", "box"}}, "d"};
  const auto read = std::get<Header>(parse(to_json(header).dump()));
  EXPECT_EQ(read.element, header.element);
  EXPECT_EQ(read.version, header.version);
  EXPECT_EQ(read.settings, header.settings);
  EXPECT_EQ(read.detector, header.detector);
}

TEST(Line, ARunComesBack) {
  const audit::Run run{{std::string(64, 'a'), 5}, {std::string(64, '0'), 7}, 640, 360, {{"method", "mask"}}};
  const auto read = std::get<audit::Run>(parse(to_json(run).dump()));
  EXPECT_EQ(read.original, run.original);
  EXPECT_EQ(read.result, run.result);
  EXPECT_EQ(read.width, 640);
  EXPECT_EQ(read.height, 360);
  EXPECT_EQ(read.options, run.options);
}

TEST(Line, ABrokenRunIsRefused) {
  const Json fine =
      to_json(audit::Run{{std::string(64, 'a'), 5}, {std::string(64, '0'), 7}, 640, 360, Json::object()});
  for (const auto& [key, value] :
       std::vector<std::pair<const char*, Json>>{{"original", nullptr},
                                                 {"original", {{"sha256", "short"}, {"bytes", 1}}},
                                                 {"result", {{"sha256", std::string(64, 'X')}, {"bytes", 1}}},
                                                 {"width", 0},
                                                 {"options", 5}}) {
    Json wrong = fine;
    wrong["run"][key] = value;
    EXPECT_NE(refusal(wrong.dump()), "") << key;
  }
}

TEST(Line, OtherLinesTellOfNoFrame) {
  for (const char* line : {R"({"summary":{"frames":2}})", R"({"input_provenance":["C2PA manifest"]})",
                           R"({"subject":{"id":"P1"}})"})
    EXPECT_TRUE(std::holds_alternative<Rest>(parse(line))) << line;
}

TEST(Line, AnOlderFormIsRefused) {
  EXPECT_THAT(refusal(R"({"audit":1,"element":"facemask","version":"0.1.0","settings":{},"detector":"d"})"),
              HasSubstr("form 1, and this version reads form 2 alone"));
  const std::string old =
      R"x({"pts":0,"faces":[{"id":1,"box":[1,2,3,4],"score":1,"origin":"held","done":"swap A (B)"}]})x";
  EXPECT_THAT(refusal(old), HasSubstr("has no treatment, as in audits of an older form"));
}

struct Broken {
  std::string line;
  const char* sentence;
};

TEST(Line, ABrokenLineIsRefusedWithASentence) {
  const std::vector<Broken> all{{"", "no JSON object"},
                                {"{\"pts\":1,", "no JSON object"},
                                {"[]", "no JSON object"},
                                {"{\"frames\":1}", "none of an audit"},
                                {"{\"pts\":0}", "no list of faces"},
                                {"{\"pts\":0,\"faces\":{}}", "no list of faces"},
                                {"{\"pts\":0,\"faces\":[1]}", "\"id\" is missing"},
                                {"{\"pts\":\"0\",\"faces\":[]}", "\"pts\" is missing"},
                                {"{\"audit\":2}", "\"element\" is missing"},
                                {line_with({{"treatment", "hidden"}}), "\"hidden\" is no treatment."},
                                {line_with({{"reason", "because"}}), "\"because\" is no reason."},
                                {line_with({{"origin", "guessed"}}), "\"guessed\" is no origin."},
                                {line_with({{"distance", "far"}}), "\"distance\" is missing"},
                                {line_with({{"rank", 4}}), "\"strangers\" is missing"},
                                {line_with({{"target", "t"}}), "has a target."},
                                {line_with({{"weight", .5}}), "has a weight."}};
  for (const Broken& broken : all)
    EXPECT_THAT(refusal(broken.line), HasSubstr(broken.sentence)) << broken.line;
}

} // namespace
} // namespace deid::audit
