// What is refused: foreign and damaged files, two sessions, a run with corrections for another video.
#include "models/manifest/manifest.hpp"
#include "tests/pipelines/review/reviewed.hpp"
#include <fstream>

namespace deid::test {

void Reviewed::take_away(int first, int last) const {
  // the result: frames first .. last of the original instead
  const std::string f = std::to_string(first), l = std::to_string(last);
  output_of("cd '" + scratch.path().string() +
            "' && ffmpeg -nostdin -v error -y -i visit.deid.mkv -i visit.mp4 -filter_complex " +
            "\"[0:v][1:v]overlay=enable='between(n," + f + "," + l +
            ")':format=auto,format=yuv420p\" -c:v ffv1 -an open.mkv");
  std::filesystem::rename(scratch.path() / "open.mkv", result);
  std::istringstream lines(read(audit));
  std::string text;
  int frame = 0;
  for (std::string line; std::getline(lines, line);) {
    Json json = Json::parse(line);
    if (json.contains("pts") && frame++ >= first && frame <= last + 1)
      json["faces"] = Json::array();
    if (json.contains("run"))
      json["run"]["result"] = {{"sha256", models::sha256_of(result)},
                               {"bytes", std::filesystem::file_size(result)}};
    text += json.dump() + "\n";
  }
  write(audit, text);
}

namespace {

namespace fs = std::filesystem;

TEST_F(Reviewed, AnotherVideoIsRefused) {
  run("mask");
  open(false)->apply({{"kind", "zone"}, {"box", {1, 1, 40, 30}}, {"first", 0}, {"last", 1}});
  const std::string whole = read(clip);
  write(clip, whole + "x");
  EXPECT_NE(refused([&] { open(false); }).find("not the one that was reviewed"), std::string::npos);
  std::string said;
  EXPECT_EQ(deid("run --from visit.deid.review.json -o out.mkv", &said), 1);
  EXPECT_NE(said.find("not the one that was reviewed"), std::string::npos) << said;
  EXPECT_FALSE(fs::exists(scratch.path() / "out.mkv"));
  write(clip, whole);
  EXPECT_EQ(deid("run --from visit.deid.review.json -o out.mkv", &said), 0) << said;
}

TEST_F(Reviewed, ADamagedOrForeignReviewIsRefused) {
  run("mask");
  open(false)->apply({{"kind", "zone"}, {"box", {1, 1, 40, 30}}, {"first", 0}, {"last", 1}});
  const fs::path review = review::beside(result).review;
  const Json fine = Json::parse(read(review));
  std::vector<std::string> wrong{"", "{", fine.dump().substr(0, 200)};
  const auto changed = [&](const std::function<void(Json&)>& change) {
    Json json = fine;
    change(json);
    wrong.push_back(json.dump());
  };
  changed([](Json& j) { j["uncover"] = true; });
  changed([](Json& j) { j["frames"] = 71; });
  changed([](Json& j) { j["width"] = 320; });
  changed([](Json& j) { j["original"]["sha256"] = std::string(64, '0'); });
  changed([](Json& j) { j["audit"]["sha256"] = std::string(64, '0'); });
  changed([](Json& j) { j["history"][0]["uncover"] = true; });
  changed([](Json& j) { j["history"][0]["last"] = 72; });
  changed([](Json& j) { j["history"][0]["edit"] = 5; });
  for (const std::string& text : wrong) {
    write(review, text);
    EXPECT_NE(refused([&] { open(false); }), "") << text.substr(0, 100);
    std::string said;
    EXPECT_NE(deid("run --from visit.deid.review.json -o out.mkv", &said), 0) << text.substr(0, 100);
    EXPECT_FALSE(fs::exists(scratch.path() / "out.mkv"));
  }
}

TEST_F(Reviewed, AChangedAuditIsRefused) {
  run("mask");
  open(false)->apply({{"kind", "zone"}, {"box", {1, 1, 40, 30}}, {"first", 0}, {"last", 1}});
  write(audit, read(audit) + "{\"input_provenance\":[]}\n");
  EXPECT_NE(refused([&] { open(false); }), "");
  EXPECT_NE(deid("run --from visit.deid.review.json -o out.mkv"), 0);
  EXPECT_FALSE(fs::exists(scratch.path() / "out.mkv"));
}

TEST_F(Reviewed, AnAuditOfAnotherRunIsRefused) {
  run("mask");
  write(audit, read(audit).substr(0, read(audit).rfind("{\"run\"")));
  EXPECT_NE(refused([&] { open(false); }).find("does not say which videos"), std::string::npos);
}

TEST_F(Reviewed, ARunWithCorrectionsTakesNoOtherOptions) {
  run("mask");
  open(false)->apply({{"kind", "zone"}, {"box", {1, 1, 40, 30}}, {"first", 0}, {"last", 1}});
  for (const char* option :
       {"--method blur", "--crf 30", "--set facedetect.threshold=.9", "--lookahead 0", "--dry-run"})
    EXPECT_EQ(deid("run --from visit.deid.review.json -o out.mkv " + std::string(option)), 2) << option;
  EXPECT_EQ(deid("run --from visit.deid.review.json"), 2);
  EXPECT_FALSE(fs::exists(scratch.path() / "out.mkv"));
}

TEST_F(Reviewed, TwoWritersAreKeptApart) {
  run("mask");
  const auto first = open(false);
  EXPECT_NE(refused([&] { open(false); }).find("open in another session"), std::string::npos);
}

TEST_F(Reviewed, AHundredMegabytesAreRefused) {
  run("mask");
  {
    std::ofstream big(review::beside(result).review);
    const std::string piece(1 << 20, '[');
    for (int i = 0; i < 100; ++i)
      big << piece;
  }
  EXPECT_NE(refused([&] { open(false); }), "");
}

TEST_F(Reviewed, AStoppedRenderLeavesNoFile) {
  run("mask");
  const auto session = open(false);
  session->apply({{"kind", "zone"}, {"box", {1, 1, 40, 30}}, {"first", 0}, {"last", 1}});
  EXPECT_NE(refused([&] { session->render([](double) { return false; }); }).find("stopped"),
            std::string::npos);
  EXPECT_FALSE(fs::exists(review::beside(result).rendered));
  EXPECT_TRUE(session->state()["dirty"].get<bool>());
  EXPECT_EQ(session->render({})["changed_frames"], 2) << "it can be rendered afterwards";
}

TEST_F(Reviewed, OperationsThatDoNotFitChangeNothing) {
  run("mask");
  const auto session = open(false);
  const Json before = session->state();
  for (const Json& wrong : std::vector<Json>{
           {{"kind", "add_region"},
            {"frame", 9999},
            {"shape", "box"},
            {"box", {1, 1, 9, 9}},
            {"treatment", "mask"}},
           {{"kind", "add_region"},
            {"frame", 5},
            {"shape", "box"},
            {"box", {1, 1, 9}},
            {"treatment", "mask"}},
           {{"kind", "add_region"},
            {"frame", 5},
            {"shape", "star"},
            {"box", {1, 1, 9, 9}},
            {"treatment", "mask"}},
           {{"kind", "move_region"}, {"edit", 1}, {"frame", 5}, {"box", {1, 1, 9, 9}}},
           {{"kind", "zone"}, {"edit", 4}, {"box", {1, 1, 9, 9}}, {"first", 0}, {"last", 1}},
           {{"kind", "treatment"}, {"person", 1}, {"method", "keep"}, {"target", nullptr}, {"why", ""}},
           {{"kind", "sound"}, {"what", "mute"}, {"first", 0}, {"last", 1}},
           {{"kind", "seen"}, {"moment", "none"}, {"seconds", 1}},
           {{"kind", "seen"}, {"moments", {"none"}}, {"seconds", 1}},
           {{"kind", "seen"}, {"moments", Json::array()}, {"seconds", 1}},
           {{"kind", "seen"}, {"moments", "none"}, {"seconds", 1}},
           {{"kind", "leave"}, {"moments", {"none"}}, {"why", "no time"}},
           {{"kind", "nothing"}},
           Json(5),
           Json::array()})
    EXPECT_NE(refused([&] { session->apply(wrong); }), "") << wrong;
  EXPECT_EQ(session->state(), before);
}

} // namespace
} // namespace deid::test
