// The report from artificial units: no video, no network.
#include "elements/audit/line.hpp"
#include "elements/measures/keypoint_files/coco.hpp"
#include "pipelines/deid/evaluate/report/figures.hpp"
#include "pipelines/deid/evaluate/report/html.hpp"
#include "pipelines/deid/evaluate/report/view.hpp"
#include "tests/support/schema.hpp"
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using namespace evaluate;
using nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::Not;

/// A person's descriptor in a frame: far from other people's, a little different in each frame.
std::string descriptor(double person, int frame, double moved) {
  std::string text = "[" + std::to_string(person + moved);
  for (int i = 1; i < 128; ++i)
    text += "," + std::to_string(.01 * std::sin(frame * 7 + i));
  return text + "]";
}

std::string identity(int people, int frames, bool described) {
  std::string text =
      R"({"format":"deid-identity-1","stream":"s","model":{"name":"dlib","sha256":"ab"},"interval":1})"
      "\n";
  for (int frame = 0; frame < frames; ++frame)
    for (int person = 0; person < people; ++person) {
      text += R"({"pts":)" + std::to_string(frame * 40000000L) + R"(,"frame":)" + std::to_string(frame) +
              R"(,"id":)" + std::to_string(person + 1) +
              R"(,"state":"swapped","landmarks":"result","original":)" + descriptor(2. * person, frame, 0) +
              R"(,"deidentified":)" + (described ? descriptor(2. * person, frame, .8) : "null") +
              R"(,"d_target":0.4})" + "\n";
    }
  return text;
}

std::string keypoints(const char* stage, int people, int frames, double moved) {
  std::string text = R"({"format":"deid-pose-1","detector":"d","smoothing":"none"})"
                     "\n";
  for (int frame = 0; frame < frames; ++frame) {
    text += R"({"pts":)" + std::to_string(frame * 40000000L) + R"(,"width":640,"height":480,"stage":")" +
            stage + R"(","people":[)";
    for (int person = 0; person < people; ++person) {
      text += (person ? "," : "") + std::string(R"({"id":)") + std::to_string(person + 1) +
              R"(,"score":0.9,"set":"coco-17","box":[0,0,1,1],"points":[)";
      for (int i = 0; i < 17; ++i)
        text += (i ? ",[" : "[") + std::to_string(100 + 200 * person + 5 * i + moved) + "," +
                std::to_string(100 + 10 * (i % 5)) + ",0.9]";
      text += "]}";
    }
    text += "]}\n";
  }
  return text;
}

/// One frame: a swapped face and one that was not swapped.
std::string audit_of() {
  using namespace deid::audit;
  const Face swapped{.outcome = {.treatment = Treatment::swapped, .target = "A (B)"}},
      turned{.outcome = {.treatment = Treatment::blurred, .reason = Reason::turned}};
  const Json settings{{"shape", "box"},     {"method", "average"}, {"margin", .1},
                      {"color", "#000000"}, {"strength", 1.},      {"on_doubt", "drop"}};
  return to_json(Header{"<swap>", "0", settings, "d"}).dump() + "\n" +
         to_json(Frame{.pts = 0, .faces = {swapped, turned}}).dump() + "\n";
}

struct Report : testing::Test {
  const Scratch scratch{};
  Evaluation evaluation{.folder = Folder(scratch.path())};

  void SetUp() override { evaluation.folder.make(); }

