// The raw file of identitymeter, whole and damaged.
#include "elements/measures/identity/faces.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::test {
namespace {
using namespace identity;
using ::testing::HasSubstr;

const std::string head =
    R"({"format":"deid-identity-1","stream":"x","model":{"name":"dlib","sha256":"ab"},"interval":2})"
    "\n";

std::string descriptor(double first) {
  std::string text = "["; // GCC 12 warns of text + std::string&&
  text += std::to_string(first);
  for (int i = 1; i < 128; ++i)
    text += ",0";
  return text + "]";
}

std::string line(const std::string& original, const std::string& result) {
  return R"({"pts":40,"frame":1,"id":3,"state":"swapped","landmarks":"result","original":)" + original +
         ",\"deidentified\":" + result + R"(,"d_original":1,"d_average":null,"d_target":0.5})" + "\n";
}

TEST(Identity, IsRead) {
  const RawIdentity raw = parse_identity(head + line(descriptor(1.5), "null"), "raw");
  EXPECT_EQ(raw.model, "dlib");
  EXPECT_EQ(raw.interval, 2);
  ASSERT_EQ(raw.faces.size(), 1U);
  const Face& face = raw.faces[0];
  EXPECT_EQ(face.pts, 40);
  EXPECT_EQ(face.frame, 1);
  EXPECT_EQ(face.id, 3U);
  EXPECT_EQ(face.state, State::swapped);
  EXPECT_TRUE(face.found);
  ASSERT_TRUE(face.original.has_value());
  EXPECT_EQ((*face.original)[0], 1.5F);
  EXPECT_FALSE(face.deidentified.has_value());
  EXPECT_EQ(face.d_target, .5);
  EXPECT_TRUE(parse_identity(head, "raw").faces.empty()); // a video without faces
}

void expect_refused(const std::string& text, const std::string& why) {
  try {
    parse_identity(text, "raw.jsonl");
    ADD_FAILURE() << "not refused: " << why;
  } catch (const std::runtime_error& e) {
    EXPECT_THAT(e.what(), HasSubstr("raw.jsonl"));
    EXPECT_THAT(e.what(), HasSubstr(why));
  }
}

TEST(Identity, DamageIsRefused) {
  const std::string good = head + line(descriptor(1), descriptor(2));
  expect_refused("", "not whole");
  expect_refused(good.substr(0, good.size() - 1), "not whole");
  expect_refused(good.substr(0, good.size() - 40) + "\n", "line 2");
  expect_refused(line("null", "null"), "line 1");
  expect_refused(head + line("[1,2]", "null"), "128");
  expect_refused(head + line("null", "[1e999" + descriptor(0).substr(2)), "line 2");
  expect_refused(head + R"({"pts":1})"
                        "\n",
                 "line 2");
}

} // namespace
} // namespace deid::test
