// The target of each person, and results that are not shown, with a describer that identifies people by
// colour.
#include "tests/elements/faceswap/swapper_fixture.hpp"

namespace deid::faceswap {
namespace {

TEST_F(SwapperTest, TheFirstFrameIsChosenCheckedAndShown) {
  begin(loaded({at(0, .9), at(1, .7)}));
  const auto first = frame({{1, here, red}});
  EXPECT_TRUE(drawn(first.overlays.at(0)));
  EXPECT_NE(said(first.overlays.at(0)).find("swap nobody-1, distance 1.281"), std::string::npos)
      << said(first.overlays.at(0));
  EXPECT_EQ(noted(SwapEvent::Kind::chosen), 1);
  EXPECT_EQ(events_.at(0).target, "nobody-1");
  EXPECT_EQ(swapper_->counters().verified, 1U);
  for (int i = 0; i < 30; ++i)
    frame({{1, here, red}});
  EXPECT_EQ(swapper_->counters().verified, 3U) << "every 15th frame";
  EXPECT_EQ(swapper_->counters().swapped, 31U);
  EXPECT_NEAR(swapper_->counters().worst, 1.281, .01);
}

TEST_F(SwapperTest, AResultThatIsTooCloseIsNotInTheOverlaysOfThisVeryFrame) {
  settings_.verify.raise = false;
  begin(loaded({at(0, .9)}));
  describer_->result = [] { return anna; };
  const auto first = frame({{1, here, red}});
  EXPECT_FALSE(drawn(first.overlays.at(0)));
  EXPECT_NE(said(first.overlays.at(0)).find("average (result-too-close, distance 0.000"), std::string::npos)
      << said(first.overlays.at(0));
  EXPECT_EQ(noted(SwapEvent::Kind::covered), 1);
  for (int i = 0; i < 10; ++i)
    EXPECT_FALSE(drawn(frame({{1, here, red}}).overlays.at(0))) << i;
  EXPECT_EQ(swapper_->counters().swapped, 0U);
  EXPECT_EQ(swapper_->counters().refused, 1U);
}

TEST_F(SwapperTest, WhatLooksOtherwiseIsCheckedBeforeItIsShown) {
  settings_.verify.raise = false;
  settings_.compose.opacity = .1F;
  begin(loaded({at(0, .9)}));
  ASSERT_TRUE(drawn(frame({{1, here, red}}).overlays.at(0)));
  describer_->result = [] { return anna; };
  ASSERT_TRUE(drawn(frame({{1, here, red}}).overlays.at(0))) << "the next check is 14 frames away";
  settings_.compose.opacity = 1;
  EXPECT_FALSE(drawn(frame({{1, here, red}}).overlays.at(0)));
}

TEST_F(SwapperTest, WhereNothingIsDrawnNoSwapIsSaid) {
  settings_.compose.opacity = 0;
  begin(loaded({at(0, .9)}));
  const auto now = frame({{1, here, red}}).overlays.at(0);
  EXPECT_EQ(said(now), "average (nothing-drawn)");
  EXPECT_TRUE(now.alpha.empty() && now.outcome.target.empty());
  EXPECT_EQ(swapper_->counters().swapped, 0U);
  settings_.compose.opacity = 1;
  EXPECT_TRUE(drawn(frame({{1, here, red}}).overlays.at(0)));
}

TEST_F(SwapperTest, AnotherShapeOrMarginOfTheCoverIsCheckedAtOnce) {
  begin(loaded({at(0, .9)}));
  frame({{1, here, red}});
  EXPECT_EQ(done({{1, here, red}}), "swap nobody-1");
  settings_.margin = .1F;
  EXPECT_NE(done({{1, here, red}}).find("distance"), std::string::npos);
  settings_.shape = cover::Shape::box;
  EXPECT_NE(done({{1, here, red}}).find("distance"), std::string::npos);
}

TEST_F(SwapperTest, AResultThatTurnsTooCloseIsCoveredAndComesBackWithHysteresis) {
  settings_.verify.raise = false;
  settings_.verify.every = 5;
  begin(loaded({at(0, .9)}));
  for (int i = 0; i < 60; ++i)
    ASSERT_TRUE(drawn(frame({{1, here, red}}).overlays.at(0))) << i;
  describer_->result = [] { return anna; };
  int shown = 0;
  while (drawn(frame({{1, here, red}}).overlays.at(0)))
    ASSERT_LT(++shown, 5) << "no check in five frames";
  describer_->result = [] { return at(20, 1); };
  int blurred = 1;
  while (!drawn(frame({{1, here, red}}).overlays.at(0)))
    ASSERT_LT(++blurred, 60);
  EXPECT_GE(blurred, 15);
}

TEST_F(SwapperTest, GeometryIsRaisedBeforeAnythingElseAndWithinTheFrame) {
  begin(loaded({at(0, .9)}));
  int tries = 0;
  describer_->result = [&tries] { return ++tries < 3 ? anna : at(20, 1); };
  const std::string said = done({{1, here, red}});
  EXPECT_NE(said.find("swap nobody-1, geometry 0.50, distance"), std::string::npos) << said;
  EXPECT_EQ(noted(SwapEvent::Kind::raised), 2);
  EXPECT_NE(done({{1, here, red}}).find("geometry 0.50"), std::string::npos);
}

TEST_F(SwapperTest, ThenAnotherTarget) {
  settings_.verify.raise = false;
  begin(loaded({at(0, .9), at(1, .9)}));
  int tries = 0;
  describer_->result = [&tries] { return ++tries < 2 ? anna : at(20, 1); };
  const std::string said = done({{1, here, red}});
  ASSERT_EQ(noted(SwapEvent::Kind::reassigned), 1);
  EXPECT_NE(events_.at(0).target, events_.at(1).target);
  EXPECT_NE(said.find("swap " + events_.at(1).target), std::string::npos) << said;
}

TEST_F(SwapperTest, AnUnwantedTargetIsNotDrawnInTheVeryFrame) {
  begin(loaded({at(0, .9), at(1, .9)}));
  const std::string first = done({{1, here, red}});
  const std::string worn = first.find("nobody-1") != std::string::npos ? "nobody-1" : "nobody-2";
  const std::string other = worn == "nobody-1" ? "nobody-2" : "nobody-1";
  for (int i = 0; i < 3; ++i)
    EXPECT_NE(done({{1, here, red, false, 1, {worn}}}).find("swap " + other), std::string::npos) << i;
  const cover::Overlay none = frame({{1, here, red, false, 1, {worn, other}}}).overlays.at(0);
  EXPECT_FALSE(drawn(none)) << "the cover stays";
}

TEST_F(SwapperTest, TheTargetIsTheOneWhoseResultIsFarthest) {
  begin(loaded({at(0, .9), at(1, .9), at(2, .9)}));
  int tries = 0;
  describer_->result = [&tries] { return at(20, ++tries == 2 ? 1 : .7F); }; // the second tried target
  const std::string said = done({{1, here, red}});
  ASSERT_EQ(noted(SwapEvent::Kind::chosen), 1);
  ASSERT_EQ(noted(SwapEvent::Kind::reassigned), 1);
  EXPECT_NE(said.find("swap " + events_.at(1).target), std::string::npos) << said;
  const int before = describer_->calls;
  done({{1, here, red}});
  EXPECT_EQ(describer_->calls, before) << "once is enough";
}

/// The second judge takes a result for the person himself: no such result leaves, in no frame.
TEST_F(SwapperTest, AResultThatOnlyTheSecondJudgeRecognisesNeverLeavesWhenItCovers) {
  two_judges_ = true;
  settings_.verify.second_covers = true;
  begin(loaded({at(0, .9)}));
  second_->result = [] { return ByTexture::axis(0); };
  for (int i = 0; i < 200; ++i)
    for (const cover::Overlay& overlay : frame({{1, here, red}}).overlays)
      ASSERT_FALSE(drawn(overlay)) << i;
  EXPECT_EQ(swapper_->counters().swapped, 0U);
  EXPECT_GT(swapper_->counters().refused_by_second, 0U);
  EXPECT_EQ(swapper_->counters().refused_by_second, swapper_->counters().refused);
  EXPECT_NE(done({{1, here, red}}).find("second judge 0.000"), std::string::npos);
  second_->result = [] { return ByTexture::axis(9); }; // hides the person: the swap comes back
  for (int i = 0; i < 90; ++i)
    frame({{1, here, red}});
  EXPECT_GT(swapper_->counters().swapped, 0U);
  EXPECT_NEAR(swapper_->counters().worst_second, std::sqrt(2), 1e-4);
}

/// A second judge that only advises lets no result leave that dlib recognises.
TEST_F(SwapperTest, ASecondJudgeThatAdvisesLetsNothingLeaveThatDlibRecognises) {
  two_judges_ = true;
  begin(loaded({at(0, .9)}));
  second_->result = [] { return ByTexture::axis(9); };
  describer_->result = [] { return anna; };
  for (int i = 0; i < 200; ++i)
    for (const cover::Overlay& overlay : frame({{1, here, red}}).overlays)
      ASSERT_FALSE(drawn(overlay)) << i;
  EXPECT_GT(swapper_->counters().refused, 0U);
  EXPECT_EQ(swapper_->counters().refused_by_second, 0U);
}

TEST_F(SwapperTest, ASecondJudgeThatAdvisesChoosesTheFartherTargetAndCoversNothing) {
  two_judges_ = true;
  begin(loaded({at(0, .95), at(1, .95)}));
  int results = 0;
  second_->result = [&] {
    return ByTexture::axis(++results == 2 ? 9 : 0);
  }; // far with the second target alone
  for (int i = 0; i < 60; ++i)
    frame({{1, here, red}});
  EXPECT_GT(swapper_->counters().swapped, 0U);
  EXPECT_EQ(swapper_->counters().refused, 0U);
  EXPECT_EQ(noted(SwapEvent::Kind::reassigned), 1);
}

TEST_F(SwapperTest, TheSecondJudgesDoubtGivesThePersonAnotherTarget) {
  two_judges_ = true;
  settings_.verify.second_covers = true;
  settings_.verify.raise = false;
  begin(loaded({at(0, .95), at(1, .9)}));
  int results = 0;
  second_->result = [&] {
    return ByTexture::axis(++results <= 3 ? 0 : 9);
  }; // two trials, and the first check
  bool shown = false;
  for (int i = 0; i < 30; ++i)
    shown = drawn(frame({{1, here, red}}).overlays.at(0)) || shown;
  EXPECT_TRUE(shown);
  EXPECT_GE(noted(SwapEvent::Kind::reassigned), 1);
}

TEST_F(SwapperTest, ASecondJudgeThatFailsStopsTheFrame) {
  two_judges_ = true;
  begin(loaded({at(0, .9)}));
  second_->result = []() -> std::optional<FaceFeatures> { throw std::runtime_error("the engine failed"); };
  const auto until_checked = [&] {
    for (int i = 0; i < 30; ++i)
      for (const cover::Overlay& overlay : frame({{1, here, red}}).overlays)
        ASSERT_FALSE(drawn(overlay));
  };
  EXPECT_THROW(until_checked(), std::runtime_error);
}

TEST_F(SwapperTest, BothJudgesLookAtTheSameAndAsRarely) {
  two_judges_ = true;
  begin(loaded({at(0, .9)}));
  const int targets = second_->calls; // described at the start
  EXPECT_EQ(targets, 1);
  for (int i = 0; i < 60; ++i)
    frame({{1, here, red}});
  EXPECT_EQ(second_->calls - targets, describer_->calls);
  EXPECT_LT(describer_->calls, 20);
}

TEST_F(SwapperTest, TheFirstResultIsDrawnAnewUntilFeaturesAreSeenWhereTheyShouldBe) {
  begin(loaded({at(0, .9)}));
  const cv::Mat before = frame({{1, here, red}}).overlays.at(0).rgb.clone();
  landmarker_.emplace();
  begin(loaded({at(0, .9)}));
  const auto first = frame({{1, here, red}});
  EXPECT_EQ(landmarker_->calls, 3);
  EXPECT_TRUE(drawn(first.overlays.at(0)));
  EXPECT_GT(cv::norm(first.overlays.at(0).rgb, before, cv::NORM_INF), 0);
  for (int i = 0; i < 20; ++i)
    frame({{1, here, red}});
  EXPECT_EQ(landmarker_->calls, 3 + 4) << "then every 5th frame";
  for (int i = 0; i < 10 + 45; ++i)
    frame({{1, here, red}});
  EXPECT_EQ(landmarker_->calls, 3 + 6 + 3) << "and, when it has learnt, every 15th";
}

TEST_F(SwapperTest, WhatIsSeenNowhereOrSomewhereElseChangesNothing) {
  begin(loaded({at(0, .9)}));
  const cv::Mat before = frame({{1, here, red}}).overlays.at(0).rgb.clone();
  for (const bool sees : {false, true}) {
    landmarker_.emplace();
    landmarker_->sees = sees;
    landmarker_->by = 500;
    begin(loaded({at(0, .9)}));
    const auto now = frame({{1, here, red}});
    EXPECT_GT(landmarker_->calls, 0);
    EXPECT_EQ(cv::norm(now.overlays.at(0).rgb, before, cv::NORM_INF), 0) << sees;
  }
}

TEST_F(SwapperTest, ResultsAreNotLookedAtWhenNotAsked) {
  landmarker_.emplace();
  settings_.correct = false;
  begin(loaded({at(0, .9)}));
  EXPECT_TRUE(drawn(frame({{1, here, red}}).overlays.at(0)));
  EXPECT_EQ(landmarker_->calls, 0);
}

TEST_F(SwapperTest, WhatWasDrawnAnewIsStillCheckedBeforeItLeaves) {
  landmarker_.emplace();
  settings_.verify.raise = false;
  begin(loaded({at(0, .9)}));
  describer_->result = [] { return anna; };
  EXPECT_FALSE(drawn(frame({{1, here, red}}).overlays.at(0)));
}

TEST_F(SwapperTest, ATargetThatLooksLikeThePersonIsRefused) {
  settings_.pick = false;
  begin(loaded({at(10, .5)}));
  for (int i = 0; i < 5; ++i)
    EXPECT_FALSE(drawn(frame({{1, here, red}}).overlays.at(0)));
  EXPECT_EQ(done({{1, here, red}}), "average (target-too-close)");
  ASSERT_EQ(noted(SwapEvent::Kind::refused), 1);
  EXPECT_NEAR(events_.at(0).distance, .3, 1e-3);
  EXPECT_EQ(events_.at(0).why, Reason::target_too_close);
}

TEST_F(SwapperTest, TwoPeopleWhoCrossKeepTheirTargets) {
  begin(loaded({at(0, .9), at(1, .9)}));
  std::string annas, bens;
  for (int i = 0; i <= 60; ++i) {
    const float way = static_cast<float>(i) / 60 * (there.x - here.x);
    const auto now = frame({{1, here + cv::Point2f(way, 0), red}, {2, there - cv::Point2f(way, 0), blue}});
    if (i == 0) {
      annas = said(now.overlays.at(0)).substr(0, 13);
      bens = said(now.overlays.at(1)).substr(0, 13);
      ASSERT_TRUE(annas.starts_with("swap nobody-") && bens.starts_with("swap nobody-")) << annas << bens;
      ASSERT_NE(annas, bens);
    }
    for (const auto& [overlay, own] : {std::pair(now.overlays.at(0), annas), {now.overlays.at(1), bens}})
      EXPECT_TRUE(!drawn(overlay) || said(overlay).starts_with(own)) << i << ": " << said(overlay);
  }
  EXPECT_TRUE(done({{1, there, red}, {2, here, blue}}).starts_with(annas)) << "did not come back";
}

TEST_F(SwapperTest, AfterASeekIdsMayBeOthersButTargetsStay) {
  begin(loaded({at(0, .9), at(1, .9)}));
  const std::string annas = done({{1, here, red}}).substr(0, 13);
  const auto both = frame({{1, here, red}, {2, there, blue}});
  const std::string bens = said(both.overlays.at(1)).substr(0, 13);
  swapper_->flush(settings_);
  const auto after = frame({{1, here, blue}, {2, there, red}});
  EXPECT_TRUE(said(after.overlays.at(0)).starts_with(bens)) << said(after.overlays.at(0));
  EXPECT_TRUE(said(after.overlays.at(1)).starts_with(annas)) << said(after.overlays.at(1));
}

TEST_F(SwapperTest, WhoIsNotAssignedStaysCovered) {
  begin(loaded({at(0, .9), at(1, .9)}));
  settings_.selection = parse_selection("right").value();
  auto now = frame({{1, here, red}, {2, there, blue}});
  EXPECT_EQ(said(now.overlays.at(0)), "average (not-assigned)");
  EXPECT_FALSE(drawn(now.overlays.at(0)));
  EXPECT_TRUE(drawn(now.overlays.at(1)));
  settings_.others = Others::fill;
  now = frame({{1, here, red}, {2, there, blue}});
  EXPECT_EQ(said(now.overlays.at(0)), "fill (not-assigned)");
  EXPECT_EQ(cv::norm(now.overlays.at(0).rgb, cv::NORM_INF), 0);
  double least = 0;
  cv::minMaxLoc(now.overlays.at(0).alpha, &least);
  EXPECT_EQ(least, 255);
}

TEST_F(SwapperTest, ACrowdIsCheckedOverSeveralFramesAndNobodyIsShownUnchecked) {
  begin(loaded({at(0, .9), at(1, .9), at(2, .9), at(3, .9)}));
  std::vector<Face> people;
  for (std::uint32_t i = 0; i < 2; ++i) {
    people.push_back({10 + i, {20.F + 300.F * static_cast<float>(i), 10, 120, 150}, i == 0 ? red : blue});
    people.push_back({20 + i, {20.F + 300.F * static_cast<float>(i), 190, 120, 150}, i == 0 ? blue : red});
  }
  int before = 0;
  for (int i = 0; i < 12; ++i) {
    const auto now = frame(people);
    EXPECT_LE(describer_->calls - before, 16) << i;
    before = describer_->calls;
    const auto shown = static_cast<std::uint64_t>(
        std::count_if(now.overlays.begin(), now.overlays.end(), [](const auto& o) { return drawn(o); }));
    EXPECT_LE(shown, swapper_->counters().verified) << i;
  }
  EXPECT_GE(swapper_->counters().swapped, 10U);
}

TEST_F(SwapperTest, TwoFacesWithOneIdAreNotOnePerson) {
  begin(loaded({at(0, .9)}));
  const auto now = frame({{1, here, red}, {1, there, blue}});
  EXPECT_TRUE(drawn(now.overlays.at(0)));
  EXPECT_FALSE(drawn(now.overlays.at(1)));
}

TEST_F(SwapperTest, WithoutAnyCheckNothingIsDescribed) {
  settings_.verify.every = 0;
  settings_.pick = false;
  begin(loaded({at(0, .1)}));
  EXPECT_TRUE(drawn(frame({{1, here, red}}).overlays.at(0)));
  EXPECT_EQ(describer_->calls, 0);
}

TEST_F(SwapperTest, TargetsWithoutADescriptorGetOneAndSoDoLookalikes) {
  Loaded faces = loaded({at(0, .9), at(1, .9)});
  faces.targets[1].descriptor.reset();
  faces.lookalikes.push_back(test::nobody());
  begin(faces);
  EXPECT_EQ(describer_->calls, 2);
}

TEST(FaceCrop, IsWhatLeaves) {
  cv::Mat rgb(size, CV_8UC3);
  cv::randu(rgb, cv::Scalar::all(0), cv::Scalar::all(255));
  video::FrameView view = video::rgb_view(rgb);
  const FaceRegion face = test::mesh_face(here);
  const cover::Mask mask = cover::rasterize(face, cover::Shape::contour, .02F, size);
  const FaceCrop crop = crop_face(view, face.landmarks, mask.bounds);
  const cv::Rect inside(crop.at, crop.rgb.size());
  EXPECT_EQ(cv::norm(crop.rgb, rgb(inside), cv::NORM_INF), 0);
  EXPECT_EQ(inside & mask.bounds, mask.bounds);
  EXPECT_NEAR(crop.landmarks[10].x + static_cast<float>(crop.at.x), face.landmarks[10].x, 1e-3);
  const Picture picture{cv::Mat(mask.bounds.size(), CV_8UC3, cv::Scalar(1, 2, 3)),
                        cv::Mat(mask.bounds.size(), CV_8UC1, cv::Scalar(255))};
  const cv::Mat result = as_it_leaves(crop, mask, Swapper::style(), picture);
  cover::apply(view, mask, Swapper::style()); // the frame, covered as the element covers it
  cv::Mat want = rgb(inside).clone();
  want(mask.bounds - crop.at).setTo(cv::Scalar(1, 2, 3), mask.mask);
  EXPECT_EQ(cv::norm(result, want, cv::NORM_INF), 0);
}

TEST(FaceCrop, OutsideTheFrameThereIsNothingToLookAt) {
  const cv::Mat rgb(20, 20, CV_8UC3, cv::Scalar(0));
  EXPECT_THROW(crop_face(video::rgb_view(rgb), test::mesh_face({500, 500, 50, 50}).landmarks),
               std::invalid_argument);
}

} // namespace
} // namespace deid::faceswap
