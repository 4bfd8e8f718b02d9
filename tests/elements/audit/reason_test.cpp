// Every reason has a code and a sentence, and the pages for people say the same.
#include "elements/audit/reason.hpp"
#include "tests/support/scratch.hpp"
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace deid::audit {
namespace {

std::vector<Reason> reasons() {
  std::vector<Reason> all;
  for (std::size_t i = 1; i < reason_count; ++i)
    all.push_back(static_cast<Reason>(i));
  return all;
}

std::string page(const char* name) {
  return test::read(std::filesystem::path(DEID_SOURCE_DIR) / "docs" / name);
}

TEST(Reason, EachIsFoundByItsCode) {
  std::set<std::string> codes;
  for (const Reason reason : reasons()) {
    EXPECT_EQ(reason_of(to_string(reason)), reason) << to_string(reason);
    EXPECT_TRUE(std::string(sentence(reason)).ends_with('.')) << to_string(reason);
    codes.insert(to_string(reason));
  }
  EXPECT_EQ(codes.size(), reason_count - 1);
  for (const char* word : {"", "none", "Turned", "turned ", "no-landmark"})
    EXPECT_EQ(reason_of(word), std::nullopt) << word;
}

TEST(Reason, ThePageOfFaceswapExplainsEach) {
  std::string text = page("faceswap.md");
  for (const Reason reason : reasons()) {
    const std::string row = std::string("\n| `") + to_string(reason) + "` | ";
    const auto at = text.find(row);
    ASSERT_NE(at, std::string::npos) << row;
    std::string cell = text.substr(at + row.size(), text.find(" |\n", at + 1) - at - row.size());
    std::erase(cell, '`');
    EXPECT_THAT(cell, testing::StartsWith(sentence(reason)));
  }
}

TEST(Reason, TheSchemaOfAuditsHasTheSameCodes) {
  const auto schema = nlohmann::json::parse(page("schemas/audit.schema.json"));
  std::vector<std::string> codes;
  for (const Reason reason : reasons())
    codes.emplace_back(to_string(reason));
  EXPECT_EQ(schema["$defs"]["reason"]["enum"].get<std::vector<std::string>>(), codes);
}

} // namespace
} // namespace deid::audit
