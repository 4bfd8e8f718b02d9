// The structure of DICOM files: what is walked over, and every length that lies.
#include "elements/volume/dicom/file.hpp"
#include "tests/elements/dicom/made.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::dicom {
namespace {

using test::coded;
using test::number;
using testing::HasSubstr;

constexpr const char* implicit = "1.2.840.10008.1.2";
constexpr const char* jpeg = "1.2.840.10008.1.2.4.70";

std::string why(const std::string& bytes) {
  try {
    (void)parse(bytes);
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

/// A file whose dataset is these bytes.
std::string with(const std::string& dataset, const std::string& syntax = "1.2.840.10008.1.2.1") {
  return test::file({}, syntax) + dataset;
}

std::string tag(std::uint32_t value) {
  return number(value >> 16U, 2) + number(value & 0xffffU, 2);
}
const std::string open = number(0xffffffff, 4), item = tag(0xfffee000),
                  item_end = tag(0xfffee00d) + number(0, 4), sequence_end = tag(0xfffee0dd) + number(0, 4);

TEST(Parse, ReadsBothWaysOfCoding) {
  const std::string plain = with(coded(0x00100010, {"PN", "DOE"}));
  EXPECT_EQ(parse(plain).set.at(0x00100010).bytes, "DOE ");
  EXPECT_EQ(parse(plain).set.at(0x00100010).vr, "PN");
  const std::string bare = with(tag(0x00100010) + number(4, 4) + "DOE ", implicit);
  EXPECT_EQ(parse(bare).set.at(0x00100010).bytes, "DOE ");
  EXPECT_EQ(parse(bare).set.at(0x00100010).vr, "");
  EXPECT_EQ(parse(bare).syntax, implicit);
}

TEST(Parse, WalksOverSequencesOfEveryForm) {
  const std::string inner = coded(0x00080050, {"SH", "JANE1234"}), behind = coded(0x00100010, {"PN", "DOE"});
  const std::string size = number(inner.size(), 4);
  const std::string sq = tag(0x00081140) + "SQ" + number(0, 2), un = tag(0x00091140) + "UN" + number(0, 2);
  const std::string nested =
      tag(0x00081140) + "SQ" + number(0, 2) + open + item + size + inner + sequence_end;
  for (const std::string& sequence :
       {sq + open + item + size + inner + sequence_end,
        sq + open + item + open + inner + item_end + sequence_end,
        sq + number(8 + inner.size(), 4) + item + size + inner, sq + open + sequence_end,
        sq + open + item + open + nested + item_end + sequence_end,
        un + open + item + open + tag(0x00080050) + number(4, 4) + "JANE" + item_end + sequence_end}) {
    const File file = parse(with(sequence + behind));
    EXPECT_EQ(file.set.size(), 2U);
    EXPECT_TRUE(file.set.begin()->second.sequence);
    EXPECT_EQ(file.set.at(0x00100010).bytes, "DOE ");
    EXPECT_FALSE(file.set.contains(0x00080050)) << "what a sequence holds is not the dataset's";
  }
}

TEST(Parse, WalksOverPackedPictures) {
  const std::string picture = tag(0x7fe00010) + "OB" + number(0, 2) + open + item + number(0, 4) + item +
                              number(4, 4) + "abcd" + sequence_end;
  EXPECT_TRUE(parse(with(picture, jpeg)).set.at(0x7fe00010).sequence);
  EXPECT_TRUE(is_packed(jpeg));
  EXPECT_FALSE(is_packed(implicit));
  EXPECT_FALSE(is_packed(""));
}

TEST(Parse, RefusesWhatIsNoWholeFile) {
  const std::string name = coded(0x00100010, {"PN", "DOE"}), sq = tag(0x00081140) + "SQ" + number(0, 2);
  EXPECT_THAT(why(""), HasSubstr("no DICOM"));
  EXPECT_THAT(why(std::string(200, 'x')), HasSubstr("no DICOM"));
  EXPECT_THAT(why(with("", "1.2.840.10008.1.2.2")), HasSubstr("(1.2.840.10008.1.2.2) is not supported"))
      << "big-endian";
  EXPECT_THAT(why(std::string(128, '\0') + "DICM"), HasSubstr("transfer syntax () is not supported"));
  EXPECT_THAT(why(with(name + name)), HasSubstr("stands in it twice"));
  EXPECT_THAT(why(with(tag(0x00100010) + "PN" + number(9, 2) + "DOE")), HasSubstr("ends too early"));
  EXPECT_THAT(why(with(tag(0x00100010) + number(0xfffffff0, 4) + "DOE", implicit)),
              HasSubstr("ends too early"));
  EXPECT_THAT(why(with(tag(0x00100010) + "pn" + number(0, 2))), HasSubstr("no value representation"));
  EXPECT_THAT(why(with(item + number(0, 4))), HasSubstr("outside of a sequence"));
  EXPECT_THAT(why(with(sq + open + name)), HasSubstr("something else than items"));
  EXPECT_THAT(why(with(sq + open + item + open + name)), HasSubstr("ends too early"));
  EXPECT_THAT(why(with(tag(0x7fe00010) + "OB" + number(0, 2) + open + name, jpeg)),
              HasSubstr("packed picture is damaged"));
  std::string deep;
  for (int i = 0; i < 40; ++i)
    deep += sq + open + item + open;
  EXPECT_THAT(why(with(deep)), HasSubstr("too deep"));
}

TEST(Parse, EveryCutIsRefusedOrIsAtTheEndOfAnAttribute) {
  const std::string whole = test::file(test::slice(3));
  std::size_t good = 0;
  for (std::size_t size = 0; size < whole.size(); ++size)
    good += why(whole.substr(0, size)).empty() ? 1 : 0;
  EXPECT_EQ(good, test::slice(3).size() + 2)
      << "behind each attribute but the last; three of the file's head";
}

TEST(Write, WhatIsWrittenIsParsedAgain) {
  Dataset set{{0x00080016, {"UI", "1.2.840.10008.5.1.4.1.1.4"}},
              {0x00080018, {"UI", "2.25.1"}},
              {0x00100010, {"PN", "X"}}};
  const File file = parse(to_bytes(set));
  EXPECT_EQ(file.syntax, "1.2.840.10008.1.2.1");
  EXPECT_EQ(file.set.size(), 3U);
  EXPECT_EQ(file.set.at(0x00100010).bytes, "X ");
}

} // namespace
} // namespace deid::dicom
