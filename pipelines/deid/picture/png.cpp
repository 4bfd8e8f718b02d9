#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/picture/codecs.hpp"
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <spng.h>

namespace deid::cli {
namespace {

constexpr std::size_t most_chunk = (1UL << 31) - 1; // bytes, of one chunk and of all kept chunks

using Codec = std::unique_ptr<spng_ctx, decltype(&spng_ctx_free)>;

void require_read(int status) {
  if (status != 0)
    throw Failure(std::string("the PNG is damaged (") + spng_strerror(status) +
                  "); nothing was written, because what cannot be decoded cannot be searched.");
}

void require_written(int status) {
  if (status != 0)
    throw Failure(std::string("The PNG cannot be written: ") + spng_strerror(status) + ".");
}

/// APNG stores further pictures in chunks that a plain reader ignores.
void refuse_animation(spng_ctx* c) {
  std::uint32_t n = 0;
  if (spng_get_unknown_chunks(c, nullptr, &n) != 0)
    return;
  std::vector<spng_unknown_chunk> chunks(n);
  require_read(spng_get_unknown_chunks(c, chunks.data(), &n));
  for (const auto& chunk : chunks)
    if (std::memcmp(chunk.type, "acTL", 4) == 0 || std::memcmp(chunk.type, "fdAT", 4) == 0)
      throw Failure("it is an animated PNG; save its pictures one by one, or save it as a video.");
}

bool has_transparency(spng_ctx* c, const spng_ihdr& head) {
  spng_trns trns{};
  return (head.color_type & SPNG_COLOR_TYPE_GRAYSCALE_ALPHA) != 0 || spng_get_trns(c, &trns) == 0;
}

void read_colours(spng_ctx* c, Picture& picture) {
  spng_iccp icc{};
  if (spng_get_iccp(c, &icc) == 0)
    picture.profile.assign(icc.profile, icc.profile + icc.profile_len);
  auto& s = picture.storage;
  spng_get_gama_int(c, &s.gamma);
  spng_chrm_int k{};
  if (spng_get_chrm_int(c, &k) == 0)
    s.chromaticities = {k.white_point_x, k.white_point_y, k.red_x,  k.red_y,
                        k.green_x,       k.green_y,       k.blue_x, k.blue_y};
  if (std::uint8_t rendering = 0; spng_get_srgb(c, &rendering) == 0)
    s.rendering = rendering;
}

void read_rest(spng_ctx* c, Picture& picture) {
  spng_exif exif{};
  if (spng_get_exif(c, &exif) == 0)
    picture.orientation = exif_orientation(reinterpret_cast<std::uint8_t*>(exif.data), exif.length);
  spng_phys phys{};
  if (spng_get_phys(c, &phys) == 0)
    picture.density = {phys.unit_specifier == 1 ? Density::Unit::meter : Density::Unit::none,
                       static_cast<double>(phys.ppu_x), static_cast<double>(phys.ppu_y)};
}

/// The library's pointers to our data are not const, but it only reads.
template <class T> T* unchanged(const void* data) {
  return static_cast<T*>(const_cast<void*>(data));
}

void set_colours(spng_ctx* c, const Picture& picture) {
  const auto& s = picture.storage;
  if (!picture.profile.empty()) {
    spng_iccp icc{"icc", picture.profile.size(), unchanged<char>(picture.profile.data())};
    require_written(spng_set_iccp(c, &icc));
  } else if (s.rendering) {
    require_written(spng_set_srgb(c, *s.rendering));
  }
  if (s.gamma != 0)
    require_written(spng_set_gama_int(c, s.gamma));
  if (const auto& k = s.chromaticities; k != decltype(s.chromaticities){}) {
    spng_chrm_int chrm{k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7]};
    require_written(spng_set_chrm_int(c, &chrm));
  }
}

void set_density(spng_ctx* c, const Density& d) {
  const double to_unit = d.unit == Density::Unit::inch ? 1 / .0254 : 1;
  const double x = d.x * to_unit, y = d.y * to_unit;
  if (x < 1 || y < 1 || x > INT32_MAX || y > INT32_MAX)
    return;
  spng_phys phys{static_cast<std::uint32_t>(std::lround(x)), static_cast<std::uint32_t>(std::lround(y)),
                 static_cast<std::uint8_t>(d.unit == Density::Unit::none ? 0 : 1)};
  require_written(spng_set_phys(c, &phys));
}

void set_note(spng_ctx* c, const std::string& note) {
  if (note.empty())
    return;
  static const char nothing[1]{};
  spng_text text{"XML:com.adobe.xmp",
                 SPNG_ITXT,
                 note.size(),
                 unchanged<char>(note.data()),
                 0,
                 0,
                 unchanged<char>(nothing),
                 unchanged<char>(nothing)};
  require_written(spng_set_text(c, &text, 1));
}

} // namespace

