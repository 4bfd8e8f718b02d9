// `deid run --subjects` with the real elements: one face a person, in each file.
#include "tests/pipelines/clip.hpp"
#include "tests/support/program.hpp"
#include "tests/support/scratch.hpp"
#include <fstream>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <set>

namespace deid::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct SubjectsCommand : ClipTest {
  void SetUp() override {
    ClipTest::SetUp();
    if (!fs::exists(fs::path(DEID_DEPS_DIR) / "footage/single_face.mp4") ||
        !fs::exists(fs::path(DEID_DEPS_DIR) / "targets/nobody-2.json"))
      GTEST_SKIP() << "the clips or the targets that set-up brings are not there";
  }
  /// Half a second of a clip that set-up fetched.
  void cut(const std::string& to, const std::string& clip, double from) {
    make(to, "-ss " + std::to_string(from) + " -i '" DEID_DEPS_DIR "/footage/" + clip +
                 "' -t 0.6 -an -c:v libx264 -qp 10");
  }
  int deid(const std::string& words, std::string* said = nullptr) const {
    const fs::path err = dir / "said";
    const int status = std::system(
        ("cd '" + dir.string() + "' && '" DEID_PROGRAM "' " + words + " >'" + err.string() + "' 2>&1")
            .c_str());
    if (said != nullptr)
      *said = read(err);
    fs::remove(err);
    return WEXITSTATUS(status);
  }
  /// The targets that the audit's frames name, and the one of its line `subject`.
  std::set<std::string> targets(const std::string& audit) const {
    std::set<std::string> all;
    std::ifstream in(dir / audit);
    for (std::string line; std::getline(in, line);) {
      const auto json = nlohmann::json::parse(line);
      for (const auto& face : json.value("faces", nlohmann::json::array()))
        if (face.value("treatment", "") == "swapped")
          all.insert(face.at("target"));
      if (json.contains("subject"))
        all.insert(json["subject"].at("target").get<std::string>());
    }
    return all;
  }
};

TEST_F(SubjectsCommand, TheSamePersonHasTheSameFaceAndTwoPeopleHaveNot) {
  fs::create_directories(dir / "in");
  for (int n = 0; n < 5; ++n)
    cut("in/a" + std::to_string(n) + ".mp4", "WolfgangLanger_Pexels.mp4", 3. * n);
  cut("in/b.mp4", "single_face.mp4", 0);
  write(dir / "list.csv", "input,output,subject\nin/a0.mp4,a0.mp4,A\nin/b.mp4,b.mp4,B\nin/a1.mp4,a1.mp4,A\n"
                          "in/a2.mp4,a2.mp4,A\nin/a3.mp4,a3.mp4,A\n");
  ASSERT_EQ(deid("run --manifest list.csv -o out --audit audits --subjects book.json -q"), 0);
  std::string said;
  ASSERT_EQ(deid("run in/a4.mp4 -o a4.mp4 --audit a4.jsonl --subjects book.json --subject A", &said), 0)
      << said;
  EXPECT_THAT(said, HasSubstr("as before"));
  const std::set<std::string> a = targets("a4.jsonl"), b = targets("audits/b.mp4.jsonl");
  EXPECT_EQ(a.size(), 1U);
  EXPECT_EQ(b.size(), 1U);
  EXPECT_NE(a, b);
  for (const char* audit :
       {"audits/a0.mp4.jsonl", "audits/a1.mp4.jsonl", "audits/a2.mp4.jsonl", "audits/a3.mp4.jsonl"})
    EXPECT_EQ(targets(audit), a) << audit;

  // A review renders again without the book: the audit names the target among the options that decided.
  EXPECT_THAT(read(dir / "a4.jsonl"), HasSubstr(R"(["cover","target-names",")" + *a.begin() + "\"]"));
  fs::rename(dir / "book.json", dir / "elsewhere.json");
  EXPECT_EQ(deid("review in/a4.mp4 a4.mp4 --audit a4.jsonl --moments --no-look", &said), 0) << said;
  ASSERT_EQ(deid("evaluate in/a4.mp4 --out e --methods swap --subjects elsewhere.json --subject A --dry-run",
                 &said),
            0)
      << said;
  EXPECT_THAT(said, HasSubstr("target-names=" + *a.begin()));
  EXPECT_NE(deid("evaluate in/a4.mp4 --out e --methods swap --subjects elsewhere.json --subject C --dry-run"),
            0);
}

TEST_F(SubjectsCommand, ARefusedBookLeavesNoFile) {
  cut("a.mp4", "single_face.mp4", 0);
  write(dir / "book.json", R"({"format":"deid-subjects-1","subjects":{"A":{"target":"nobody-99"}}})");
  std::string said;
  EXPECT_EQ(deid("run a.mp4 -o out.mp4 --subjects book.json --subject A", &said), 1);
  EXPECT_THAT(said, HasSubstr("nobody-99"));
  write(dir / "book.json", "{}");
  EXPECT_EQ(deid("run a.mp4 -o out.mp4 --subjects book.json --subject A", &said), 1);
  EXPECT_THAT(said, HasSubstr("no book of subjects"));
  EXPECT_EQ(files(), (std::vector<std::string>{"a.mp4", "book.json"}));
  EXPECT_EQ(read(dir / "book.json"), "{}") << "a foreign file stays as it is";
}

TEST_F(SubjectsCommand, APictureHasItsSubjectsFace) {
  make("a.png", "-i '" DEID_DEPS_DIR "/footage/single_face.mp4' -frames:v 1");
  ASSERT_EQ(deid("run a.png -o one.png --audit one.jsonl --subjects book.json --subject A -q"), 0);
  ASSERT_EQ(deid("run a.png -o two.png --audit two.jsonl --subjects book.json --subject A -q"), 0);
  EXPECT_EQ(targets("one.jsonl").size(), 1U);
  EXPECT_EQ(targets("one.jsonl"), targets("two.jsonl"));
}

} // namespace
} // namespace deid::test
