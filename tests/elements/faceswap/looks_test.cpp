// The choice of targets by apparent sex and age, and that looks never outweigh the cover.
#include "tests/elements/faceswap/swapper_fixture.hpp"

namespace deid::faceswap {
namespace {

constexpr Looks woman{.02, 30}, man{.98, 30};

/// A reader for tests: what the test says, in turn.
class Said final : public LooksReader {
public:
  explicit Said(std::vector<std::optional<Looks>> answers) : answers_(std::move(answers)) {}
  std::optional<Looks> look(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) override {
    EXPECT_EQ(rgb.type(), CV_8UC3);
    EXPECT_EQ(landmarks.size(), 468U);
    return answers_.at(std::min(calls++, answers_.size() - 1));
  }
  std::size_t calls = 0;

private:
  std::vector<std::optional<Looks>> answers_;
};

class LooksTest : public SwapperTest {
protected:
  /// Two targets: the first is farther, and looks otherwise than the second.
  void begin_with(std::vector<std::optional<Looks>> person, const Looks& first = man,
                  const Looks& second = woman) {
    Loaded faces = loaded({at(0, .95), at(1, .9)});
    faces.targets[0].looks = first;
    faces.targets[1].looks = second;
    auto owned = std::make_unique<ByColour>();
    describer_ = owned.get();
    auto reader = std::make_unique<Said>(std::move(person));
    reader_ = reader.get();
    swapper_.emplace(faces, Networks{.describer = std::move(owned), .looks = std::move(reader)}, true);
  }
  std::string target() { return said(frame({{1, here, red}}).overlays.at(0)); }
  Said* reader_ = nullptr;
};

TEST_F(LooksTest, APersonGetsATargetOfTheSameSex) {
  begin_with({woman});
  const std::string first = target();
  EXPECT_NE(first.find("swap nobody-2"), std::string::npos) << first;
  EXPECT_EQ(first.find("another"), std::string::npos) << first;
  EXPECT_FALSE(events_.at(0).unlike.any());
  const std::size_t asked = reader_->calls;
  for (int i = 0; i < 40; ++i)
    target();
  EXPECT_EQ(reader_->calls, asked) << "nobody is asked after the choice";
}

TEST_F(LooksTest, WithoutLooksTheFarthestTargetIsTaken) {
  begin_with({std::nullopt});
  EXPECT_NE(target().find("swap nobody-1"), std::string::npos);
  settings_.keep_looks = false;
  begin_with({woman});
  EXPECT_NE(target().find("swap nobody-1"), std::string::npos);
  EXPECT_EQ(reader_->calls, 0U);
}

/// A picture has one frame, so one look must do where it did without looks.
TEST_F(LooksTest, OneLookDecidesAlsoWhenItIsUnsure) {
  begin_with({Looks{.4, 30}});
  EXPECT_NE(target().find("swap nobody-2"), std::string::npos);
  EXPECT_EQ(reader_->calls, 1U);
}

/// The target that looks like the person gives a result that dlib takes for the person.
TEST_F(LooksTest, AResultThatFailsTheCheckIsGivenUpForOneThatHides) {
  settings_.verify.raise = false;
  begin_with({woman});
  int tries = 0;
  describer_->result = [&tries] { return ++tries == 1 ? anna : at(20, 1); }; // the first tried is nobody-2
  const std::string shown = target();
  EXPECT_NE(shown.find("swap nobody-1"), std::string::npos) << shown;
  EXPECT_NE(shown.find("another sex"), std::string::npos) << "and the audit says so: " << shown;
  ASSERT_EQ(noted(SwapEvent::Kind::reassigned), 1);
  EXPECT_EQ(events_.at(1).unlike, (Unlike{.sex = true}));
}

/// The price of the other sex is higher than the difference of the two results.
TEST_F(LooksTest, AResultThatJustFailsIsWorthLessThanEachThatPasses) {
  settings_.verify.raise = false;
  begin_with({woman});
  int tries = 0;
  describer_->result = [&tries] { return at(10, ++tries == 1 ? 1.39F : 1.55F); }; // .59 and .75 from anna
  const std::string shown = target();
  EXPECT_NE(shown.find("swap nobody-1"), std::string::npos) << shown;
}

/// Three targets look like the person and give results that fail; a fourth of the other sex hides the person.
TEST_F(LooksTest, WhenNoTargetOfTheSameSexHidesAnotherOneIsTaken) {
  for (const bool live : {false, true}) {
    settings_.beside = live;
    settings_.verify.raise = false;
    Loaded faces = loaded({at(0, .95), at(1, .95), at(2, .95), at(3, .9)});
    for (std::size_t i = 0; i < 4; ++i)
      faces.targets[i].looks = i < 3 ? woman : man;
    auto owned = std::make_unique<ByColour>();
    int tries = 0;
    owned->result = [&tries] { return ++tries <= 3 ? anna : at(20, 1); };
    swapper_.emplace(faces,
                     Networks{.describer = std::move(owned),
                              .looks = std::make_unique<Said>(std::vector<std::optional<Looks>>{woman})},
                     true);
    std::string shown;
    for (int i = 0; i < (live ? 20 : 1); ++i)
      shown = target();
    EXPECT_NE(shown.find("swap nobody-4"), std::string::npos) << live << ' ' << shown;
    EXPECT_EQ(swapper_->counters().refused, 0U) << "it was covered until then";
  }
}

TEST_F(LooksTest, NoResultThatShowsThePersonLeavesForTheSakeOfLooks) {
  begin_with({woman}, woman, woman);
  describer_->result = [] { return anna; };
  for (int i = 0; i < 100; ++i)
    for (const cover::Overlay& overlay : frame({{1, here, red}}).overlays)
      ASSERT_FALSE(drawn(overlay)) << i;
  EXPECT_EQ(swapper_->counters().swapped, 0U);
}

TEST_F(LooksTest, AReaderThatFailsStopsTheFrame) {
  struct Broken final : LooksReader {
    std::optional<Looks> look(const cv::Mat&, std::span<const cv::Point3f>) override {
      throw std::runtime_error("the engine failed");
    }
  };
  Loaded faces = loaded({at(0, .9)});
  faces.targets[0].looks = woman;
  swapper_.emplace(
      faces, Networks{.describer = std::make_unique<ByColour>(), .looks = std::make_unique<Broken>()}, true);
  EXPECT_THROW(frame({{1, here, red}}), std::runtime_error);
}

} // namespace
} // namespace deid::faceswap
