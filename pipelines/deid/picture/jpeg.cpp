#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/picture/codecs.hpp"
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>

#include <jpeglib.h>

namespace deid::cli {
namespace {

constexpr int most_jpeg_side = 65'500; // px, the format's limit
constexpr std::string_view exif_head{"Exif\0\0", 6}, xmp_head{"http://ns.adobe.com/xap/1.0/\0", 29};

/// libjpeg reports errors by longjmp, which skips destructors: code between attempt() and the library may own
/// nothing.
struct Errors {
  jpeg_error_mgr base{}; ///< must come first: the library's pointer to it is also a pointer to this object
  std::jmp_buf jump{};
  char said[JMSG_LENGTH_MAX]{};
};

void keep_text(j_common_ptr codec) {
  auto* errors = reinterpret_cast<Errors*>(codec->err);
  if (errors->said[0] == 0)
    codec->err->format_message(codec, errors->said);
}

void leave(j_common_ptr codec) {
  keep_text(codec);
  std::longjmp(reinterpret_cast<Errors*>(codec->err)->jump, 1);
}

/// level < 0: a warning, which means damage.
void note(j_common_ptr codec, int level) {
  if (level < 0) {
    ++codec->err->num_warnings;
    keep_text(codec);
  }
}

jpeg_error_mgr* set_up(Errors& errors) {
  jpeg_std_error(&errors.base);
  errors.base.error_exit = leave;
  errors.base.emit_message = note;
  return &errors.base;
}

/// Returns false when the library reported an error.
bool attempt(Errors& errors, const std::function<void()>& work) {
  if (setjmp(errors.jump) != 0)
    return false;
  work();
  return true;
}

struct JpegReader {
  Errors errors{};
  jpeg_decompress_struct codec{};
  JpegReader() { codec.err = set_up(errors); }
  ~JpegReader() { jpeg_destroy_decompress(&codec); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;
  void require(const std::function<void()>& work) {
    if (!attempt(errors, work) || errors.base.num_warnings > 0)
      throw Failure(std::string("the JPEG is damaged (") + errors.said +
                    "); nothing was written, because what cannot be decoded cannot be searched.");
  }
};

struct Writer {
  Errors errors{};
  jpeg_compress_struct codec{};
  unsigned char* data = nullptr;
  unsigned long size = 0;
  Writer() { codec.err = set_up(errors); }
  ~Writer() {
    jpeg_destroy_compress(&codec);
    std::free(data);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  void require(const std::function<void()>& work) {
    if (!attempt(errors, work) || errors.base.num_warnings > 0)
      throw Failure(std::string("The JPEG cannot be written: ") + errors.said + ".");
  }
};

void check_colours(const jpeg_decompress_struct& c) {
  if (c.jpeg_color_space == JCS_CMYK || c.jpeg_color_space == JCS_YCCK || c.num_components == 4)
    throw Failure("its colours are CMYK, made for printing; save it as RGB first.");
  if (c.jpeg_color_space != JCS_GRAYSCALE && c.jpeg_color_space != JCS_YCbCr && c.jpeg_color_space != JCS_RGB)
    throw Failure("its colours are of a kind that is not known here; save it as RGB first.");
}

Storage storage_of(const jpeg_decompress_struct& c) {
  Storage s;
  s.progressive = c.progressive_mode;
  if (c.jpeg_color_space != JCS_YCbCr)
    return s;
  const auto& luma = c.comp_info[0];
  const auto &blue = c.comp_info[1], &red = c.comp_info[2];
  const bool whole = blue.h_samp_factor == red.h_samp_factor && blue.v_samp_factor == red.v_samp_factor &&
                     luma.h_samp_factor % blue.h_samp_factor == 0 &&
                     luma.v_samp_factor % blue.v_samp_factor == 0;
  const int h = luma.h_samp_factor / blue.h_samp_factor, v = luma.v_samp_factor / blue.v_samp_factor;
  if (whole && h * v <= 8) { // the library's blocks hold no more samples; else 4:4:4
    s.luma_h = h;
    s.luma_v = v;
  }
  return s;
}

void read_markers(jpeg_decompress_struct& c, Picture& picture) {
  for (auto* m = c.marker_list; m; m = m->next) {
    const std::string_view data(reinterpret_cast<const char*>(m->data), m->data_length);
    if (m->marker == JPEG_APP0 + 1 && data.starts_with(exif_head)) {
      picture.orientation = exif_orientation(m->data + exif_head.size(), m->data_length - exif_head.size());
      break;
    }
  }
  if (c.saw_JFIF_marker)
    picture.density = {c.density_unit == 1   ? Density::Unit::inch
                       : c.density_unit == 2 ? Density::Unit::meter
                                             : Density::Unit::none,
                       c.density_unit == 2 ? 100. * c.X_density : c.X_density,
                       c.density_unit == 2 ? 100. * c.Y_density : c.Y_density};
}

void read_profile(JpegReader& reader, Picture& picture) {
  JOCTET* profile = nullptr;
  unsigned int size = 0;
  reader.require([&] { jpeg_read_icc_profile(&reader.codec, &profile, &size); });
  const std::unique_ptr<JOCTET, decltype(&std::free)> owned(profile, std::free);
  if (profile)
    picture.profile.assign(profile, profile + size);
}

void set_density(jpeg_compress_struct& c, const Density& d) {
  const bool meter = d.unit == Density::Unit::meter;
  const double x = meter ? d.x / 100 : d.x, y = meter ? d.y / 100 : d.y;
  if (x < 1 || y < 1 || x > 65'535 || y > 65'535)
    return;
  c.density_unit = d.unit == Density::Unit::inch ? 1 : meter ? 2 : 0;
  c.X_density = static_cast<UINT16>(x + .5);
  c.Y_density = static_cast<UINT16>(y + .5);
}

void set_up_writing(jpeg_compress_struct& c, const Picture& picture, int quality) {
  c.image_width = static_cast<JDIMENSION>(picture.pixels.cols);
  c.image_height = static_cast<JDIMENSION>(picture.pixels.rows);
  c.input_components = picture.pixels.channels();
  c.in_color_space = c.input_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&c);
  jpeg_set_quality(&c, quality, TRUE);
  c.dct_method = JDCT_ISLOW;
  c.optimize_coding = TRUE;
  if (c.input_components == 3) {
    c.comp_info[0].h_samp_factor = picture.storage.luma_h;
    c.comp_info[0].v_samp_factor = picture.storage.luma_v;
  }
  if (picture.storage.progressive)
    jpeg_simple_progression(&c);
  set_density(c, picture.density);
}

} // namespace

Picture read_jpeg(const Bytes& file) {
  JpegReader reader;
  auto& c = reader.codec;
  reader.require([&] {
    jpeg_create_decompress(&c);
    jpeg_mem_src(&c, file.data(), file.size());
    jpeg_save_markers(&c, JPEG_APP0 + 1, 0xffff);
    jpeg_save_markers(&c, JPEG_APP0 + 2, 0xffff);
    jpeg_read_header(&c, TRUE);
  });
  check_size(c.image_width, c.image_height);
  check_colours(c);
  Picture picture;
  read_markers(c, picture);
  read_profile(reader, picture);
  picture.storage = storage_of(c);
  picture.gray = c.num_components == 1;
  c.out_color_space = picture.gray ? JCS_GRAYSCALE : JCS_RGB;
  c.dct_method = JDCT_ISLOW;
  picture.pixels.create(static_cast<int>(c.image_height), static_cast<int>(c.image_width),
                        picture.gray ? CV_8UC1 : CV_8UC3);
  reader.require([&] {
    jpeg_start_decompress(&c);
    while (c.output_scanline < c.output_height) {
      JSAMPROW row = picture.pixels.ptr(static_cast<int>(c.output_scanline));
      jpeg_read_scanlines(&c, &row, 1);
    }
    jpeg_finish_decompress(&c);
  });
  return picture;
}

Bytes write_jpeg(const Picture& picture, const PictureWriting& writing) {
  if (picture.pixels.cols > most_jpeg_side || picture.pixels.rows > most_jpeg_side)
    throw Failure("The picture is too large for JPEG (65500 px a side); name the output .png or .tif.");
  std::string note_text(xmp_head);
  note_text += writing.note;
  Writer writer;
  auto& c = writer.codec;
  writer.require([&] {
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &writer.data, &writer.size);
    set_up_writing(c, picture, writing.quality);
    jpeg_start_compress(&c, TRUE);
    if (!writing.note.empty())
      jpeg_write_marker(&c, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(note_text.data()),
                        static_cast<unsigned int>(note_text.size()));
    if (!picture.profile.empty())
      jpeg_write_icc_profile(&c, picture.profile.data(), static_cast<unsigned int>(picture.profile.size()));
    while (c.next_scanline < c.image_height) {
      auto* row = const_cast<JSAMPROW>(picture.pixels.ptr(static_cast<int>(c.next_scanline)));
      jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
  });
  return {writer.data, writer.data + writer.size};
}

} // namespace deid::cli
