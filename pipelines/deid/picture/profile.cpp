#include "pipelines/deid/picture/picture.hpp"
#include <algorithm>
#include <lcms2.h>
#include <memory>

namespace deid::cli {
namespace {

struct Close {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
  void operator()(cmsMLU* text) const { cmsMLUfree(text); }
};
using Profile = std::unique_ptr<void, Close>;

/// Tags that define colours. All other tags are texts, names, dates, or private.
constexpr cmsTagSignature colorimetric[]{
    cmsSigMediaWhitePointTag, cmsSigMediaBlackPointTag, cmsSigChromaticAdaptationTag,
    cmsSigRedColorantTag,     cmsSigGreenColorantTag,   cmsSigBlueColorantTag,
    cmsSigRedTRCTag,          cmsSigGreenTRCTag,        cmsSigBlueTRCTag,
    cmsSigGrayTRCTag,         cmsSigAToB0Tag,           cmsSigAToB1Tag,
    cmsSigAToB2Tag,           cmsSigBToA0Tag,           cmsSigBToA1Tag,
    cmsSigBToA2Tag,           cmsSigDToB0Tag,           cmsSigDToB1Tag,
    cmsSigDToB2Tag,           cmsSigDToB3Tag,           cmsSigBToD0Tag,
    cmsSigBToD1Tag,           cmsSigBToD2Tag,           cmsSigBToD3Tag,
    cmsSigGamutTag,           cmsSigChromaticityTag,    cmsSigLuminanceTag};

constexpr std::size_t date_at = 24, date_size = 12; // bytes of the header (ICC.1, 7.2)

/// Tags are parsed and written again, so that no hidden data between or behind their numbers survives.
bool copy_colours(cmsHPROFILE from, cmsHPROFILE to) {
  return std::ranges::all_of(colorimetric, [&](cmsTagSignature tag) {
    if (!cmsIsTag(from, tag))
      return true;
    const void* value = cmsReadTag(from, tag);
    return value && cmsWriteTag(to, tag, value);
  });
}

bool write_text(cmsHPROFILE to, cmsTagSignature tag, const char* text) {
  const std::unique_ptr<cmsMLU, Close> value(cmsMLUalloc(nullptr, 1));
  return value && cmsMLUsetASCII(value.get(), "en", "US", text) && cmsWriteTag(to, tag, value.get());
}

/// Whether the profile has as many bytes as its header says, and the curves that its pixels need.
bool is_whole(const Bytes& profile, cmsHPROFILE opened) {
  const auto said = std::size_t{profile[0]} << 24 | std::size_t{profile[1]} << 16 |
                    std::size_t{profile[2]} << 8 | std::size_t{profile[3]};
  const bool one_curve = cmsGetColorSpace(opened) == cmsSigGrayData && cmsIsTag(opened, cmsSigGrayTRCTag);
  return profile.size() >= said &&
         (one_curve || cmsIsMatrixShaper(opened) || cmsIsTag(opened, cmsSigAToB0Tag));
}

void copy_header(cmsHPROFILE from, cmsHPROFILE to) {
  cmsSetEncodedICCversion(to, cmsGetEncodedICCversion(from));
  cmsSetDeviceClass(to, cmsGetDeviceClass(from));
  cmsSetColorSpace(to, cmsGetColorSpace(from));
  cmsSetPCS(to, cmsGetPCS(from));
  cmsSetHeaderRenderingIntent(to, cmsGetHeaderRenderingIntent(from));
}

Bytes save(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  if (!cmsSaveProfileToMem(profile, nullptr, &size))
    return {};
  Bytes bytes(size);
  if (!cmsSaveProfileToMem(profile, bytes.data(), &size) || size < date_at + date_size)
    return {};
  // the library writes the present time, which would tell when a picture was de-identified
  static constexpr std::uint8_t no_date[date_size]{0x07, 0xd0, 0, 1, 0, 1}; // 1 January 2000
  std::ranges::copy(no_date, bytes.begin() + date_at);
  return bytes;
}

void be_quiet(cmsContext, cmsUInt32Number, const char*) {}

} // namespace

Bytes scrub_profile(const Bytes& profile, int channels) {
  cmsSetLogErrorHandler(be_quiet);
  const Profile from(cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size())));
  const Profile to(cmsCreateProfilePlaceholder(nullptr));
  if (!from || !to || !is_whole(profile, from.get()) ||
      cmsGetColorSpace(from.get()) != (channels == 1 ? cmsSigGrayData : cmsSigRgbData))
    return {};
  copy_header(from.get(), to.get());
  if (!copy_colours(from.get(), to.get()) ||
      !write_text(to.get(), cmsSigProfileDescriptionTag, "colour profile") ||
      !write_text(to.get(), cmsSigCopyrightTag, "none"))
    return {};
  return save(to.get());
}

} // namespace deid::cli
