#include "elements/faceswap/choice/chooser.hpp"
#include "tests/elements/faceswap/somebodies.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include <gtest/gtest.h>
#include <limits>

namespace deid::faceswap {
namespace {

using test::at;

const Tone light(75, 12, 15), dark(35, 14, 20);
const Observation person{Descriptor{}, light};

std::optional<std::size_t> chosen(const std::vector<Candidate>& candidates,
                                  const std::vector<Descriptor>& strangers = {}, ChoiceRules rules = {}) {
  const auto choice =
      choose(candidates, std::vector<bool>(candidates.size(), true), person, {.first = strangers}, rules);
  return choice ? std::optional(choice->target) : std::nullopt;
}

TEST(Chooser, TakesTheFarthest) {
  EXPECT_EQ(chosen({{at(0, .8), light}, {at(1, .95), light}, {at(2, .7), light}}), 1U);
}

TEST(Chooser, NothingNearerThanTheLeastIsTaken) {
  EXPECT_EQ(chosen({{at(0, .59), light}, {at(1, .3), light}}), std::nullopt);
  EXPECT_EQ(chosen({{at(0, .59), light}, {at(1, .61), dark}}), 1U);
  EXPECT_EQ(chosen({{at(0, .59), light}}, {}, {.least = .5}), 0U);
  EXPECT_EQ(chosen({{at(0, std::numeric_limits<double>::quiet_NaN()), light}}), std::nullopt);
}

TEST(Chooser, AmongThoseFarEnoughTheSkinDecides) {
  EXPECT_EQ(chosen({{at(0, .84), dark}, {at(1, .8), light}}), 1U);
  EXPECT_EQ(chosen({{at(0, 1.2), dark}, {at(1, .8), light}}), 0U) << "much farther is worth another tone";
  EXPECT_EQ(chosen({{at(0, .76), dark}, {at(1, .74), light}}), 0U) << "far enough comes before skin";
  EXPECT_EQ(chosen({{at(0, .7), dark}, {at(1, .65), light}}), 1U) << "none is far enough: skin counts again";
}

TEST(Chooser, PrefersWhereAStrangerWillBeNearer) {
  const std::vector<Candidate> two{{at(0, .96), light}, {at(1, .95), light}};
  EXPECT_EQ(chosen(two, {at(5, 3)}), 0U) << "a stranger far from both says nothing";
  // a stranger lies beside the way to the second target, but is not near this target
  EXPECT_EQ(chosen(two, {at(1, .62, 6, .52)}), 1U);
}

/// Features at an angle [radians] from the first axis, towards another one.
FaceFeatures turned(std::size_t axis, double angle) {
  FaceFeatures features{};
  features[0] = static_cast<float>(std::cos(angle));
  features.at(axis) = static_cast<float>(std::sin(angle));
  return features;
}

TEST(Chooser, TheStricterJudgeDecides) {
  const Observation both{Descriptor{}, light, true, turned(1, 0)};
  const auto best = [&](const Strangers& strangers) {
    const std::vector<Candidate> two{{at(0, .95), light, {}, turned(1, .9)},
                                     {at(1, .9), light, {}, turned(2, 1.4)}};
    return choose(two, {true, true}, both, strangers, {})->target;
  };
  EXPECT_EQ(best({}), 1U) << "the first is a little farther for dlib, and much nearer for the second judge";
  // for the second judge, a stranger is near the result of the first target: nobody finds the person there
  Strangers near;
  near.second.push_back(turned(1, .4));
  const std::vector<Candidate> alike{{at(0, .9), light, {}, turned(2, 1.2)},
                                     {at(1, .9), light, {}, turned(1, 1.2)}};
  EXPECT_EQ(choose(alike, {true, true}, both, {}, {})->target, 0U) << "equal: the first one";
  EXPECT_EQ(choose(alike, {true, true}, both, near, {})->target, 1U);
}

const Looks woman_of_30{.05, 30}, woman_of_70{.05, 70}, man_of_30{.95, 30}, perhaps{.45, 30};

/// The target that this person gets, of targets with these distances and looks.
std::size_t chosen_for(const Looks& looks, const std::vector<std::pair<float, Looks>>& targets) {
  std::vector<Candidate> candidates;
  for (const auto& [away, target] : targets)
    candidates.push_back({.descriptor = at(candidates.size(), away), .looks = target});
  const Observation who{.descriptor = Descriptor{}, .looks = looks};
  return choose(candidates, std::vector<bool>(targets.size(), true), who, {}, {})->target;
}

TEST(Chooser, KeepsSexAndAgeWhereTheyHideThePerson) {
  EXPECT_EQ(chosen_for(woman_of_30, {{.9, man_of_30}, {.8, woman_of_30}}), 1U);
  EXPECT_EQ(chosen_for(woman_of_30, {{.9, woman_of_70}, {.8, woman_of_30}}), 1U);
  EXPECT_EQ(chosen_for({.3, 30}, {{.9, man_of_30}, {.7, woman_of_30}}), 1U) << "nearly certain is certain";
  EXPECT_EQ(chosen_for(woman_of_30, {{.9, woman_of_70}, {.8, man_of_30}}), 0U) << "sex comes before age";
  EXPECT_EQ(chosen_for(woman_of_30, {{.9, man_of_30}, {.7, woman_of_30}}), 1U) << "also below `enough`";
  EXPECT_EQ(chosen_for(woman_of_30, {{.9, man_of_30}, {.66, woman_of_30}}), 0U) << "but not too near";
  EXPECT_TRUE(far_enough({.distance = .7}, {.looks = woman_of_30}, {.looks = woman_of_30}, {}));
  EXPECT_FALSE(far_enough({.distance = .7}, {.looks = woman_of_30}, {.looks = man_of_30}, {}));
  EXPECT_FALSE(far_enough({.distance = .7}, {.looks = woman_of_30}, {.looks = woman_of_30}, {.least = .72}));
  EXPECT_EQ(chosen_for(woman_of_30, {{1.1, man_of_30}, {.7, woman_of_30}}), 0U) << "nor at any price";
  EXPECT_EQ(chosen_for({.05, 44}, {{.9, woman_of_30}, {.8, {.05, 44}}}), 0U) << "15 years are one age";
}

TEST(Chooser, SaysInWhatATargetIsUnlikeThePerson) {
  const auto differs = [](const Looks& target, const Looks& who) {
    return unlike({.looks = target}, {.looks = who});
  };
  EXPECT_EQ(differs(man_of_30, woman_of_30), (Unlike{.sex = true}));
  EXPECT_EQ(differs(woman_of_70, man_of_30), (Unlike{.sex = true, .age = true}));
  EXPECT_FALSE(differs(man_of_30, perhaps).any()) << "the person's sex is not certain";
  EXPECT_FALSE(differs(woman_of_30, {.2, 44}).any());
  EXPECT_FALSE(unlike({.looks = man_of_30}, {}).any()) << "not known";
  EXPECT_FALSE(alike({.looks = man_of_30}, {})) << "not known";
  EXPECT_TRUE(alike({.looks = woman_of_30}, {.looks = perhaps}));
}

TEST(Chooser, AToneIsAnotherOneOnlyBesideANearerOne) {
  const std::vector<Candidate> two{{.tone = dark}, {.tone = light}};
  EXPECT_TRUE(another_tone(two, 0, person));
  EXPECT_FALSE(another_tone(two, 1, person));
  EXPECT_FALSE(another_tone({{.tone = dark}}, 0, person)) << "all targets look so in this light";
  EXPECT_FALSE(another_tone(two, 0, {}));
}

TEST(Chooser, TheSecondJudgesLimitIsDlibs) {
  EXPECT_DOUBLE_EQ(in_dlib(models::faceres_limit), models::same_person_limit);
  EXPECT_GT(in_dlib(1.1), in_dlib(1.0));
}

TEST(Chooser, InOrderTheFirstFarEnoughIsTaken) {
  EXPECT_EQ(chosen({{at(0, .3), light}, {at(1, .61), dark}, {at(2, .9), light}}, {}, {.pick = false}), 1U);
  EXPECT_EQ(chosen({{{}, {}}, {at(1, .9), {}}}, {}, {.pick = false}), 0U) << "distance not asked for";
}

TEST(Chooser, WhatIsNotFreeIsNotTaken) {
  const std::vector<Candidate> two{{at(0, .9), light}, {at(1, .8), light}};
  EXPECT_EQ(choose(two, {false, true}, person, {}, {})->target, 1U);
  EXPECT_FALSE(choose(two, {false, false}, person, {}, {}));
  EXPECT_EQ(nearest(two, {true, true}, person)->target, 1U);
  EXPECT_NEAR(nearest(two, {true, true}, person)->distance, .8, 1e-6);
  EXPECT_FALSE(nearest(two, {false, false}, person));
}

TEST(Chooser, TheRankLeavesOutWhoLooksLikeTheTarget) {
  const Descriptor result = at(0, .7), original{}, target = at(0, 1);
  const Rank rank = rank_of(result, original, target, {target, at(0, 1.2), at(1, .1), at(1, 2)});
  EXPECT_EQ(rank.strangers, 2);
  EXPECT_EQ(rank.place, 1) << "the original is nearer than both that count";
  EXPECT_EQ(rank_of(result, original, {}, {at(0, .8)}).place, 2);
  EXPECT_EQ(rank_of(result, original, {}, {}).strangers, 0);
}

TEST(Chooser, TheMedianOfThreeLooksForgetsTheOddOne) {
  const std::vector<Descriptor> looks{at(0, 1), at(0, 1.2), at(0, 9)};
  EXPECT_NEAR(median(looks).at(0), 1.2, 1e-6);
  const std::vector<Descriptor> two{at(0, 1), at(0, 2)};
  EXPECT_NEAR(median(two).at(0), 1.5, 1e-6);
  EXPECT_NEAR(blend(at(0, 1), at(0, 2), .25).at(0), 1.25, 1e-6);
}

TEST(SkinTone, IsTheMedianOfTheSkin) {
  const auto face = test::mesh_face({20, 20, 100, 130});
  cv::Mat rgb(180, 160, CV_8UC3, cv::Scalar(200, 150, 120));
  const auto tone = skin_tone(rgb, face.landmarks);
  ASSERT_TRUE(tone);
  EXPECT_NEAR((*tone)[0], 66, 1.5); // L* of (200, 150, 120)
  EXPECT_GT((*tone)[1], 8);
  EXPECT_GT((*tone)[2], 15);
  cv::Mat(rgb, cv::Rect(0, 0, 160, 60)).setTo(cv::Scalar(0, 0, 0)); // hair over a part
  EXPECT_LT(tone_difference(*skin_tone(rgb, face.landmarks), *tone), 1);
}

TEST(SkinTone, IsNotMadeUp) {
  const auto face = test::mesh_face({20, 20, 100, 130});
  const cv::Mat small(20, 20, CV_8UC3, cv::Scalar(200, 150, 120));
  EXPECT_FALSE(skin_tone(small, face.landmarks)) << "the face is not in the picture";
  EXPECT_FALSE(skin_tone(small, {}));
  EXPECT_NEAR(tone_difference({50, 0, 0}, {60, 0, 0}), 5, 1e-6) << "half the weight on lightness";
  EXPECT_NEAR(tone_difference({50, 3, 0}, {50, 0, 4}), 5, 1e-6);
}

} // namespace
} // namespace deid::faceswap
