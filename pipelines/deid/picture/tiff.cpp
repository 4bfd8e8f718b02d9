#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/picture/codecs.hpp"
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <sys/mman.h>
#include <sys/stat.h>
#include <tiffio.h>
#include <unistd.h>

namespace deid::cli {
namespace {

constexpr tmsize_t most_memory = 2'000'000'000; // bytes at once; a damaged index may ask for more

using File = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

int keep_text(TIFF*, void* said, const char*, const char* format, va_list values) {
  char text[256];
  std::vsnprintf(text, sizeof text, format, values);
  if (auto& first = *static_cast<std::string*>(said); first.empty())
    first = text;
  return 1;
}

/// Warnings concern tags that the library does not know; none of them is kept.
int ignore(TIFF*, void*, const char*, const char*, va_list) {
  return 1;
}

/// A TIFF file in memory: the library seeks in it, and the result is read from its start.
class Memory {
public:
  Memory() : fd_(memfd_create("picture", MFD_CLOEXEC)) {
    if (fd_ < 0)
      throw Failure("There is not enough memory for the TIFF.");
  }
  ~Memory() { close(fd_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  void fill(const Bytes& bytes) const {
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t n = pwrite(fd_, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
      if (n <= 0)
        throw Failure("There is not enough memory for the TIFF.");
      at += static_cast<std::size_t>(n);
    }
  }
  Bytes content() const {
    struct stat s {};
    fstat(fd_, &s);
    Bytes bytes(static_cast<std::size_t>(s.st_size));
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t n = pread(fd_, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
      if (n <= 0)
        throw Failure("The TIFF cannot be read back.");
      at += static_cast<std::size_t>(n);
    }
    return bytes;
  }
  /// said: receives the library's first error. mode: r or w.
  File open(const char* mode, std::string& said) const {
    const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                   TIFFOpenOptionsFree);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), most_memory);
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_text, &said);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignore, nullptr);
    return {TIFFFdOpenExt(dup(fd_), "picture", mode, options.get()), TIFFClose};
  }

private:
  int fd_;
};

[[noreturn]] void damaged(const std::string& said) {
  throw Failure("the TIFF is damaged (" + (said.empty() ? "its index cannot be read" : said) +
                "); nothing was written, because what cannot be decoded cannot be searched.");
}

template <class T> T field(TIFF* t, std::uint32_t tag, T otherwise) {
  T value = otherwise;
  return TIFFGetFieldDefaulted(t, tag, &value) ? value : otherwise;
}

/// Refuses several pictures, because the further ones would be lost. Small copies of the first (thumbnails)
/// are allowed.
void refuse_pages(TIFF* t) {
  int pages = 1;
  if (field<std::uint32_t>(t, TIFFTAG_SUBFILETYPE, 0) & FILETYPE_REDUCEDIMAGE)
    throw Failure("its first picture is a small copy of another one, as in a camera's raw file; save it as a "
                  "plain TIFF (8 bit) or JPEG first.");
  while (TIFFReadDirectory(t))
    if (!(field<std::uint32_t>(t, TIFFTAG_SUBFILETYPE, 0) & FILETYPE_REDUCEDIMAGE))
      ++pages;
  if (pages > 1)
    throw Failure("it is a TIFF of " + std::to_string(pages) +
                  " pages; save each page as a file of its own first (tiffsplit scan.tif, package "
                  "libtiff-tools).");
  TIFFSetDirectory(t, 0);
}

struct Layout {
  std::uint16_t bits, samples, colours, format;
  std::uint16_t extra = 0;
  bool alpha = false;
};

Layout layout_of(TIFF* t) {
  Layout l{field<std::uint16_t>(t, TIFFTAG_BITSPERSAMPLE, 1),
           field<std::uint16_t>(t, TIFFTAG_SAMPLESPERPIXEL, 1),
           field<std::uint16_t>(t, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_SEPARATED),
           field<std::uint16_t>(t, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT)};
  std::uint16_t extras = 0;
  const std::uint16_t* kinds = nullptr;
  TIFFGetFieldDefaulted(t, TIFFTAG_EXTRASAMPLES, &extras, &kinds);
  l.alpha = extras == 1 && (kinds[0] == EXTRASAMPLE_ASSOCALPHA || kinds[0] == EXTRASAMPLE_UNASSALPHA);
  l.extra = extras > 0 ? kinds[0] : std::uint16_t{0};
  if (extras > 0 && !l.alpha)
    throw Failure("it has extra channels, which are not searched for faces; save it without them.");
  return l;
}