  void add(const std::string& video, const std::string& method, int people, int frames = 12,
           bool described = true) {
    const Folder& folder = evaluation.folder;
    const auto put = [&](const std::string& of, const char* what, const std::string& text) {
      write(folder.raw(video, of, what), text);
      return folder.relative(folder.raw(video, of, what));
    };
    ordered_json files;
    files["original"] = put("original", "keypoints.jsonl", keypoints("original", people, frames, 0));
    files["keypoints.jsonl"] = put(method, "keypoints.jsonl", keypoints("deidentified", people, frames, 3));
    if (method != "reencoded") {
      files["identity.jsonl"] = put(method, "identity.jsonl", identity(people, frames, described));
      files["audit.jsonl"] = put(method, "audit.jsonl", audit_of());
    }
    ordered_json unit{
        {"video",
         {{"name", video}, {"width", 640}, {"height", 480}, {"frames", frames}, {"seconds", frames * .04}}},
        {"stages", {{"detect", {{"cpu_seconds", 1.}, {"wall_seconds", 2.}, {"frames", frames}}}}},
        {"run", {{"methods_at_once", 2}, {"seconds", 4.}, {"cpu_seconds", 3.}}},
        {"files", files}};
    if (method != "reencoded") {
      write(folder.picture(video, method, "risky-1.jpg"), "jpeg");
      unit["leaks"] = {
          {"frames", frames}, {"faces", people * frames}, {"outside", 0}, {"risks", ordered_json::array()}};
      if (people > 0)
        unit["leaks"]["risks"].push_back({{"frame", 1},
                                          {"pts", 40000000},
                                          {"box", {1, 2, 3, 4}},
                                          {"score", .9},
                                          {"inner", 1},
                                          {"mark", 1}});
      const ordered_json picture{{"frame", 1},
                                 {"pts", 40000000},
                                 {"path", folder.relative(folder.picture(video, method, "risky-1.jpg"))}};
      unit["samples"] = {picture};
      unit["risky"] = people > 0 ? ordered_json{picture} : ordered_json::array();
    }
    Key key;
    key.input.sha256 = "00";
    key.method = method;
    publish(folder, folder.unit(video, method), key, unit);
    if (std::ranges::find(evaluation.videos, video) == evaluation.videos.end())
      evaluation.videos.push_back(video);
    if (std::ranges::find(evaluation.methods, method) == evaluation.methods.end())
      evaluation.methods.push_back(method);
    evaluation.units.push_back({video, method, folder.unit(video, method)});
  }
};

/// Expects nothing that a browser would fetch.
void expect_self_contained(const std::string& html) {
  static const std::regex reference(R"((src|href|action|poster)\s*=\s*["']([^"']*))", std::regex::icase);
  for (auto it = std::sregex_iterator(html.begin(), html.end(), reference); it != std::sregex_iterator();
       ++it) {
    const std::string to = (*it)[2];
    EXPECT_TRUE(to.starts_with("data:image/jpeg;base64,") || to.starts_with("#")) << to.substr(0, 60);
  }
  for (const char* wrong : {"<script", "<link", "<iframe", "@import", "url("})
    EXPECT_THAT(html, Not(HasSubstr(wrong)));
}

TEST_F(Report, OfTwoVideosAndTwoPeople) {
  for (const char* video : {"a.mp4", "b/c.mp4"})
    for (const char* method : {"swap", "reencoded"})
      add(video, method, 2);
  const Reports r = report(evaluation);
  EXPECT_EQ(r.trouble, 0U);
  EXPECT_EQ(r.json["people"]["count"], 2);
  const auto& all = r.json["table1"]["swap"]["everybody"];
  EXPECT_EQ(all["faces"], 48);
  EXPECT_NEAR(all["to_original"]["mean"].get<double>(), .8, 1e-6);
  EXPECT_NEAR(all["to_average_target"]["mean"].get<double>(), .4, 1e-12);
  EXPECT_EQ(r.json["attacks"]["swap"]["naive"]["hits"], 48);
  EXPECT_EQ(r.json["attacks"]["swap"]["parrot"]["hits"], 48);
  EXPECT_EQ(r.json["attacks"]["swap"]["parrot"]["chance"], .5);
  EXPECT_EQ(r.json["table2"]["swap"]["counts"]["people"], 48);
  EXPECT_EQ(r.json["table2"]["reencoded"]["counts"]["frames"], 24);
  EXPECT_FALSE(r.json["table1"].contains("reencoded"));
  EXPECT_EQ(r.json["leaks"]["swap"]["risky_faces"], 2);
  const auto& audited = r.json["audit"]["swap"]["all"];
  EXPECT_EQ(audited["swapped"], 2);
  EXPECT_EQ(audited["targets"], (ordered_json{{"A (B)", 2}}));
  EXPECT_EQ(audited["reasons"], (ordered_json{{"turned", 2}}));
  EXPECT_THAT(r.html, HasSubstr("The head is turned further than max-angle."));
  EXPECT_EQ(r.json["cost"]["swap"]["cpu_seconds"], 3.); // half of each of two runs
  expect_self_contained(r.html);
  EXPECT_THAT(r.html, HasSubstr("look at these frames"));
  EXPECT_THAT(r.html, HasSubstr("re-encoding alone"));
  EXPECT_THAT(r.html, Not(HasSubstr("{{")));
  EXPECT_THAT(r.csv.at("table1.csv"), HasSubstr("\nswap,everybody,48,48,"));
  write(evaluation, r);
  EXPECT_EQ(read(scratch.path() / "report.html"), r.html);
}

