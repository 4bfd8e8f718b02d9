// The brain's place: the rules on a made aligner, ITK on made heads, and both on real scans.
#include "elements/volume/anatomy/brain.hpp"
#include "elements/volume/nifti/reader.hpp"
#include "tests/support/frames.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <mutex>

namespace deid::volume {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// An ellipsoid with a brighter one in it that leans to the back, and a nose, so that no turn looks like
/// another.
float made_head(const Point& p) {
  const auto in = [&](const Point& centre, const Point& radii) {
    double sum = 0;
    for (std::size_t axis = 0; axis < 3; ++axis)
      sum += std::pow((p[axis] - centre[axis]) / radii[axis], 2);
    return sum < 1;
  };
  if (in({0, -8, 20}, {62, 75, 55})) { // what a brain has inside, so that every direction of a stretch shows
    const bool inner = in({0, 15, 25}, {20, 28, 15}) || in({35, -40, 15}, {12, 18, 14}) ||
                       in({-35, -40, 15}, {12, 18, 14}) || in({25, 30, 45}, {16, 10, 12}) ||
                       in({-25, 30, 45}, {16, 10, 12}) || in({0, -45, 48}, {25, 9, 9});
    return inner ? 150 : 200;
  }
  if (in({0, 95, -10}, {14, 20, 22}))
    return 90;
  return in({0, 0, 0}, {78, 98, 95}) ? 100 : 3;
}

/// A scanner has no hard edges: the mean of eight places.
float mean_in_cell(const std::function<float(const Point&)>& value, const Point& centre, double side) {
  float sum = 0;
  for (int part = 0; part < 8; ++part)
    sum += value({centre[0] + side * (part % 2 - 0.5) / 2, centre[1] + side * (part / 2 % 2 - 0.5) / 2,
                  centre[2] + side * (part / 4 - 0.5) / 2});
  return sum / 8;
}

Field field_of(const std::function<float(const Point&)>& value, double spacing) {
  const int side = static_cast<int>(260 / spacing);
  Field field{{side, side, side}, spacing, {-130, -130, -130}, {}};
  for (int z = 0; z < side; ++z)
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x)
        field.values.push_back(mean_in_cell(value, field.world(x, y, z), spacing));
  return field;
}

BrainTemplate made_template(double spacing) {
  return {field_of(made_head, spacing),
          field_of([](const Point& p) { return made_head(p) >= 150 ? 1.F : 0.F; }, spacing)};
}

/// Gives every start the map and the score that a test wants for it.
class FakeAligner final : public Aligner {
public:
  using Answer = std::function<Aligned(const Affine& start, Freedom freedom)>;
  explicit FakeAligner(Answer answer) : answer_(std::move(answer)) {}
  Aligned align(const Affine& start, Freedom freedom, int) const override {
    static std::mutex one_at_a_time; // searches run side by side, and tests count them
    const std::lock_guard lock(one_at_a_time);
    return answer_(start, freedom);
  }

private:
  Answer answer_;
};

const Affine same{{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}};

Affine stretched(double x, double y, double z, double up = 0) {
  return {{{x, 0, 0, 0}, {0, y, 0, 0}, {0, 0, z, up}}};
}

std::string refusal(const FakeAligner::Answer& answer, const Field* subject = nullptr) {
  static const BrainTemplate known = made_template(8);
  try {
    (void)register_head(known, subject != nullptr ? *subject : known.head,
                        [&](const Field&, const Field&) { return std::make_unique<FakeAligner>(answer); });
  } catch (const RegistrationError& error) {
    return error.what();
  }
  return "";
}

TEST(Registration, NineStartsAreTriedAndTheBestAreRefined) {
  const BrainTemplate known = made_template(8);
  std::vector<double> spacings;
  std::vector<Freedom> asked;
  const Registration found = register_head(known, known.head, [&](const Field& fixed, const Field& moving) {
    EXPECT_EQ(fixed.spacing, moving.spacing);
    spacings.push_back(fixed.spacing);
    return std::make_unique<FakeAligner>([&](const Affine&, Freedom freedom) {
      asked.push_back(freedom);
      return Aligned{same, -1};
    });
  });
  EXPECT_EQ(spacings, (std::vector<double>{16, 8})) << "the nine starts take the larger cubes";
  EXPECT_EQ(std::ranges::count(asked, Freedom::rigid), 9 + 3);
  EXPECT_EQ(std::ranges::count(asked, Freedom::affine), 3 * (2 + 1))
      << "a search that changes nothing has ended";
  EXPECT_EQ(found.map, same);
  EXPECT_EQ(found.disagreement, 0);
  EXPECT_GT(found.inside, 0.99);
}

TEST(Registration, ACollapsedMapIsRefusedThoughItsScoreIsGood) {
  EXPECT_THAT(refusal([](const Affine&, Freedom) {
                return Aligned{stretched(1, 1, 0.54), -2};
              }),
              HasSubstr("would have to be stretched by 1.00, 1.00 and 0.54"));
  EXPECT_THAT(refusal([](const Affine&, Freedom) {
                return Aligned{stretched(1.17, 0.85, 1), -2};
              }),
              HasSubstr("stretched"));
  EXPECT_THAT(refusal([](const Affine&, Freedom) {
                return Aligned{stretched(-1, 1, 1), -2};
              }),
              HasSubstr("mirror"));
}

