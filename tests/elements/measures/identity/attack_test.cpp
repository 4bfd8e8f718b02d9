#include "elements/measures/identity/attack.hpp"
#include "tests/elements/measures/identity/made.hpp"
#include <gtest/gtest.h>

namespace deid::test {
namespace {
using namespace identity;

/// Two people with two clips each and three faces per clip; person 0 at x = 0, person 1 at x = 10. moved:
/// offset of the results from the original.
Samples four_clips(double moved) {
  Samples s{{"a", "b", "c", "d"}, {"p", "q"}, {}};
  for (std::size_t clip = 0; clip < 4; ++clip)
    for (int frame = 0; frame < 3; ++frame) {
      const std::size_t person = clip / 2;
      const double x = 10. * static_cast<double>(person);
      s.all.push_back(face_of(clip, person, frame, at(x), at(x + moved, frame * .1)));
    }
  return s;
}

TEST(Naive, FindsWhoStaysNearTheOriginal) {
  const AttackResult r = attack(four_clips(1), Attack::naive);
  EXPECT_EQ(r.gallery, 2U);
  EXPECT_EQ(r.people, 2U);
  EXPECT_EQ(r.faces, 12U);
  EXPECT_EQ(r.described, 12U);
  EXPECT_EQ(r.hits, 12U);
  EXPECT_DOUBLE_EQ(r.chance, .5);
  EXPECT_DOUBLE_EQ(r.median_rank, 1);
  EXPECT_EQ(r.impostors, 12U);
  EXPECT_FALSE(r.threshold_known); // fewer than 1000 impostors
}

TEST(Naive, MistakesPeopleWhoWereMovedToEachOther) {
  // 10 to the right: the results of person 0 lie on person 1. The results of person 1 lie farther away, but
  // nearest to person 1
  const AttackResult r = attack(four_clips(10), Attack::naive);
  EXPECT_EQ(r.hits, 6U);
  EXPECT_DOUBLE_EQ(r.median_rank, 1.5);
  for (const Guess& guess : r.guesses)
    EXPECT_EQ(guess.taken_for, 1U);
}

TEST(Parrot, KnowsOtherClipsAlone) {
  // for any offset, the results of one person's two clips lie together
  const AttackResult r = attack(four_clips(10), Attack::parrot);
  EXPECT_EQ(r.hits, 12U);
  EXPECT_EQ(r.gallery, 2U);
  Samples one = four_clips(10);
  std::erase_if(one.all, [](const Sample& s) { return s.clip == 1; }); // person 0 is in one clip only
  const AttackResult less = attack(one, Attack::parrot);
  EXPECT_EQ(less.faces, 6U); // there are no other results of person 0
  EXPECT_EQ(less.people, 1U);
  EXPECT_EQ(less.hits, 6U);
  EXPECT_DOUBLE_EQ(less.chance, .5); // person 0 is in the gallery all the same
}

TEST(Parrot, NobodyInTwoClips) {
  Samples s = four_clips(1);
  std::erase_if(s.all, [](const Sample& one) { return one.clip % 2 == 1; });
  const AttackResult r = attack(s, Attack::parrot);
  EXPECT_EQ(r.faces, 0U);
  EXPECT_EQ(r.described, 0U);
  EXPECT_FALSE(r.frames.known);
}

TEST(Linking, KnowsEveryClipByItsFirstHalf) {
  Samples s = four_clips(0);
  for (Sample& one : s.all)
    one.face.deidentified = at(static_cast<double>(one.clip), one.face.frame * .01);
  const AttackResult r = attack(s, Attack::linking);
  EXPECT_EQ(r.gallery, 4U);
  EXPECT_EQ(r.faces, 8U); // the second halves of three: two each
  EXPECT_EQ(r.hits, 8U);
}

TEST(Linking, ThePersonInAnotherClipIsNoStranger) {
  // two people in two clips each; each looks the same in every frame
  Samples same{{"a", "b", "c", "d"}, {"p", "q"}, {}};
  // the second half of each clip looks like the first half of the person's other clip
  Samples crossed = same;
  for (std::size_t clip = 0; clip < 4; ++clip)
    for (int frame = 0; frame < 4; ++frame) {
      const std::size_t person = clip / 2;
      const double x = 10. * static_cast<double>(person), other = (clip % 2 == 0) == (frame < 2) ? 0 : 1;
      same.all.push_back(face_of(clip, person, frame, at(x), at(x)));
      crossed.all.push_back(face_of(clip, person, frame, at(x), at(x + other)));
    }
  for (const Samples& s : {same, crossed}) {
    const AttackResult r = attack(s, Attack::linking);
    EXPECT_EQ(r.gallery, 4U);
    EXPECT_EQ(r.described, 8U);
    EXPECT_EQ(r.hits, 8U); // rank 1 is 1
    EXPECT_DOUBLE_EQ(r.median_rank, 1);
    EXPECT_DOUBLE_EQ(r.chance, .5); // two of four entries are right
    EXPECT_EQ(r.impostors, 16U);    // two for each shown face
    for (const Guess& guess : r.guesses)
      EXPECT_EQ(guess.taken_for, *s.all[guess.sample].person);
  }
}

TEST(Attack, FacesWithoutADescriptorTellNothing) {
  Samples s = four_clips(1);
  for (Sample& one : s.all)
    one.face.deidentified.reset();
  for (const Attack kind : {Attack::naive, Attack::parrot, Attack::linking}) {
    const AttackResult r = attack(s, kind);
    EXPECT_EQ(r.described, 0U);
    EXPECT_EQ(r.hits, 0U);
    EXPECT_EQ(r.guesses.size(), 0U);
  }
  EXPECT_EQ(attack(s, Attack::naive).faces, 12U);
  EXPECT_EQ(attack({}, Attack::naive).faces, 0U);
}

TEST(Attack, ThresholdLetsOneInAThousandIn) {
  // 2000 faces of person 0 at distance 1 + i/1000 from person 1, the only other person
  Samples s{{"a"}, {"p", "q"}, {}};
  s.all.push_back(face_of(0, 1, 0, at(0), std::nullopt));
  for (int i = 0; i < 2000; ++i)
    s.all.push_back(face_of(0, 0, i, at(1 + i / 1000., i < 1000 ? 1.0005 : 5), at(1 + i / 1000.)));
  // the average original of person 0 is far; only the threshold counts here
  const AttackResult r = attack(s, Attack::naive);
  ASSERT_TRUE(r.threshold_known);
  EXPECT_EQ(r.impostors, 2000U);
  EXPECT_NEAR(r.threshold, 1.002, 1e-6); // two nearer ones are accepted: 2 of 2000
  EXPECT_EQ(r.accepted, 0U);
}

} // namespace
} // namespace deid::test
