#include "elements/faceswap/target/base64.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include "tests/support/scratch.hpp"
#include <fstream>
#include <gtest/gtest.h>
#include <limits>
#include <sstream>

namespace deid::faceswap {
namespace {

Target somebody() {
  Target target;
  target.image = test::textured({96, 128});
  target.landmarks = test::mesh_face({10, 20, 70, 90}).landmarks;
  target.name = "nobody";
  target.status = "made by a test";
  return target;
}

std::string contents(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

class TargetFile : public testing::Test {
protected:
  /// The error of read_target() on a file with this content; "" when it accepts the file.
  std::string verdict(const std::string& text) {
    std::ofstream(file_, std::ios::trunc) << text;
    try {
      read_target(file_);
    } catch (const TargetError& error) {
      return error.what();
    }
    return "";
  }
  std::string good() {
    write_target(file_, somebody());
    return contents(file_);
  }
  static std::string with(std::string text, const std::string& what, const std::string& instead) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), instead);
  }
  const test::Scratch scratch_;
  const std::filesystem::path file_ = scratch_.path() / "nobody.json";
};

TEST(Base64, IsTheStandardsAndComesBack) {
  const std::string text = "foobar";
  const std::array<std::string, 7> want{"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  for (std::size_t n = 0; n <= 6; ++n) {
    EXPECT_EQ(to_base64(reinterpret_cast<const std::uint8_t*>(text.data()), n), want.at(n));
    const auto back = from_base64(want.at(n));
    ASSERT_TRUE(back);
    EXPECT_EQ(std::string(back->begin(), back->end()), text.substr(0, n));
  }
  for (const char* bad : {"Z", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "====", "Zm9 ", "Zm9\n", "=g==", "Z-8="})
    EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST_F(TargetFile, ComesBackAsItWas) {
  for (const bool described : {false, true}) {
    Target target = somebody();
    if (described) {
      auto& descriptor = target.descriptor.emplace();
      for (std::size_t i = 0; i < descriptor.size(); ++i)
        descriptor.at(i) = static_cast<float>(i) / 7;
    }
    if (described)
      target.looks = models::Looks{.25, 61};
    write_target(file_, target);
    const Target back = read_target(file_);
    EXPECT_EQ(cv::norm(back.image, target.image, cv::NORM_INF), 0);
    EXPECT_EQ(back.landmarks, target.landmarks);
    EXPECT_EQ(back.descriptor, target.descriptor);
    EXPECT_EQ(back.looks, target.looks);
    EXPECT_EQ(back.name, "nobody");
    EXPECT_EQ(back.status, "made by a test");
  }
  EXPECT_FALSE(std::filesystem::exists(file_.string() + ".part"));
}

TEST_F(TargetFile, HostileFilesGetOneSentence) {
  const std::string text = good();
  const auto says = [&](const std::string& hostile, const std::string& part) {
    const std::string said = verdict(hostile);
    EXPECT_NE(said.find(part), std::string::npos) << said;
    EXPECT_EQ(said.find('\n'), std::string::npos);
    EXPECT_EQ(said.back(), '.');
  };
  says("", "not a JSON object");
  says("[]", "not a JSON object");
  says(text.substr(0, text.size() / 2), "not a JSON object");
  says(std::string(100'000, '['), "not a JSON object");
  says(with(text, "deid-target-1", "deid-target-2"), "format is not");
  says(with(text, "\"width\":96", "\"width\":97"), "bytes, not");
  says(with(text, "\"width\":96", "\"width\":-1"), "\"width\" is not a whole number");
  says(with(text, "\"width\":96", "\"width\":1e99"), "\"width\" is not a whole number");
  says(with(text, "\"height\":128", "\"height\":\"128\""), "\"height\" is not a whole number");
  says(with(text, "\"rgb\":\"", "\"rgb\":\"*"), "not base64");
  says(with(text, "\"landmarks\":[[", "\"landmarks\":[[0,0,0],["), "468 points");
  says(with(text, "\"landmarks\":[[", "\"landmarks\":[[0,"), "landmark 0 is not an array of 3");
  says(with(text, "\"landmarks\":[[", "\"landmarks\":[[1e300,1,2],["), "468 points");
  says(with(text, "\"descriptor\":null", "\"descriptor\":[1,2]"), "128 numbers");
  says(with(text, "\"descriptor\":null", "\"other\":null"), "\"descriptor\" is missing");
  says(with(text, "\"name\":", "\"looks\":[1],\"name\":"), "2 numbers");
  says(with(text, "\"name\":", "\"looks\":[1.5,30],\"name\":"), "looks are not");
  says(with(text, "\"name\":", "\"looks\":[0.5,-3],\"name\":"), "looks are not");
  says(with(text, "\"name\":\"nobody\"", "\"name\":7"), "\"name\" is not a text");
  says(with(text, "\"name\":\"nobody\"", "\"name\":\"a\\nb\""), "printable");
  says(with(text, "\"name\":", "\"name\":\"x\",\"name\":"), "twice");
  EXPECT_EQ(verdict(with(text, "\"name\":", "\"note\":{\"any\":[]},\"name\":")), "");
}

TEST_F(TargetFile, WhatIsNoFileIsRefused) {
  EXPECT_THROW(read_target(scratch_.path() / "absent.json"), TargetError);
  EXPECT_THROW(read_target(scratch_.path()), TargetError);
  EXPECT_THROW(read_target("/dev/zero"), TargetError);
  EXPECT_THROW(write_target(scratch_.path() / "no" / "folder.json", somebody()), TargetError);
}

TEST_F(TargetFile, WhatIsNoTargetIsNotWritten) {
  const auto refused = [&](auto&& spoil) {
    Target target = somebody();
    spoil(target);
    EXPECT_THROW(write_target(file_, target), TargetError);
    EXPECT_FALSE(std::filesystem::exists(file_));
  };
  refused([](Target& t) { t.image.release(); });
  refused([](Target& t) { t.image = cv::Mat(96, 96, CV_8UC1, cv::Scalar(0)); });
  refused([](Target& t) { t.landmarks.pop_back(); });
  refused([](Target& t) { t.landmarks[5].x = std::numeric_limits<float>::quiet_NaN(); });
  refused([](Target& t) { t.landmarks[5].x = 5000; });
  refused([](Target& t) { t.landmarks.assign(468, {50, 50, 0}); });
  refused([](Target& t) { t.descriptor.emplace().fill(std::numeric_limits<float>::infinity()); });
  refused([](Target& t) { t.looks = {std::numeric_limits<double>::quiet_NaN(), 30}; });
  refused([](Target& t) { t.name = std::string(201, 'n'); });
  refused([](Target& t) { t.name = "\xff\xfe"; });
}

} // namespace
} // namespace deid::faceswap