TEST(Registration, StartsThatDisagreeAreRefused) {
  double score = -1;
  const auto apart = [&](double by) {
    return refusal([&, by](const Affine&, Freedom freedom) {
      score -= 0.01;
      return Aligned{freedom == Freedom::affine ? stretched(1, 1, 1, score * by) : same, score};
    });
  };
  EXPECT_THAT(apart(500), HasSubstr("two searches disagree by 15.00 mm"));
  EXPECT_EQ(apart(10), "");
}

TEST(Registration, ABrainOutsideTheHeadIsRefused) {
  EXPECT_THAT(refusal([](const Affine&, Freedom) {
                return Aligned{stretched(1, 1, 1, -60), -1};
              }),
              HasSubstr("does not hold a whole head"));
}

TEST(Registration, NothingToRegisterIsSaid) {
  const Field flat{{20, 20, 20}, 8, {-80, -80, -80}, std::vector<float>(8000, 7)};
  const auto good = [](const Affine&, Freedom) { return Aligned{same, -1}; };
  EXPECT_THAT(refusal(good, &flat), HasSubstr("There is no head in the scan"));
  const auto none = [](const Affine& start, Freedom) {
    return Aligned{start, std::numeric_limits<double>::infinity()};
  };
  EXPECT_THAT(refusal(none), HasSubstr("do not overlap"));
}

TEST(Registration, TheBrainIsCarriedOver) {
  const BrainTemplate known = made_template(8);
  Registration found;
  found.map = stretched(1, 1, 1, 16); // two cells up
  const Field brain = brain_on(known.head, known, found);
  EXPECT_EQ(brain.values[brain.index(16, 15, 20)], known.brain.values[known.brain.index(16, 15, 18)]);
  EXPECT_EQ(brain.values[brain.index(0, 0, 0)], 0);
}

TEST(Itk, FindsTheMapBetweenMadeHeads) {
  if (!can_register())
    GTEST_SKIP() << "This build has no ITK.";
  const double c = std::cos(0.12), s = std::sin(0.12);
  const Affine truth{{{1.05, 0, 0, 6}, {0, 0.97 * c, -s, -9}, {0, 0.97 * s, c, 22}}};
  const Affine back = inverse(truth);
  const BrainTemplate known = made_template(6);
  const Field subject = field_of([&](const Point& p) { return made_head(moved(back, p)); }, 6);
  const Registration found = register_head(known, subject);
  for (const Point& point : {Point{0, 0, 0}, Point{50, 0, 30}, Point{0, -70, 20}, Point{0, 40, 60}})
    EXPECT_LT(distance(moved(found.map, point), moved(truth, point)), 6.0) << "a cell has 6 mm";
}

class RealHead : public testing::Test {
protected:
  static Sampler scan(const char* file) {
    const auto reading = nifti::read_file(deid::test::shared_dir() / "data/mri" / file);
    return Sampler(reading.volume.about, reading.volume.voxels);
  }
  void SetUp() override {
    if (!can_register())
      GTEST_SKIP() << "This build has no ITK.";
    if (!fs::exists(deid::test::shared_dir() / "data/mri/colin27_ch2bet.nii.gz"))
      GTEST_SKIP() << "The shared scans are not there.";
  }
  static Registration registered(const BrainTemplate& known, const char* file) {
    Field subject = resampled(scan(file), registration_spacing);
    clip(subject, 0.002);
    return register_head(known, subject);
  }
};

/// ds000031: a whole head with a neck, stored L-A-S. The brain's volume is that of a grown person.
TEST_F(RealHead, AWholeHeadIsFound) {
  const BrainTemplate known = template_of(scan("colin27_ch2.nii.gz"), scan("colin27_ch2bet.nii.gz"));
  const Registration found = registered(known, "ds000031_sub-01_ses-006_run-001_T1w.nii.gz");
  EXPECT_LT(found.disagreement, 3);
  EXPECT_GT(found.inside, 0.98);
  EXPECT_EQ(registered(known, "ds000031_sub-01_ses-006_run-001_T1w.nii.gz").map, found.map)
      << "searches run side by side, and still the result is always the same";
  double brain = 0;
  for (const float share : known.brain.values)
    brain += share * std::pow(registration_spacing, 3) / 1000;
  brain *= determinant(found.map);
  const Brain own =
      find_brain(resampled(scan("ds000031_sub-01_ses-006_run-001_T1w.nii.gz"), 2), known, found);
  EXPECT_NEAR(own.template_ml, brain, 100);
  EXPECT_LT(own.grown_ml, 0.2 * own.template_ml) << "meninges and some bone, but no skin";
  RecordProperty("score", std::to_string(found.score));
  EXPECT_GT(brain, 1000) << "ml";
  EXPECT_LT(brain, 2000) << "ml";
}

} // namespace
} // namespace deid::volume
