// Filter, spectra and resampling against SciPy (golden/make_goldens.py).
#include "elements/measures/kinematics/signal.hpp"
#include "tests/elements/measures/kinematics/golden.hpp"
#include <cmath>
#include <gtest/gtest.h>
#include <stdexcept>

namespace deid::kinematics {
namespace {

using test::golden;
using test::list;

void expect_near(const std::vector<double>& ours, const std::vector<double>& theirs, double tolerance) {
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i)
    EXPECT_NEAR(ours[i], theirs[i], tolerance * std::max(1., std::abs(theirs[i]))) << i;
}

TEST(BandPass, FiltersAsScipyDoes) {
  const auto cases = golden("filters");
  ASSERT_EQ(cases.size(), 5U);
  for (const auto& each : cases) {
    const BandPass band(each.at("low"), each.at("high"), each.at("rate"));
    expect_near(band(list(each.at("x"))), list(each.at("y")), 1e-8);
  }
}

TEST(BandPass, RefusesWhatItCannotFilter) {
  EXPECT_THROW(BandPass(0, 10, 30), std::invalid_argument);
  EXPECT_THROW(BandPass(10, 2, 30), std::invalid_argument);
  EXPECT_THROW(BandPass(2, 15, 30), std::invalid_argument);
  EXPECT_THROW(BandPass(2, 10, NAN), std::invalid_argument);
  const BandPass band(2, 10, 30);
  EXPECT_THROW((void)band(std::vector<double>(BandPass::scipy_padding)), std::invalid_argument);
  EXPECT_EQ(band(std::vector<double>(BandPass::scipy_padding + 1)).size(), BandPass::scipy_padding + 1);
}

TEST(Welch, GivesScipysSpectraAndCoherence) {
  const auto cases = golden("spectra");
  ASSERT_EQ(cases.size(), 3U);
  for (const auto& each : cases) {
    Welch welch(each.at("window"), each.at("rate"));
    welch.add(list(each.at("x")), list(each.at("y")));
    const Spectra spectra = welch.mean();
    expect_near(spectra.frequency, list(each.at("frequency")), 1e-9);
    expect_near(spectra.first, list(each.at("xx")), 1e-10);
    expect_near(spectra.second, list(each.at("yy")), 1e-10);
    std::vector<double> real, imag, coherence;
    for (std::size_t i = 0; i < spectra.cross.size(); ++i) {
      real.push_back(spectra.cross[i].real());
      imag.push_back(spectra.cross[i].imag());
      coherence.push_back(spectra.coherence(i));
    }
    expect_near(real, list(each.at("xy_real")), 1e-10);
    expect_near(imag, list(each.at("xy_imag")), 1e-10);
    expect_near(coherence, list(each.at("coherence")), 1e-9);
  }
}

TEST(Welch, AveragesOverPieces) {
  const auto one = golden("spectra")[0];
  const auto x = list(one.at("x"));
  const std::vector<double> early(x.begin(), x.begin() + 120);
  const std::vector<double> late(x.end() - 130, x.end());
  Welch both(120, 30);
  both.add(early, early);
  both.add(late, late);
  both.add(std::vector<double>(119), std::vector<double>(119)); // shorter than a window
  Welch first(120, 30);
  first.add(early, early);
  Welch second(120, 30);
  second.add(late, late);
  EXPECT_EQ(both.mean().windows, 2U);
  for (std::size_t i = 0; i < 61; ++i)
    EXPECT_NEAR(both.mean().first[i], (first.mean().first[i] + second.mean().first[i]) / 2, 1e-12);
}

TEST(Resample, IsTheSignalItselfOnItsOwnGrid) {
  std::vector<double> t, x;
  for (int i = 0; i < 50; ++i) {
    t.push_back(i / 30.);
    x.push_back(std::sin(i));
  }
  const auto same = resample(t, x, 30);
  ASSERT_EQ(same.size(), 50U);
  for (std::size_t i = 0; i < 50; ++i)
    EXPECT_NEAR(same[i], x[i], 1e-12);
}

TEST(Resample, IsLinearBetweenUnevenTimes) {
  EXPECT_EQ(resample(std::vector{0., 1., 4.}, std::vector{0., 10., 40.}, 1),
            (std::vector{0., 10., 20., 30., 40.}));
  EXPECT_EQ(resample(std::vector{7.}, std::vector{3.}, 30), std::vector{3.});
  EXPECT_TRUE(resample({}, {}, 30).empty());
  EXPECT_THROW((void)resample(std::vector{1.}, {}, 30), std::invalid_argument);
  EXPECT_THROW((void)resample(std::vector{1.}, std::vector{1.}, 0), std::invalid_argument);
}

TEST(Runs, EndAtGaps) {
  using Run = std::pair<std::size_t, std::size_t>;
  EXPECT_TRUE(runs({}, .25).empty());
  EXPECT_EQ(runs(std::vector{0., .1, .2, .6, .7, 5.}, .25), (std::vector<Run>{{0, 3}, {3, 5}, {5, 6}}));
  EXPECT_EQ(runs(std::vector{0., .25}, .25), (std::vector<Run>{{0, 2}})); // exactly the limit is no gap
}

} // namespace
} // namespace deid::kinematics
