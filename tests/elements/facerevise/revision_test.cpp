// What a revision may say, and which regions go.
#include "elements/revision/revision.hpp"
#include "tests/support/scratch.hpp"
#include <gtest/gtest.h>

namespace deid::test {
namespace {

using namespace deid::revision;

const std::string head = R"({"revision":1,"frames":10,"width":64,"height":48})"
                         "\n";

std::string refusal(const std::string& text) {
  try {
    parse(text);
    return "";
  } catch (const std::runtime_error& e) {
    return e.what();
  }
}

FaceRegion face(std::uint32_t id, cv::Rect2f box) {
  return {.id = id, .box = box};
}

Revision all() {
  Revision revision{.frames = 10, .width = 64, .height = 48};
  revision.changes[2] = {.pts = 80'000'000,
                         .added = {{first_added, {1.5, 2, 10, 12}, Treatment::covered}},
                         .removed = {{4, {3, 4, 5, 6}}},
                         .harder = {{5, Treatment::blurred}}};
  revision.changes[7] = {.harder = {{5, Treatment::covered}}, .other = {{6, {"nobody-1", "nobody 2"}}}};
  return revision;
}

TEST(Revision, IsReadAsItWasWritten) {
  EXPECT_EQ(parse(text_of(all())), all());
}

TEST(Revision, WithoutChangesIsOneLine) {
  const Revision none{.frames = 3, .width = 8, .height = 8};
  EXPECT_EQ(parse(text_of(none)), none);
}

TEST(Revision, RefusesWhatIsNotKnown) {
  EXPECT_NE(refusal(R"({"revision":1,"frames":10,"width":64,"height":48,"more":1})").find("\"more\""),
            std::string::npos);
  EXPECT_NE(refusal(head + R"({"frame":1,"uncover":[]})").find("\"uncover\""), std::string::npos);
  EXPECT_NE(
      refusal(head + R"({"frame":1,"added":[{"id":1000000000,"box":[1,1,4,4],"least":"covered","x":1}]})")
          .find("\"x\""),
      std::string::npos);
}

TEST(Revision, RefusesDamage) {
  for (const char* text : {"", "{}", "no json", R"({"revision":2,"frames":10,"width":64,"height":48})",
                           R"({"revision":1,"frames":-1,"width":64,"height":48})",
                           R"({"revision":1,"frames":10,"width":0,"height":48})"})
    EXPECT_NE(refusal(text), "") << text;
  for (const char* line :
       {R"({"frame":10})", R"({"frame":-1})", R"({"frame":1.5})", R"(["frame"])", R"({"frame":1)",
        R"({"frame":1,"added":[{"id":7,"box":[1,1,4,4],"least":"covered"}]})",          // an id of facedetect
        R"({"frame":1,"added":[{"id":1000000000,"box":[1,1,4,4],"least":"none"}]})",    // would show
        R"({"frame":1,"added":[{"id":1000000000,"box":[1,1,0,4],"least":"covered"}]})", // empty
        R"({"frame":1,"added":[{"id":1000000000,"box":[70,1,4,4],"least":"covered"}]})",   // outside
        R"({"frame":1,"added":[{"id":1000000000,"box":[1,1,1e9,4],"least":"covered"}]})",  // absurd
        R"({"frame":1,"added":[{"id":1000000000,"box":[1,1,null,4],"least":"covered"}]})", // not finite
        R"({"frame":1,"removed":[{"id":1000000000,"box":[1,1,4,4]}]})",                    // a drawn region
        R"({"frame":1,"removed":[{"id":1,"box":[1,1,4,4]}],"harder":[{"id":1,"least":"covered"}]})",
        R"({"frame":1,"other":[{"id":1,"not_as":[]}]})",   // says nothing
        R"({"frame":1,"other":[{"id":1,"not_as":[""]}]})", // no name
        R"({"frame":1,"other":[{"id":1000000000,"not_as":["a"]}]})",
        R"({"frame":1,"other":[{"id":1,"not_as":["a"]}],"harder":[{"id":1,"least":"covered"}]})"})
    EXPECT_NE(refusal(head + line), "") << line;
  EXPECT_NE(refusal(head + "{\"frame\":4}\n{\"frame\":4}"), "");
  EXPECT_NE(refusal(head + "{\"frame\":4}\n{\"frame\":3}"), "");
}

TEST(Revision, RefusesAFileThatIsNotThere) {
  const Scratch scratch;
  EXPECT_THROW(revision::read(scratch.path() / "none.jsonl"), std::runtime_error);
}

TEST(Removal, TakesTheRegionThatThePersonSaw) {
  std::vector<FaceRegion> faces{face(1, {10, 10, 20, 20}), face(2, {30, 10, 20, 20})};
  const Done done = remove(faces, {{1, {10.1, 9.9, 20, 20.2}}});
  EXPECT_EQ(done.removed, 1);
  EXPECT_EQ(done.kept, 0);
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_EQ(faces[0].id, 2U);
}

TEST(Removal, LeavesARegionThatIsElsewhere) {
  std::vector<FaceRegion> faces{face(1, {10, 10, 20, 20})};
  for (const cv::Rect2d seen :
       {cv::Rect2d(11, 10, 20, 20), cv::Rect2d(10, 10, 20, 22), cv::Rect2d(40, 10, 20, 20)}) {
    const Done done = remove(faces, {{1, seen}});
    EXPECT_EQ(done.kept, 1) << seen;
    EXPECT_EQ(faces.size(), 1U) << seen;
  }
}

TEST(Removal, LeavesAnotherIdAtTheSamePlace) {
  std::vector<FaceRegion> faces{face(2, {10, 10, 20, 20})};
  EXPECT_EQ(remove(faces, {{1, {10, 10, 20, 20}}}).kept, 1);
  EXPECT_EQ(faces.size(), 1U);
}

} // namespace
} // namespace deid::test
