// Colour profiles: the colours stay to the last digit, and every text is removed.
#include "pipelines/deid/picture/picture.hpp"
#include <algorithm>
#include <gtest/gtest.h>
#include <lcms2.h>
#include <memory>
#include <random>
#include <string>

namespace deid::test {
namespace {
using cli::Bytes;

struct Close {
  void operator()(void* p) const { cmsCloseProfile(p); }
};
using Profile = std::unique_ptr<void, Close>;

Bytes save(cmsHPROFILE p) {
  cmsUInt32Number size = 0;
  EXPECT_TRUE(cmsSaveProfileToMem(p, nullptr, &size));
  Bytes bytes(size);
  EXPECT_TRUE(cmsSaveProfileToMem(p, bytes.data(), &size));
  return bytes;
}

void name(cmsHPROFILE p, cmsTagSignature tag) {
  cmsMLU* text = cmsMLUalloc(nullptr, 1);
  cmsMLUsetASCII(text, "en", "US", "MARKER");
  EXPECT_TRUE(cmsWriteTag(p, tag, text));
  cmsMLUfree(text);
}

/// A profile with a name in every text.
Bytes named(cmsHPROFILE p, double version) {
  cmsSetProfileVersion(p, version);
  for (const auto tag : {cmsSigProfileDescriptionTag, cmsSigCopyrightTag, cmsSigDeviceMfgDescTag,
                         cmsSigDeviceModelDescTag, cmsSigViewingCondDescTag})
    name(p, tag);
  const char priv[] = "text\0\0\0\0MARKER";
  EXPECT_TRUE(cmsWriteRawTag(p, static_cast<cmsTagSignature>(0x70726976), priv, sizeof priv));
  cmsSetHeaderManufacturer(p, 0x4d41524b);
  cmsSetHeaderModel(p, 0x4d41524b);
  return save(p);
}

cmsHPROFILE wide_gamut() {
  const cmsCIExyY white{.3127, .3290, 1};
  const cmsCIExyYTRIPLE primaries{{.64, .33, 1}, {.21, .71, 1}, {.15, .06, 1}};
  cmsToneCurve* curve = cmsBuildGamma(nullptr, 2.19921875);
  cmsToneCurve* curves[]{curve, curve, curve};
  cmsHPROFILE p = cmsCreateRGBProfile(&white, &primaries, curves);
  cmsFreeToneCurve(curve);
  return p;
}

/// A profile whose colours are a table, as of scanners and some cameras.
cmsHPROFILE table() {
  cmsHPROFILE p = cmsCreate_sRGBProfile();
  constexpr cmsUInt32Number side = 5;
  std::vector<cmsUInt16Number> values(side * side * side * 3);
  std::mt19937 random(3);
  std::ranges::generate(values, [&] { return static_cast<cmsUInt16Number>(random()); });
  cmsSetPCS(p, cmsSigLabData);
  cmsPipeline* pipeline = cmsPipelineAlloc(nullptr, 3, 3);
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocCLut16bit(nullptr, side, 3, 3, values.data()));
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
  EXPECT_TRUE(cmsWriteTag(p, cmsSigAToB0Tag, pipeline));
  cmsPipelineFree(pipeline);
  return p;
}

cmsHPROFILE gray() {
  cmsToneCurve* curve = cmsBuildGamma(nullptr, 1.8);
  cmsHPROFILE p = cmsCreateGrayProfile(cmsD50_xyY(), curve);
  cmsFreeToneCurve(curve);
  return p;
}

/// Lab of random pixels.
std::vector<float> colours(const Bytes& profile, bool is_gray) {
  const Profile from(cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size())));
  const Profile to(cmsCreateLab4Profile(nullptr));
  EXPECT_TRUE(from);
  const cmsHTRANSFORM t = cmsCreateTransform(from.get(), is_gray ? TYPE_GRAY_8 : TYPE_RGB_8, to.get(),
                                             TYPE_Lab_FLT, INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOOPTIMIZE);
  std::mt19937 random(7);
  std::vector<std::uint8_t> pixels(3 * 1000);
  std::ranges::generate(pixels, [&] { return static_cast<std::uint8_t>(random()); });
  std::vector<float> lab(3000);
  cmsDoTransform(t, pixels.data(), lab.data(), 1000);
  cmsDeleteTransform(t);
  return lab;
}

bool holds(const Bytes& bytes, std::string text) {
  std::string both;
  for (const char c : text)
    both += {'\0', c};
  return std::ranges::search(bytes, text).begin() != bytes.end() ||
         std::ranges::search(bytes, both).begin() != bytes.end();
}

TEST(Profile, ColoursStayAndTextsGo) {
  for (const double version : {2.1, 4.3}) {
    const Profile srgb(cmsCreate_sRGBProfile()), wide(wide_gamut()), one(gray()), scanner(table());
    for (const auto& [profile, channels] :
         {std::pair{srgb.get(), 3}, {wide.get(), 3}, {scanner.get(), 3}, {one.get(), 1}}) {
      const Bytes before = named(profile, version);
      ASSERT_TRUE(holds(before, "MARK"));
      const Bytes after = cli::scrub_profile(before, channels);
      ASSERT_FALSE(after.empty());
      EXPECT_FALSE(holds(after, "MARK")) << version;
      EXPECT_EQ(colours(before, channels == 1), colours(after, channels == 1)) << version << " " << channels;
      EXPECT_EQ(cli::scrub_profile(after, channels), after)
          << "the same profile always becomes the same bytes";
    }
  }
}

TEST(Profile, DamagedOrForeignOnesAreLeftOut) {
  const Profile srgb(cmsCreate_sRGBProfile());
  const Bytes whole = save(srgb.get());
  EXPECT_TRUE(cli::scrub_profile({}, 3).empty());
  EXPECT_TRUE(cli::scrub_profile(Bytes(500, 65), 3).empty());
  EXPECT_TRUE(cli::scrub_profile(whole, 1).empty());
  for (std::size_t part = 1; part < 10; ++part) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * part / 10));
    EXPECT_TRUE(cli::scrub_profile(cut, 3).empty()) << part;
  }
}

} // namespace
} // namespace deid::test