Picture read_png(const Bytes& file) {
  const Codec c(spng_ctx_new(0), spng_ctx_free);
  if (!c)
    throw Failure("there is not enough memory for it.");
  require_read(spng_set_png_buffer(c.get(), file.data(), file.size()));
  require_read(spng_set_option(c.get(), SPNG_KEEP_UNKNOWN_CHUNKS, 1));
  require_read(spng_set_chunk_limits(c.get(), most_chunk, most_chunk));
  spng_ihdr head{};
  require_read(spng_get_ihdr(c.get(), &head));
  check_size(head.width, head.height);
  if (head.bit_depth > 8)
    refuse_depth(head.bit_depth);
  refuse_animation(c.get());
  Picture picture;
  picture.gray = (head.color_type & SPNG_COLOR_TYPE_TRUECOLOR) == 0;
  const bool alpha = has_transparency(c.get(), head);
  const int channels = alpha ? 4 : picture.gray ? 1 : 3;
  const int format = alpha ? SPNG_FMT_RGBA8 : picture.gray ? SPNG_FMT_G8 : SPNG_FMT_RGB8;
  picture.pixels.create(static_cast<int>(head.height), static_cast<int>(head.width), CV_8UC(channels));
  std::size_t size = 0;
  require_read(spng_decoded_image_size(c.get(), format, &size));
  CV_Assert(picture.pixels.isContinuous() && size == picture.pixels.total() * picture.pixels.elemSize());
  require_read(spng_decode_image(c.get(), picture.pixels.data, size, format, SPNG_DECODE_TRNS));
  require_read(spng_decode_chunks(c.get())); // an EXIF block may come last
  refuse_animation(c.get());
  read_colours(c.get(), picture);
  read_rest(c.get(), picture);
  return picture;
}

Bytes write_png(const Picture& picture, const PictureWriting& writing) {
  const Codec c(spng_ctx_new(SPNG_CTX_ENCODER), spng_ctx_free);
  if (!c)
    throw Failure("There is not enough memory for the PNG.");
  require_written(spng_set_option(c.get(), SPNG_ENCODE_TO_BUFFER, 1));
  const bool alpha = picture.pixels.channels() == 4, gray = picture.gray || picture.pixels.channels() == 1;
  cv::Mat pixels = alpha && gray ? gray_and_alpha(picture.pixels) : picture.pixels;
  if (!pixels.isContinuous())
    pixels = pixels.clone();
  spng_ihdr head{};
  head.width = static_cast<std::uint32_t>(pixels.cols);
  head.height = static_cast<std::uint32_t>(pixels.rows);
  head.bit_depth = 8;
  head.color_type = static_cast<std::uint8_t>((gray ? SPNG_COLOR_TYPE_GRAYSCALE : SPNG_COLOR_TYPE_TRUECOLOR) |
                                              (alpha ? SPNG_COLOR_TYPE_GRAYSCALE_ALPHA : 0));
  require_written(spng_set_ihdr(c.get(), &head));
  set_colours(c.get(), picture);
  set_density(c.get(), picture.density);
  set_note(c.get(), writing.note);
  require_written(spng_encode_image(c.get(), pixels.data, pixels.total() * pixels.elemSize(), SPNG_FMT_PNG,
                                    SPNG_ENCODE_FINALIZE));
  std::size_t size = 0;
  int status = 0;
  const std::unique_ptr<void, decltype(&std::free)> data(spng_get_png_buffer(c.get(), &size, &status),
                                                         std::free);
  require_written(status);
  const auto* first = static_cast<const std::uint8_t*>(data.get());
  return {first, first + size};
}

} // namespace deid::cli