TEST_F(Report, PicturesHaveTheirBoxesAndPoints) {
  add("a.mp4", "swap", 1);
  add("a.mp4", "reencoded", 1);
  const Collection collection = collect(evaluation);
  const auto risky = risky_frames(evaluation, collection);
  ASSERT_EQ(risky.size(), 1U);
  EXPECT_EQ(risky[0]["method"], "swap");
  ASSERT_EQ(risky[0]["frames"].size(), 1U);
  const auto& frame = risky[0]["frames"][0];
  EXPECT_EQ(frame["caption"], "a.mp4, swap, 0.0 s");
  EXPECT_EQ(frame["picture"], "data:image/jpeg;base64,anBlZw==");
  EXPECT_EQ(frame["boxes"], ordered_json::parse(R"([{"x": 1, "y": 2, "w": 3, "h": 4}])"));
  const auto samples = sample_frames(evaluation, collection);
  ASSERT_EQ(samples.size(), 1U); // the re-encoding has no pictures
  EXPECT_EQ(samples[0]["caption"], "a.mp4, swap, 0.0 s");
  ASSERT_EQ(samples[0]["before"].size(), 17U);
  EXPECT_EQ(samples[0]["before"][1], ordered_json::parse(R"({"x": "105.0", "y": "110.0"})"));
  EXPECT_EQ(samples[0]["after"][1], ordered_json::parse(R"({"x": "108.0", "y": "110.0"})"));
}

TEST_F(Report, NoMoreThan24PicturesOfAMethodAreShown) {
  for (int i = 0; i < 30; ++i)
    add("v" + std::to_string(i) + ".mp4", "swap", 1, 2);
  const auto risky = risky_frames(evaluation, collect(evaluation));
  ASSERT_EQ(risky.size(), 1U);
  EXPECT_EQ(risky[0]["frames"].size(), 24U);
}

TEST_F(Report, IsAsTheSchemaSays) {
  DEID_NEEDS_JSONSCHEMA();
  for (const int people : {2, 0}) {
    for (const char* method : {"swap", "mask", "reencoded"})
      add("a" + std::to_string(people) + ".mp4", method, people);
    write(evaluation, report(evaluation));
    expect_schema("report", scratch.path() / "report.json");
  }
  Evaluation nothing{.folder = Folder(scratch.path()), .videos = {"b.mp4"}, .methods = {"swap"}};
  nothing.trouble = {{"b.mp4", "swap", "it is no video"}};
  write(nothing, report(nothing));
  expect_schema("report", scratch.path() / "report.json");
}

TEST_F(Report, IsTheSameAgain) {
  add("a.mp4", "swap", 2);
  const Reports first = report(evaluation), second = report(evaluation);
  EXPECT_EQ(first.json.dump(), second.json.dump());
  EXPECT_EQ(first.html, second.html);
}

TEST_F(Report, OfOnePerson) {
  add("a.mp4", "swap", 1);
  add("a.mp4", "reencoded", 1);
  const Reports r = report(evaluation);
  EXPECT_EQ(r.json["attacks"]["swap"]["naive"]["chance"], 1.);
  EXPECT_EQ(r.json["attacks"]["swap"]["parrot"]["faces"], 0);
  EXPECT_TRUE(r.json["attacks"]["swap"]["parrot"]["rank1"].is_null());
  EXPECT_THAT(r.html, HasSubstr("These videos show one person"));
}

TEST_F(Report, OfNobody) {
  add("a.mp4", "mask", 0);
  add("a.mp4", "reencoded", 0);
  const Reports r = report(evaluation);
  EXPECT_EQ(r.json["people"]["count"], 0);
  EXPECT_EQ(r.json["table1"]["mask"]["everybody"]["faces"], 0);
  EXPECT_TRUE(r.json["table1"]["mask"]["everybody"]["to_original"].is_null());
  EXPECT_TRUE(r.json["roc"]["mask"]["auc"].is_null());
  EXPECT_EQ(r.json["table2"]["mask"]["stats"][0], -1);
  EXPECT_THAT(r.html, HasSubstr("No body was found"));
  EXPECT_THAT(r.html, HasSubstr("Recognition could not be tested"));
  for (const char* found : {"The results have no face that a recogniser", "No person is in two videos"})
    EXPECT_THAT(r.html, Not(HasSubstr(found)));
  EXPECT_THAT(r.html, HasSubstr("n/a"));
  expect_self_contained(r.html);
}