void check_layout(const Layout& l) {
  if (l.bits > 8)
    refuse_depth(l.bits);
  if (l.format != SAMPLEFORMAT_UINT && l.format != SAMPLEFORMAT_VOID)
    throw Failure("its samples are not unsigned integers; save it as 8 bit RGB first.");
  const bool gray = l.colours == PHOTOMETRIC_MINISBLACK || l.colours == PHOTOMETRIC_MINISWHITE;
  if (!gray && l.colours != PHOTOMETRIC_RGB && l.colours != PHOTOMETRIC_PALETTE &&
      l.colours != PHOTOMETRIC_YCBCR)
    throw Failure("its colours are CMYK, Lab, raw or of another kind that is not supported; save it as 8 bit "
                  "RGB first.");
  if (l.alpha && (l.bits != 8 || (l.colours != PHOTOMETRIC_RGB && l.colours != PHOTOMETRIC_MINISBLACK)))
    throw Failure("its kind of transparency is not supported; save it as 8 bit RGB first.");
}

/// Reads gray with alpha, or RGBA, line by line: the library's own RGBA would be premultiplied.
cv::Mat read_with_alpha(TIFF* t, int width, int height, const Layout& l, const std::string& said) {
  const int samples = l.colours == PHOTOMETRIC_RGB ? 4 : 2;
  if (TIFFIsTiled(t) || l.samples != samples ||
      field<std::uint16_t>(t, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) != PLANARCONFIG_CONTIG)
    throw Failure("its kind of transparency is not supported; save it as 8 bit RGB first.");
  cv::Mat pixels(height, width, CV_8UC(samples));
  if (TIFFScanlineSize(t) != static_cast<tmsize_t>(width) * samples)
    damaged(said);
  for (int y = 0; y < height; ++y)
    if (TIFFReadScanline(t, pixels.ptr(y), static_cast<std::uint32_t>(y), 0) != 1)
      damaged(said);
  return samples == 2 ? rgba_of_gray(pixels) : pixels;
}

cv::Mat read_opaque(TIFF* t, int width, int height, bool gray, const std::string& said) {
  cv::Mat rgba(height, width, CV_8UC4);
  const int stored = field<std::uint16_t>(t, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  if (!TIFFReadRGBAImageOriented(t, static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height),
                                 reinterpret_cast<std::uint32_t*>(rgba.data), stored, 1) ||
      !said.empty())
    damaged(said);
  cv::Mat pixels(rgba.size(), gray ? CV_8UC1 : CV_8UC3);
  const int from_to[]{0, 0, 1, 1, 2, 2};
  cv::mixChannels({rgba}, {pixels}, from_to, gray ? 1 : 3);
  return pixels;
}

