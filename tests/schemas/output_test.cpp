// What the program writes on a few frames is as docs/schemas says.
#include "elements/audit/line.hpp"
#include "tests/support/schema.hpp"
#include <set>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

struct Output : testing::Test {
  const Scratch scratch{};
  const std::string target = "A \"(B)\" -> c, 50 % (kept)";
  const fs::path clip = fs::path(DEID_DEPS_DIR) / "footage" / "single_face.mp4";
  const fs::path photo = fs::path(DEID_DEPS_DIR) / "portraits" / "astronaut.png";

  void SetUp() override {
    DEID_NEEDS_JSONSCHEMA();
    if (!fs::exists(clip) || !fs::exists(photo) || std::system("command -v ffmpeg >/dev/null") != 0)
      GTEST_SKIP() << "the clip and the portraits that set-up fetches, or ffmpeg, are not there";
    const std::string line = "ffmpeg -nostdin -v error -i '" + clip.string() + "' -an -frames:v 6 '" +
                             file("visit.mp4").string() + "'";
    ASSERT_EQ(std::system(line.c_str()), 0);
  }
  [[nodiscard]] fs::path file(const std::string& name) const { return scratch.path() / name; }
  /// Returns the exit status.
  [[nodiscard]] int deid(const std::string& arguments) const {
    const std::string line =
        "cd '" + scratch.path().string() + "' && '" DEID_PROGRAM "' " + arguments + " -q >said 2>&1";
    const int status = std::system(line.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  /// The treatments that an audit names.
  [[nodiscard]] std::set<Treatment> treatments(const fs::path& audit) const {
    std::set<Treatment> all;
    std::istringstream in(read(audit));
    for (std::string line; std::getline(in, line);)
      if (const audit::Line parsed = audit::parse(line); std::holds_alternative<audit::Frame>(parsed))
        for (const audit::Face& face : std::get<audit::Frame>(parsed).faces)
          all.insert(face.outcome.treatment);
    return all;
  }
  /// Makes a bank of one target, whose name looks like syntax.
  void make_bank() const {
    const fs::path made = fs::path(DEID_DEPS_DIR) / "targets" / "nobody-1.json";
    if (!fs::exists(made))
      GTEST_SKIP() << "set-up has not made " << made;
    json content = json::parse(read(made));
    content["name"] = target;
    fs::create_directory(file("bank"));
    write(file("bank/a.json"), content.dump());
  }
  void unknown_key(const std::string& schema, const std::string& name) const {
    json content = json::parse(read(file(name)));
    (content.is_array() ? content[0] : content)["colour"] = 1;
    write(file("spoiled.json"), content.dump());
    expect_no_schema(schema, file("spoiled.json"), "'colour' was unexpected");
  }
};

TEST_F(Output, OfAMaskWithMeasures) {
  ASSERT_EQ(
      deid("run visit.mp4 -o out.mkv --method mask --audit a.jsonl --json-summary s.json --measure m.json"),
      0)
      << read(file("said"));
  EXPECT_EQ(treatments(file("a.jsonl")), std::set{Treatment::covered});
  expect_schema("audit", file("a.jsonl"));
  expect_schema("summary", file("s.json"));
  expect_schema("report", file("m.json"));
  unknown_key("summary", "s.json");
  unknown_key("report", "m.json");
}

TEST_F(Output, OfASwap) {
  make_bank();
  if (IsSkipped())
    return;
  ASSERT_EQ(deid("run visit.mp4 -o out.mkv --target-bank bank --audit a.jsonl --json-summary s.json"), 0)
      << read(file("said"));
  EXPECT_TRUE(treatments(file("a.jsonl")).contains(Treatment::swapped));
  expect_schema("audit", file("a.jsonl"));
  expect_schema("summary", file("s.json"));
}

TEST_F(Output, OfAFolderWithAPictureAndAFileThatFails) {
  fs::create_directory(file("in"));
  fs::copy_file(photo, file("in/photo.png"));
  write(file("in/broken.mp4"), "no video");
  EXPECT_EQ(deid("run in -o out --audit audits --json-summary s.json"), 1);
  EXPECT_FALSE(treatments(file("audits/photo.png.jsonl")).empty()) << read(file("said"));
  expect_schema("audit", file("audits/photo.png.jsonl"));
  expect_schema("summary", file("s.json"));
  unknown_key("summary", "s.json");
}

TEST_F(Output, OfAComparison) {
  ASSERT_EQ(deid("measure visit.mp4 visit.mp4 --out figures"), 0) << read(file("said"));
  expect_schema("report", file("figures/report.json"));
}

TEST_F(Output, OfAnEvaluation) {
  make_bank();
  if (IsSkipped())
    return;
  ASSERT_EQ(deid("evaluate visit.mp4 --methods mask,swap --target-bank bank --out out"), 0)
      << read(file("said"));
  expect_schema("report", file("out/report.json"));
  const json swap = json::parse(read(file("out/report.json")))["audit"]["swap"]["all"];
  ASSERT_GT(swap["swapped"], 0);
  EXPECT_EQ(swap["targets"], (json{{target, swap["swapped"].get<int>() + swap["fading"].get<int>()}}));
  unknown_key("report", "out/report.json");
}

} // namespace
} // namespace deid::test
