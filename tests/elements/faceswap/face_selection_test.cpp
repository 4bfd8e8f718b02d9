#include "elements/faceswap/choice/face_selection.hpp"
#include "tests/elements/cover/faces.hpp"
#include <gtest/gtest.h>

namespace deid::faceswap {
namespace {

using Answer = std::vector<bool>;

FaceRegion face(std::uint32_t id, float x, float size = 100) {
  return test::box_face({x, 100, size, size}, id);
}

Answer answer(const std::string& assign, const std::vector<FaceRegion>& faces) {
  FaceSelector assigner;
  return assigner.frame(faces, parse_selection(assign).value());
}

TEST(FaceSelection, IsUnderstoodOrRefused) {
  using Who = FaceSelection::Who;
  EXPECT_EQ(parse_selection("everyone"), FaceSelection{});
  EXPECT_EQ(parse_selection("largest"), (FaceSelection{Who::largest}));
  EXPECT_EQ(parse_selection("left"), (FaceSelection{Who::left}));
  EXPECT_EQ(parse_selection("right"), (FaceSelection{Who::right}));
  EXPECT_EQ(parse_selection("3"), (FaceSelection{Who::ids, {3}}));
  EXPECT_EQ(parse_selection("0,3"), (FaceSelection{Who::ids, {0, 3}}));
  for (const char* bad : {"", "all", "Left", "1,", ",1", "1,,2", "-1", "1 2", "1;2", "4294967296"})
    EXPECT_FALSE(parse_selection(bad)) << bad;
}

TEST(FaceSelection, SaysWhoIsMeant) {
  const std::vector<FaceRegion> three{face(4, 300), face(2, 100, 120), face(9, 500)};
  EXPECT_EQ(answer("everyone", three), (Answer{true, true, true}));
  EXPECT_EQ(answer("largest", three), (Answer{false, true, false}));
  EXPECT_EQ(answer("left", three), (Answer{false, true, false}));
  EXPECT_EQ(answer("right", three), (Answer{false, false, true}));
  EXPECT_EQ(answer("9,4", three), (Answer{true, false, true}));
  EXPECT_EQ(answer("5", three), (Answer{false, false, false}));
  EXPECT_EQ(answer("largest", {}), Answer{});
}

TEST(FaceSelection, DoesNotJumpWhenSomebodyIsALittleLarger) {
  FaceSelector assigner;
  const FaceSelection largest = parse_selection("largest").value();
  ASSERT_EQ(assigner.frame(std::vector{face(1, 0, 100), face(2, 300, 90)}, largest), (Answer{true, false}));
  for (int i = 0; i < 100; ++i)
    ASSERT_EQ(assigner.frame(std::vector{face(1, 0, 90), face(2, 300, 110)}, largest), (Answer{true, false}))
        << i;
  int frames = 0;
  while (assigner.frame(std::vector{face(1, 0, 90), face(2, 300, 200)}, largest).front())
    ASSERT_LT(++frames, 100);
  EXPECT_GE(frames, 20) << "clearly larger, but for a moment only";
}

TEST(FaceSelection, WhoCrossesKeepsThePart) {
  FaceSelector assigner;
  const FaceSelection left = parse_selection("left").value();
  for (int i = 0; i <= 20; ++i) { // 1 goes to the right, 2 to the left; in the end 2 is 20 px further left
    const float way = static_cast<float>(i);
    const std::vector<FaceRegion> two{face(1, 100 + way), face(2, 120 - way)};
    EXPECT_EQ(assigner.frame(two, left), (Answer{true, false})) << i;
  }
}

TEST(FaceSelection, NobodyTakesOverWhileThePersonIsHidden) {
  FaceSelector assigner;
  const FaceSelection left = parse_selection("left").value();
  ASSERT_EQ(assigner.frame(std::vector{face(1, 0), face(2, 300)}, left), (Answer{true, false}));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(assigner.frame(std::vector{face(2, 300)}, left), Answer{false}) << i;
  EXPECT_EQ(assigner.frame(std::vector{face(2, 300), face(1, 0)}, left), (Answer{false, true}));
  int frames = 0;
  while (!assigner.frame(std::vector{face(2, 300)}, left).front())
    ASSERT_LT(++frames, 100) << "the part is free again some time";
  assigner.flush();
  EXPECT_EQ(assigner.frame(std::vector{face(1, 0), face(2, 300)}, left), (Answer{true, false}));
}

TEST(FaceSelection, ANewWishCountsAtOnce) {
  FaceSelector assigner;
  const std::vector<FaceRegion> two{face(1, 0), face(2, 300)};
  EXPECT_EQ(assigner.frame(two, parse_selection("left").value()), (Answer{true, false}));
  EXPECT_EQ(assigner.frame(two, parse_selection("right").value()), (Answer{false, true}));
}

} // namespace
} // namespace deid::faceswap
