// Reading dlib's file: its content, and that no other file is accepted.
#include "models/descriptor/dlib_stream.hpp"
#include "models/descriptor/weights.hpp"
#include "models/manifest/manifest.hpp"
#include "tests/support/scratch.hpp"
#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <limits>
#include <random>

namespace deid::models {
namespace {

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// Reads the text itself, not a copy of it.
DlibStream stream(std::string_view text) {
  return DlibStream(bytes(text));
}

using Shape = std::array<std::int64_t, 4>;

TEST(DlibStream, ReadsIntegers) {
  const std::string text("\x01\x05\x81\x05\x02\x00\x01\x01\x00\x08\xff\xff\xff\xff\xff\xff\xff\x7f", 18);
  auto in = stream(text);
  EXPECT_EQ(in.integer(), 5);
  EXPECT_EQ(in.integer(), -5);
  EXPECT_EQ(in.integer(), 256);
  EXPECT_EQ(in.integer(), 0);
  EXPECT_EQ(in.integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_NO_THROW(in.expect_end());
  EXPECT_THROW((void)in.integer(), FormatError);
}

TEST(DlibStream, RefusesWhatIsNoInteger) {
  for (const std::string& text :
       {std::string(), std::string(1, '\0'), std::string("\x02\x01"), std::string("\x11\x01"),
        std::string("\x09\x01\x01\x01\x01\x01\x01\x01\x01\x01"),
        std::string("\x08\xff\xff\xff\xff\xff\xff\xff\xff")}) {
    auto in = stream(text);
    EXPECT_THROW((void)in.integer(), FormatError) << text.size();
  }
}

TEST(DlibStream, ReadsNumbersFlagsTextsAndTensors) {
  const std::string text("\x01\x03\x81\x01" // 3 / 2
                         "10"               // true, false
                         "\x01\x03"
                         "abc"                                                             // a text
                         "\x01\x01\x01\x07\x01\x08\x01\x09\x01\x0a"                        // a shape
                         "\x01\x02\x01\x02\x01\x01\x01\x01\x01\x01\0\0\x80\x3f\0\0\0\xc0", // 1, -2
                         4 + 2 + 5 + 10 + 18);
  auto in = stream(text);
  EXPECT_EQ(in.number(), 1.5);
  EXPECT_TRUE(in.flag());
  EXPECT_FALSE(in.flag());
  in.expect_text("abc");
  in.expect_shape(Shape{7, 8, 9, 10}, "shape");
  EXPECT_THAT(in.tensor(Shape{2, 1, 1, 1}, "tensor"), testing::ElementsAre(1.F, -2.F));
  in.expect_end();
}

TEST(DlibStream, SaysWhatItExpectedAndWhere) {
  auto in = stream("\x01\x05");
  try {
    in.expect_integer(6, "rows");
    FAIL() << "5 is not 6";
  } catch (const FormatError& error) {
    EXPECT_STREQ(error.what(), "byte 2: rows 5 where 6 is expected");
  }
  EXPECT_THROW(stream("2").flag(), FormatError);
  EXPECT_THROW(stream("\x01\x03"
                      "abd")
                   .expect_text("abc"),
               FormatError);
  EXPECT_THROW(stream("x").expect_end(), FormatError);
  EXPECT_THROW((void)stream(std::string("\x01\x01\x02\xff\xff", 5)).number(), FormatError);
}

class DescriptorFile : public testing::Test {
protected:
  const std::string file = test::read(locate("face_descriptor"));

  /// Position of the first weight.
  [[nodiscard]] std::size_t first_weight() const {
    const std::string before("\x05"
                             "con_4"
                             "\x01\x02\x02\x80\x12\x01\x01\x01\x01\x01\x01");
    const std::size_t at = file.find(before);
    EXPECT_NE(at, std::string::npos);
    return at + before.size();
  }

  static bool is_refused(const std::string& text) {
    try {
      (void)read_descriptor_weights(bytes(text));
      return false;
    } catch (const FormatError&) {
      return true;
    }
  }
};

TEST_F(DescriptorFile, HoldsTheWholeNetwork) {
  const DescriptorWeights weights = read_descriptor_weights(bytes(file));
  EXPECT_EQ(weights.stem.filters.size(), 32U * 3 * 7 * 7);
  EXPECT_EQ(weights.blocks.size(), 14U);
  EXPECT_EQ(std::ranges::count_if(weights.blocks, &ResidualBlock::halves), 4);
  EXPECT_EQ(weights.blocks.back().second.filters.size(), 256U * 256 * 3 * 3);
  EXPECT_EQ(weights.blocks.back().second.bias.size(), 256U);
  EXPECT_EQ(weights.projection.size(), 256U * 128);
}

TEST_F(DescriptorFile, RefusesEveryChangeBeforeTheFirstWeight) {
  const std::size_t end = first_weight();
  ASSERT_GT(end, 300U);
  std::string head = file;
  for (std::size_t at = 0; at < end; ++at)
    for (const unsigned change : {0x01U, 0x10U, 0x80U, 0xFFU}) {
      head[at] = static_cast<char>(static_cast<unsigned char>(file[at]) ^ change);
      EXPECT_TRUE(is_refused(head)) << "byte " << at << " changed by " << change;
      head[at] = file[at];
    }
}

TEST_F(DescriptorFile, RefusesFilesCutOrContinued) {
  for (std::size_t size = 0; size < file.size(); size += file.size() / 23 + 1)
    EXPECT_TRUE(is_refused(file.substr(0, size))) << size;
  EXPECT_TRUE(is_refused(file.substr(0, file.size() - 1)));
  EXPECT_TRUE(is_refused(file + '0'));
}

// Between two tensors of weights every layer has its name, sizes and rates.
TEST_F(DescriptorFile, RefusesChangesBetweenWeights) {
  std::string changed = file;
  std::mt19937 random(1);
  for (const std::string name :
       {"con_4", "affine_", "relu_", "add_prev_", "max_pool_2", "avg_pool_2", "fc_2"}) {
    const std::size_t at = name.starts_with('c') ? file.rfind(name) : file.find(name);
    ASSERT_NE(at, std::string::npos) << name;
    for (int i = 0; i < 6; ++i) { // the length before the name, and the name
      const std::size_t byte = at - 2 + random() % (name.size() + 2);
      changed[byte] = static_cast<char>(file[byte] ^ (1 << random() % 8));
      EXPECT_TRUE(is_refused(changed)) << "byte " << byte << " of " << name;
      changed[byte] = file[byte];
    }
  }
}

TEST_F(DescriptorFile, RefusesWeightsThatAreNoNumbers) {
  std::string changed = file;
  changed.replace(first_weight() + 8, 4, std::string("\x00\x00\xc0\x7f", 4)); // NaN
  EXPECT_TRUE(is_refused(changed));
  changed.replace(first_weight() + 8, 4, std::string("\x00\x00\x80\xff", 4)); // -infinity
  EXPECT_TRUE(is_refused(changed));
}

// A damaged file is refused, or read with finite weights. Nothing else happens.
TEST_F(DescriptorFile, SurvivesDamageAnywhere) {
  std::mt19937 random(2);
  for (int i = 0; i < 30; ++i) {
    std::string changed = file;
    for (int n = 0; n < 3; ++n)
      changed[random() % changed.size()] = static_cast<char>(random());
    try {
      const auto weights = read_descriptor_weights(bytes(changed));
      EXPECT_TRUE(std::ranges::all_of(weights.projection, [](float value) { return std::isfinite(value); }));
    } catch (const FormatError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("byte "));
    }
  }
}

} // namespace
} // namespace deid::models
