#include "pipelines/deid/evaluate/report/people.hpp"
#include "tests/elements/measures/identity/made.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::test {
namespace {
using namespace evaluate;
using identity::Track;
using identity::Who;
using ::testing::HasSubstr;

Track track(const std::string& clip, std::uint32_t id, double x,
            std::vector<std::int64_t> frames = {0, 1, 2}) {
  return {clip, id, at(x), frames.size(), frames};
}

TEST(People, ListIsRead) {
  const auto named = parse_people("clip,person\n\n# a note\na.mp4, Anna\r\nb/c.mkv,Bert,3\n", "who.csv");
  ASSERT_EQ(named.size(), 2U);
  EXPECT_EQ(named[0].clip, "a.mp4");
  EXPECT_EQ(named[0].person, "Anna");
  EXPECT_FALSE(named[0].id.has_value());
  EXPECT_EQ(named[1].id, 3U);
}

TEST(People, MistakesAreNamedWithTheirLine) {
  for (const char* wrong :
       {"a.mp4,Anna\nb.mp4\n", "a.mp4,Anna\nb.mp4,Bert,x\n", "a.mp4,Anna\n,Bert\n", "a.mp4,Anna\nb,c,1,d\n"})
    try {
      parse_people(wrong, "who.csv");
      ADD_FAILURE() << wrong;
    } catch (const std::runtime_error& e) {
      EXPECT_THAT(e.what(), HasSubstr("who.csv, line 2"));
    }
  EXPECT_THROW(read_people("/nowhere/who.csv"), std::runtime_error);
}

TEST(People, NamesFitFilesAndTheLongestTrack) {
  const std::vector<Track> tracks{track("day/a.mp4", 1, 0), track("day/a.mp4", 2, 1, {0, 1, 2, 3, 4}),
                                  track("b.mkv", 1, 2)};
  std::vector<std::string> unknown;
  const Who who = who_of({{"a.mp4", "Anna", {}}, {"day/a", "Anton", 1}, {"b", "Bert", {}}, {"c", "Carl", {}}},
                         {"day/a.mp4", "b.mkv"}, tracks, &unknown);
  EXPECT_EQ(who.at({"day/a.mp4", 2}), "Anna");
  EXPECT_EQ(who.at({"day/a.mp4", 1}), "Anton");
  EXPECT_EQ(who.at({"b.mkv", 1}), "Bert");
  EXPECT_EQ(unknown, std::vector<std::string>{"c"});
}

TEST(People, AWholeNameIsThatClipAlone) {
  const std::vector<std::string> clips{"day1/visit.mp4", "visit.mp4"};
  // day1's clip has more faces, but is not meant
  const std::vector<Track> tracks{track("day1/visit.mp4", 1, 0, {0, 1, 2, 3, 4}), track("visit.mp4", 1, 2)};
  EXPECT_EQ(who_of({{"visit.mp4", "Anna", {}}}, clips, tracks), (Who{{{"visit.mp4", 1}, "Anna"}}));
  // nor when that clip has no face
  EXPECT_TRUE(who_of({{"visit.mp4", "Anna", {}}}, clips, {tracks[0]}).empty());
  EXPECT_TRUE(who_of({{"visit", "Anna", {}}}, clips, tracks).empty()); // which?
}

std::string refusal(const std::string& how, const std::vector<std::string>& clips) {
  try {
    check_people(how, clips);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "";
}

TEST(People, EveryLineMustFitOneClipBeforeTheWork) {
  const Scratch scratch;
  const std::string list = (scratch.path() / "who.csv").string();
  const auto with = [&](const char* lines, const std::vector<std::string>& clips) {
    write(list, lines);
    return refusal(list, clips);
  };
  const std::vector<std::string> clips{"day1/visit.mp4", "day2/visit.mp4", "visit.mp4", "b.mkv"};
  EXPECT_EQ(with("clip,person\nvisit.mp4,Anna\nday1/visit,Anna\nb,Bert\nb,Carl,2\n", clips), "");
  EXPECT_THAT(with("b,Bert\nvisit,Anna\n", clips), HasSubstr("may be day1/visit.mp4 or day2/visit.mp4"));
  EXPECT_THAT(with("b,Bert\nc,Anna\n", clips), HasSubstr("\"c\" in " + list + " is none of these videos"));
  EXPECT_THAT(with("clip,person\n", clips), HasSubstr("has no line clip,person"));
  EXPECT_THROW(check_people("/nowhere/who.csv", clips), std::runtime_error);
}

TEST(People, FoldersMustGiveSomebody) {
  EXPECT_THAT(refusal("folder", {"a.mp4", "b.mp4"}), HasSubstr("give the folder above them"));
  EXPECT_EQ(refusal("folder", {"anna/a.mp4", "b.mp4"}), "");
  EXPECT_EQ(refusal("cluster", {"a.mp4"}), "");
  EXPECT_EQ(refusal("", {"a.mp4"}), "");
}

} // namespace
} // namespace deid::test
