#include "elements/faceswap/choice/bank.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include "tests/support/scratch.hpp"
#include <gtest/gtest.h>

namespace deid::faceswap {
namespace {

class BankTest : public testing::Test {
protected:
  void put(const std::string& name) {
    Target target = test::nobody();
    target.name = name;
    write_target(folder_ / (name + ".json"), target);
  }
  void text(const std::string& name, const std::string& contents) { test::write(folder_ / name, contents); }
  std::string refusal() {
    try {
      read_bank(folder_);
    } catch (const TargetError& error) {
      return error.what();
    }
    return "";
  }
  static std::string gallery(std::size_t numbers) {
    std::string list = "1";
    for (std::size_t i = 1; i < numbers; ++i)
      list += ",0.5";
    return R"({"format":"deid-gallery-1","people":[{"name":"a","descriptor":[)" + list + "]}]}";
  }
  const test::Scratch scratch_;
  const std::filesystem::path folder_ = scratch_.path();
};

TEST_F(BankTest, HoldsEveryTargetByName) {
  put("b");
  put("a");
  text("distances.json", R"({"made_of":"x","sitters":{}})");
  text("a.ppm", "P6");
  text("notes.txt", "{");
  const Bank bank = read_bank(folder_);
  ASSERT_EQ(bank.targets.size(), 2U);
  EXPECT_EQ(bank.targets[0].name, "a");
  EXPECT_EQ(bank.targets[1].name, "b");
  EXPECT_TRUE(bank.strangers.first.empty());
}

TEST_F(BankTest, AGalleryGivesStrangers) {
  text("gallery.json", gallery(128));
  const Bank bank = read_bank(folder_);
  EXPECT_TRUE(bank.targets.empty());
  ASSERT_EQ(bank.strangers.first.size(), 1U);
  EXPECT_FLOAT_EQ(bank.strangers.first[0][0], 1.F);
  EXPECT_FLOAT_EQ(bank.strangers.first[0][127], .5F);
  EXPECT_TRUE(bank.strangers.second.empty()) << "a gallery of an older version has one judge";
}

/// A gallery of one person with so many numbers of the second judge.
std::string gallery_of_both(int second) {
  const auto numbers = [](int count) {
    std::string list = "1";
    for (int i = 1; i < count; ++i)
      list += ",0";
    return "[" + list + "]";
  };
  return R"({"format":"deid-gallery-1","people":[{"name":"s","descriptor":)" + numbers(128) +
         R"(,"second":)" + numbers(second) + "}]}";
}

TEST_F(BankTest, AGalleryOfBothJudgesGivesBoth) {
  text("gallery.json", gallery_of_both(1024));
  const Bank bank = read_bank(folder_);
  ASSERT_EQ(bank.strangers.second.size(), 1U);
  EXPECT_FLOAT_EQ(bank.strangers.second[0][0], 1.F);
  text("gallery.json", gallery_of_both(1023));
  EXPECT_NE(refusal().find("\"second\" is not an array of 1024 numbers"), std::string::npos) << refusal();
}

TEST_F(BankTest, WhatIsNotRightIsSaidInOneSentence) {
  const auto says = [&](const std::string& part) {
    const std::string said = refusal();
    EXPECT_NE(said.find(part), std::string::npos) << said;
    EXPECT_EQ(said.find('\n'), std::string::npos);
    EXPECT_TRUE(said.ends_with('.')) << said;
  };
  says("holds no target file");
  put("good");
  text("z.json", "{\"format\":\"deid-target-1\"");
  says("z.json cannot be used: it is not a JSON object");
  text("z.json", "{\"format\":\"deid-target-1\"}");
  says("\"name\" is missing");
  text("z.json", "{\"format\":\"deid-target-9\"}");
  says("its format is unknown");
  text("z.json", "{\"format\":7}");
  says("its format is unknown");
  text("z.json", gallery(127));
  says("128 numbers");
  text("z.json", R"({"format":"deid-gallery-1","people":7})");
  says("not an array");
  std::filesystem::remove(folder_ / "z.json");
  std::filesystem::create_directory(folder_ / "z.json");
  says("not a file");
  EXPECT_THROW(read_bank(folder_ / "absent"), TargetError);
  EXPECT_THROW(read_bank(folder_ / "good.json"), TargetError);
}

TEST_F(BankTest, AListIsReadInItsOrder) {
  put("b");
  put("a");
  const std::string a = (folder_ / "a.json").string(), b = (folder_ / "b.json").string();
  const auto both = read_targets(b + "::" + a + ":");
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].name, "b");
  EXPECT_TRUE(read_targets("").empty());
  EXPECT_THROW(read_targets(a + ":" + a + "x"), TargetError);
}

TEST_F(BankTest, TheDefaultStandsBesideTheModels) {
  namespace fs = std::filesystem;
  fs::create_directories(folder_ / "second" / "targets");
  fs::create_directories(folder_ / "first");
  EXPECT_EQ(default_bank({folder_ / "first" / "models", folder_ / "second" / "models"}),
            folder_ / "second" / "targets");
  EXPECT_EQ(default_bank({folder_ / "second" / "models" / ""}), folder_ / "second" / "targets");
  EXPECT_FALSE(default_bank({folder_ / "first" / "models"}));
  EXPECT_FALSE(default_bank({}));
}

} // namespace
} // namespace deid::faceswap
