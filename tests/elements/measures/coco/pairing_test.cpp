#include "elements/measures/coco/pairing.hpp"
#include <gtest/gtest.h>

namespace deid::coco {
namespace {

constexpr std::int64_t ms = 1'000'000;

Seen at(std::int64_t time) {
  return {.time = time};
}

/// "o" original alone, "d" de-identified alone, "b" both.
std::string kinds(const std::vector<FramePair>& couples) {
  std::string text;
  for (const FramePair& pair : couples)
    text += pair.original && pair.deidentified ? 'b' : pair.original ? 'o' : 'd';
  return text;
}

TEST(Pairing, JoinsWhatIsWithinHalfAFrame) {
  Pairing pairing;
  for (int i = 0; i < 4; ++i) {
    pairing.original(at(i * 40 * ms));
    pairing.deidentified(at(i * 40 * ms + 19 * ms));
  }
  EXPECT_EQ(kinds(pairing.take()), "bbbb");
  EXPECT_EQ(pairing.waiting(), 0U);
}

TEST(Pairing, TheFirstFramesMayBeALittleApart) {
  Pairing pairing;
  pairing.original(at(0));
  pairing.deidentified(at(2 * ms));
  EXPECT_TRUE(pairing.take().empty()); // the frame interval is not known yet
  pairing.original(at(40 * ms));
  EXPECT_EQ(kinds(pairing.take()), "b");
  pairing.deidentified(at(42 * ms));
  EXPECT_EQ(kinds(pairing.take()), "b");
  Pairing single;
  single.original(at(0));
  single.deidentified(at(2 * ms));
  single.end_original();
  single.end_deidentified();
  EXPECT_EQ(kinds(single.take()), "od");
}

TEST(Pairing, WhicheverStreamIsFirst) {
  Pairing pairing;
  for (int i = 0; i < 5; ++i)
    pairing.deidentified(at(i * 40 * ms));
  EXPECT_TRUE(pairing.take().empty());
  for (int i = 0; i < 3; ++i)
    pairing.original(at(i * 40 * ms));
  EXPECT_EQ(kinds(pairing.take()), "bbb");
  pairing.end_original();
  EXPECT_EQ(kinds(pairing.take()), "dd");
}

TEST(Pairing, ADroppedFrameIsAloneAndTheNextArePairedAgain) {
  Pairing pairing(40 * ms);
  for (int i = 0; i < 6; ++i)
    pairing.original(at(i * 40 * ms));
  for (const int i : {0, 1, 3, 4, 6})
    pairing.deidentified(at(i * 40 * ms));
  pairing.end_original();
  pairing.end_deidentified();
  const auto couples = pairing.take();
  EXPECT_EQ(kinds(couples), "bbobbod");
  EXPECT_EQ(couples[2].time(), 80 * ms);
}

TEST(Pairing, AFrameThatIsThereTwiceIsAlone) {
  Pairing pairing(40 * ms);
  for (const int i : {0, 1, 1, 2})
    pairing.original(at(i * 40 * ms));
  for (const int i : {0, 1, 2})
    pairing.deidentified(at(i * 40 * ms));
  EXPECT_EQ(kinds(pairing.take()), "bbob");
}

TEST(Pairing, EmptyStreamsGiveNothing) {
  Pairing pairing;
  pairing.end_original();
  pairing.end_deidentified();
  EXPECT_TRUE(pairing.take().empty());
}

} // namespace
} // namespace deid::coco
