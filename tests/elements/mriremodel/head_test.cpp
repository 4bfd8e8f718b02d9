// A ball as a head: what is written where, what must stay, and every reason to refuse.
#include "elements/mriremodel/gates.hpp"
#include "elements/mriremodel/removal.hpp"
#include "elements/mriremodel/report.hpp"
#include "tests/elements/mriremodel/ball.hpp"
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace deid::mriremodel {
namespace {

using testing::HasSubstr;

TEST(Fill, ASmallerFaceLeavesAirAndTheBackStays) {
  Filling made;
  const Filled filled = made.run(34);
  EXPECT_GT(filled.air, 1000U);
  EXPECT_GT(made.value(0, 30, 0), 150) << "inside the new face";
  EXPECT_LT(made.value(0, 38, 0), 15) << "between the new skin and the old one";
  std::size_t changed = 0;
  const auto n = static_cast<std::size_t>(2 * half + 1);
  for (std::size_t voxel = 0; voxel < made.ball.about.voxels(); ++voxel) {
    const bool same = std::memcmp(&made.before[2 * voxel], &made.ball.voxels[2 * voxel], 2) == 0;
    changed += same ? 0 : 1;
    const double y = static_cast<double>(voxel / n % n) - half;
    ASSERT_TRUE(same || (y > 0 && made.kept[voxel] == 0)) << "voxel " << voxel << " may not change";
  }
  EXPECT_GT(changed, 5000U);
}

TEST(Fill, ALargerFaceIsFilledWithSkinWithoutHoles) {
  Filling made;
  (void)made.run(46);
  for (double angle = -1; angle <= 1; angle += 0.1)
    for (double deep = 1; deep < 6; deep += 0.5)
      EXPECT_GT(made.value((46 - deep) * std::sin(angle), (46 - deep) * std::cos(angle), 0), 110)
          << angle << ", " << deep << " mm under the new skin";
  EXPECT_LT(made.value(0, 49, 0), 15);
}

TEST(Fill, AHoleInTheOldSkinIsNoHoleInTheNewOne) {
  Filling made;
  const volume::StoredVoxels stored(made.ball.about, made.ball.voxels);
  std::size_t voxel = 0;
  for (int k = -half; k <= half; ++k)
    for (int j = -half; j <= half; ++j)
      for (int i = -half; i <= half; ++i, ++voxel)
        if (j > 30 && std::hypot(i, k) < 3)
          stored.set(voxel, 5); // a nostril; the skin's distance goes over it
  Filling again{made.ball};
  const Filled filled = again.run(46);
  EXPECT_GT(filled.skin, 50U);
  EXPECT_GT(again.value(0, 44, 0), 110);
}

TEST(Fill, AirIsTheScansOwnAndNeverAllTheSame) {
  Filling made;
  (void)made.run(34);
  double least = 1e9, most = -1e9;
  for (int x = -5; x <= 5; ++x) {
    least = std::min(least, made.value(x, 38, 0));
    most = std::max(most, made.value(x, 38, 0));
  }
  EXPECT_GE(least, 4);
  EXPECT_LE(most, 10);
  EXPECT_GT(most - least, 2);
}

TEST(Fill, TheSameSeedGivesTheSameVoxels) {
  Filling a, b, c;
  (void)a.run(36, 1), (void)b.run(36, 1), (void)c.run(36, 2);
  EXPECT_EQ(a.ball.voxels, b.ball.voxels);
  EXPECT_NE(a.ball.voxels, c.ball.voxels);
}

TEST(Blended, ANewSkinNeverComesNearTheBrain) {
  const Ball ball;
  const Subject subject = ball.subject();
  const volume::Field to = blended(subject.fields, subject.brain, ball_field(5));
  EXPECT_LT(sample(to, {0, 23, 0}, 99), 0) << "10 mm of skull and skin around a brain of 15 mm";
}

TEST(Pushed, ASkinNearTheOldOneMovesAway) {
  const PushTuning push;
  const auto depth_at_old_skin = [](double new_radius) {
    return static_cast<double>(
        sample(pushed(ball_field(new_radius), ball_field(radius)), {0, radius, 0}, 99));
  };
  EXPECT_NEAR(depth_at_old_skin(radius), 0, 0.01) << "on the old skin there is no side to move to";
  EXPECT_NEAR(depth_at_old_skin(radius + 0.4), -0.4 - push.most * std::tanh(0.4 / push.reach), 0.05);
  EXPECT_NEAR(depth_at_old_skin(radius - 0.4), 0.4 + push.most * std::tanh(0.4 / push.reach), 0.05);
  EXPECT_NEAR(depth_at_old_skin(radius + 9), -9 - push.most, 0.05);
}

/// Skins that cross: less of the old one is near the new one, and the new one has no step.
TEST(Pushed, LessOfTheOldSkinStaysWhereSkinsCross) {
  const volume::Field own = ball_field(radius);
  volume::Field beside = own; // the same ball, 4 mm to the right
  beside.origin[0] += 4;
  volume::Field target = own;
  for (int z = 0; z < own.size[2]; ++z)
    for (int y = 0; y < own.size[1]; ++y)
      for (int x = 0; x < own.size[0]; ++x)
        target.values[own.index(x, y, z)] = held(beside, own.world(x, y, z));
  const volume::Field moved = pushed(target, own);
  double near_before = 0, near_after = 0, steepest = 0, last = 99;
  for (double turn = 0; turn < 3.14; turn += 0.01) {
    const Point at{radius * std::cos(turn), radius * std::sin(turn), 0};
    const double before = held(target, at), after = held(moved, at);
    near_before += std::abs(before) < 1 ? 1 : 0;
    near_after += std::abs(after) < 1 ? 1 : 0;
    steepest = last < 99 ? std::max(steepest, std::abs(after - last) / (0.01 * radius)) : 0;
    last = after;
  }
  EXPECT_LT(near_after, 0.75 * near_before);
  EXPECT_LT(steepest, 0.2) << "[mm a mm]; the skins themselves part by .1";
}

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

Chosen good_choice() {
  Chosen chosen;
  chosen.skin.apart = 5;
  chosen.skin.in_volume = 1;
  return chosen;
}

TEST(Gates, BeforeAnythingIsChanged) {
  const Ball ball;
  const Subject subject = ball.subject();
  const auto with = [&](const std::function<void(Comparison&)>& change) {
    Chosen chosen = good_choice();
    change(chosen.skin);
    return refusal([&] { check_before(chosen, subject); });
  };
  EXPECT_EQ(with([](Comparison&) {}), "");
  EXPECT_THAT(with([](Comparison& c) { c.in_volume = 0.2; }),
              HasSubstr("shows too little of a face: only 20.0 %"));
  EXPECT_THAT(with([](Comparison& c) { c.missing = 0.4; }), HasSubstr("was removed before: 40.0 %"));
  EXPECT_THAT(with([](Comparison& c) { c.apart = 2; }), HasSubstr("nearest new skin is 2.0 mm"));
}

/// The leak that this gate exists for: the scan as it came.
TEST(Gates, AFaceThatStayedIsFound) {
  const Ball ball;
  const Subject subject = ball.subject();
  Report report;
  EXPECT_THAT(refusal([&] { check_after(report, good_choice(), subject, ball.voxels, nullptr); }),
              HasSubstr("100.0 % of the old face's outer 10 mm would stay"));
}

TEST(Gates, AChangedFacePasses) {
  Filling made;
  (void)made.run(33);
  Report report;
  EXPECT_EQ(refusal([&] { check_after(report, good_choice(), made.subject, made.ball.voxels, nullptr); }),
            "");
  EXPECT_LT(report.old_kept, 0.1);
}

/// Gives one answer, whatever it sees.
class Always final : public Recogniser {
public:
  explicit Always(float first) { answer_[0] = first; }
  std::optional<models::Descriptor> describe(const volumerender::Picture&) override { return answer_; }

private:
  models::Descriptor answer_{};
};

Look looks_like(float first) {
  models::Descriptor one{};
  one[0] = first;
  return {one, one, one};
}

TEST(Gates, AResultThatLooksLikeThePersonIsRefused) {
  Filling made;
  (void)made.run(33);
  Chosen chosen = good_choice();
  chosen.own = looks_like(0);
  chosen.strangers = {looks_like(1), looks_like(-1)};
  Report report;
  Always near(0.3F), far(0.8F);
  EXPECT_THAT(refusal([&] { check_after(report, chosen, made.subject, made.ball.voxels, &near); }),
              HasSubstr("still finds the person"));
  EXPECT_EQ(refusal([&] { check_after(report, chosen, made.subject, made.ball.voxels, &far); }), "");
  EXPECT_NEAR(report.to_own.value_or(0), 0.8, 1e-6);
  EXPECT_EQ(report.gallery, 2);
}

TEST(Likeness, FirstInOneViewIsEnough) {
  const Look own = looks_like(0);
  Look result = looks_like(5);
  EXPECT_FALSE(found_first(result, own, {looks_like(6)}));
  (*result[1])[0] = 0.1F;
  EXPECT_TRUE(found_first(result, own, {looks_like(6)}));
  result[1].reset();
  EXPECT_FALSE(found_first(result, own, {looks_like(6)}));
  EXPECT_EQ(distance(Look(3), own), std::nullopt);
}

volume::Description head_scan() {
  volume::Description about{.format = volume::Format::u8, .size = {8, 8, 8}};
  about.oriented = true;
  return about;
}

TEST(Study, ScansThatCannotBeJudgedAreRefused) {
  const volume::BrainTemplate known;
  const auto with = [&](const std::function<void(volume::Description&)>& change) {
    volume::Description about = head_scan();
    change(about);
    return refusal([&] { (void)study(about, std::vector<std::byte>(about.bytes()), known); });
  };
  EXPECT_THAT(with([](auto& a) { a.spacing = {3, 3, 3}; }), HasSubstr("voxels are too large: 3.0 mm"));
  EXPECT_THAT(with([](auto& a) { a.spacing = {1, 1, 5}; }), HasSubstr("slices are too thick"));
  EXPECT_THAT(with([](auto& a) { a.oriented = false; }), HasSubstr("where left and right"));
  EXPECT_THAT(with([](auto& a) { a.slope = 0; }), HasSubstr("scaling"));
  EXPECT_THAT(with([](auto&) {}), HasSubstr("no head in the scan"));
}

TEST(Removal, EachMethodChangesTheFaceAndNothingBehind) {
  for (const auto method : {remove_face, blur}) {
    Filling made;
    EXPECT_GT(method(made.ball.voxels, made.subject, made.kept), 1000U);
    EXPECT_EQ(made.value(0, -35, 0), static_cast<double>(made.subject.scan.at({0, -35, 0})));
    EXPECT_NE(made.value(0, 36, -10), static_cast<double>(made.subject.scan.at({0, 36, -10})));
  }
  Filling made;
  EXPECT_GT(shear(made.ball.voxels, made.subject, made.kept), 1000U);
  EXPECT_LE(made.value(0, 36, -20), 10);
}

TEST(Report, HoldsNoSecret) {
  Report report;
  report.to_own = 0.7;
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json.at("method"), "random");
  EXPECT_EQ(json.at("recogniser").at("to_own"), 0.7);
  EXPECT_FALSE(json.dump().find("seed") != std::string::npos);
  EXPECT_FALSE(json.dump().find("descriptor") != std::string::npos);
}

} // namespace
} // namespace deid::mriremodel