TEST_F(Report, OfFacesThatCannotBeDescribed) {
  add("a.mp4", "mask", 2, 12, false);
  const Reports r = report(evaluation);
  EXPECT_EQ(r.json["attacks"]["mask"]["naive"]["described"], 0);
  EXPECT_EQ(r.json["attacks"]["mask"]["naive"]["faces"], 24);
  EXPECT_THAT(r.html, HasSubstr("have no face that a recogniser could compare"));
}

TEST_F(Report, OfNothing) {
  evaluation.videos = {"broken.mp4"};
  evaluation.methods = {"swap", "reencoded"};
  evaluation.trouble = {{"broken.mp4", "swap", "it is <no> video"}};
  const Reports r = report(evaluation);
  EXPECT_EQ(r.json["trouble"].size(), 1U);
  EXPECT_THAT(r.html, HasSubstr("it is &lt;no&gt; video"));
  expect_self_contained(r.html);
}

TEST_F(Report, ADamagedUnitTakesNoOtherWithIt) {
  add("a.mp4", "swap", 2);
  add("b.mp4", "swap", 2);
  write(evaluation.folder.raw("a.mp4", "swap", "identity.jsonl"), "{\"format\":\"deid-iden");
  const Reports r = report(evaluation);
  EXPECT_EQ(r.trouble, 1U);
  EXPECT_THAT(r.json["trouble"][0]["why"].get<std::string>(), HasSubstr("repeats it"));
  EXPECT_EQ(r.json["table1"]["swap"]["everybody"]["faces"], 24);
  EXPECT_FALSE(fs::exists(evaluation.units[0].file)); // so that the next run does it again
  EXPECT_TRUE(fs::exists(evaluation.units[1].file));
}

TEST_F(Report, WhoIsWhoByListAndByFolder) {
  add("one/a.mp4", "swap", 1);
  add("two/b.mp4", "swap", 1);
  EXPECT_EQ(report(evaluation).json["people"]["count"], 1); // their descriptors are near each other
  evaluation.people = "folder";
  EXPECT_EQ(report(evaluation).json["people"]["count"], 2);
  write(scratch.path() / "who.csv", "a,Anna <x>\nnobody.mp4,Nemo\n");
  evaluation.people = (scratch.path() / "who.csv").string();
  const Reports r = report(evaluation);
  EXPECT_EQ(r.json["people"]["count"], 1);
  EXPECT_EQ(r.json["table1"]["swap"]["everybody"]["faces"], 12);
  EXPECT_EQ(r.json["people"]["clips_not_here"][0], "nobody.mp4");
  EXPECT_THAT(r.html, HasSubstr("Anna &lt;x&gt;"));
  evaluation.people = "/nowhere.csv";
  EXPECT_THROW(report(evaluation), std::runtime_error);
}

TEST(Template, FillsAndRefuses) {
  EXPECT_EQ(filled("{{a}} {{{a}}} {{#l}}<{{x}}>{{/l}}{{^n}}no{{/n}}",
                   {{"a", "<b>"}, {"l", {{{"x", 1}}, {{"x", 2}}}}, {"n", nullptr}}),
            "&lt;b&gt; <b> <1><2>no");
  EXPECT_THROW(filled("{{#open}}", ordered_json::object()), std::runtime_error);
}

TEST(Plot, IsCleanSvgOrSaysWhy) {
  if (!can_plot())
    GTEST_SKIP() << "gnuplot is not installed";
  const std::string svg = plotted("set terminal svg\nplot x\n");
  EXPECT_TRUE(svg.starts_with("<svg"));
  EXPECT_THAT(svg, Not(HasSubstr("black")));
  EXPECT_EQ(svg, plotted("set terminal svg\nplot x\n"));
  EXPECT_THROW(plotted("no such command\n"), std::runtime_error);
}

} // namespace
} // namespace deid::test