void read_rest(TIFF* t, Picture& picture) {
  std::uint32_t size = 0;
  void* profile = nullptr;
  if (TIFFGetField(t, TIFFTAG_ICCPROFILE, &size, &profile)) {
    const auto* first = static_cast<const std::uint8_t*>(profile);
    picture.profile.assign(first, first + size);
  }
  picture.orientation = field<std::uint16_t>(t, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  if (picture.orientation < 1 || picture.orientation > 8)
    picture.orientation = 1;
  const auto unit = field<std::uint16_t>(t, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  const double to_unit = unit == RESUNIT_CENTIMETER ? 100 : 1;
  picture.density = {unit == RESUNIT_INCH         ? Density::Unit::inch
                     : unit == RESUNIT_CENTIMETER ? Density::Unit::meter
                                                  : Density::Unit::none,
                     to_unit * field<float>(t, TIFFTAG_XRESOLUTION, 0),
                     to_unit * field<float>(t, TIFFTAG_YRESOLUTION, 0)};
  picture.storage.compression = field<std::uint16_t>(t, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
}

/// Keeps the file's scheme if it is lossless.
std::uint16_t scheme(std::uint16_t of_input) {
  const auto kept = {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_PACKBITS, COMPRESSION_ADOBE_DEFLATE};
  return std::ranges::find(kept, of_input) != kept.end() ? of_input
                                                         : std::uint16_t{COMPRESSION_ADOBE_DEFLATE};
}

void set_density(TIFF* t, const Density& d) {
  if (d.x <= 0 || d.y <= 0)
    return;
  const bool meter = d.unit == Density::Unit::meter;
  TIFFSetField(t, TIFFTAG_RESOLUTIONUNIT,
               d.unit == Density::Unit::inch ? RESUNIT_INCH
               : meter                       ? RESUNIT_CENTIMETER
                                             : RESUNIT_NONE);
  TIFFSetField(t, TIFFTAG_XRESOLUTION, meter ? d.x / 100 : d.x);
  TIFFSetField(t, TIFFTAG_YRESOLUTION, meter ? d.y / 100 : d.y);
}

void set_fields(TIFF* t, const Picture& picture, const cv::Mat& pixels, const PictureWriting& writing) {
  const int channels = pixels.channels();
  TIFFSetField(t, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(pixels.cols));
  TIFFSetField(t, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(pixels.rows));
  TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, channels);
  TIFFSetField(t, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(t, TIFFTAG_PHOTOMETRIC, channels < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
  TIFFSetField(t, TIFFTAG_COMPRESSION, scheme(picture.storage.compression));
  const std::uint16_t kind = picture.storage.premultiplied ? EXTRASAMPLE_ASSOCALPHA : EXTRASAMPLE_UNASSALPHA;
  if (channels % 2 == 0)
    TIFFSetField(t, TIFFTAG_EXTRASAMPLES, 1, &kind);
  TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize(t, 0));
  set_density(t, picture.density);
  if (!picture.profile.empty())
    TIFFSetField(t, TIFFTAG_ICCPROFILE, static_cast<std::uint32_t>(picture.profile.size()),
                 picture.profile.data());
  if (!writing.note.empty())
    TIFFSetField(t, TIFFTAG_XMLPACKET, static_cast<std::uint32_t>(writing.note.size()), writing.note.data());
}

} // namespace

Picture read_tiff(const Bytes& file) {
  const Memory memory;
  memory.fill(file);
  std::string said;
  const File t = memory.open("r", said);
  if (!t)
    damaged(said);
  refuse_pages(t.get());
  const Layout layout = layout_of(t.get());
  check_layout(layout);
  const auto width = field<std::uint32_t>(t.get(), TIFFTAG_IMAGEWIDTH, 0),
             height = field<std::uint32_t>(t.get(), TIFFTAG_IMAGELENGTH, 0);
  check_size(width, height);
  Picture picture;
  picture.gray = layout.colours == PHOTOMETRIC_MINISBLACK || layout.colours == PHOTOMETRIC_MINISWHITE;
  const int w = static_cast<int>(width), h = static_cast<int>(height);
  picture.pixels = layout.alpha ? read_with_alpha(t.get(), w, h, layout, said)
                                : read_opaque(t.get(), w, h, picture.gray, said);
  if (!said.empty())
    damaged(said);
  read_rest(t.get(), picture);
  picture.storage.premultiplied = layout.alpha && layout.extra == EXTRASAMPLE_ASSOCALPHA;
  return picture;
}

Bytes write_tiff(const Picture& picture, const PictureWriting& writing) {
  const Memory memory;
  std::string said;
  const cv::Mat pixels =
      picture.gray && picture.pixels.channels() == 4 ? gray_and_alpha(picture.pixels) : picture.pixels;
  {
    const File t = memory.open("w", said);
    if (!t)
      throw Failure("The TIFF cannot be written: " + said + ".");
    set_fields(t.get(), picture, pixels, writing);
    for (int y = 0; y < pixels.rows && said.empty(); ++y) // the library's parameter is not const
      TIFFWriteScanline(t.get(), cv::Mat(pixels.row(y).clone()).data, static_cast<std::uint32_t>(y), 0);
  }
  if (!said.empty())
    throw Failure("The TIFF cannot be written: " + said + ".");
  return memory.content();
}

} // namespace deid::cli
