#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/picture/codecs.hpp"
#include <cstring>
#include <memory>
#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

namespace deid::cli {
namespace {

constexpr int lossless_format = 2; // of WebPBitstreamFeatures
constexpr int lossless_effort = 6; // [0..9]: more takes longer and gives smaller files

[[noreturn]] void damaged() {
  throw Failure(
      "the WebP is damaged or cut short; nothing was written, because what cannot be decoded cannot "
      "be searched.");
}

Bytes chunk(const WebPDemuxer* file, const char* name) {
  WebPChunkIterator at{};
  Bytes found;
  if (WebPDemuxGetChunk(file, name, 1, &at))
    found.assign(at.chunk.bytes, at.chunk.bytes + at.chunk.size);
  WebPDemuxReleaseChunkIterator(&at);
  return found;
}

int orientation_in(const Bytes& exif) {
  static constexpr char head[]{'E', 'x', 'i', 'f', 0, 0}; // some writers put this before the block
  const bool prefixed = exif.size() > sizeof head && std::memcmp(exif.data(), head, sizeof head) == 0;
  const std::size_t skip = prefixed ? sizeof head : 0;
  return exif.empty() ? 1 : exif_orientation(exif.data() + skip, exif.size() - skip);
}

WebPConfig configuration(const Picture& picture, int quality) {
  WebPConfig config;
  const bool ready = WebPConfigPreset(&config, WEBP_PRESET_PHOTO, static_cast<float>(quality)) &&
                     (!picture.storage.lossless || WebPConfigLosslessPreset(&config, lossless_effort));
  if (!ready)
    throw Failure("The WebP library does not take these settings.");
  config.exact = 1; // keep the colours of fully transparent pixels: they were searched, too
  config.use_sharp_yuv = 1;
  return config;
}

/// Encodes only the pixels.
Bytes compress(const Picture& picture, const WebPConfig& config) {
  WebPPicture in;
  if (!WebPPictureInit(&in))
    throw Failure("The WebP library is of another version than its header.");
  const std::unique_ptr<WebPPicture, decltype(&WebPPictureFree)> owned(&in, WebPPictureFree);
  cv::Mat pixels = picture.pixels;
  if (pixels.channels() == 1)
    cv::merge(std::vector<cv::Mat>(3, picture.pixels), pixels);
  in.use_argb = picture.storage.lossless ? 1 : 0;
  in.width = pixels.cols;
  in.height = pixels.rows;
  WebPMemoryWriter out;
  WebPMemoryWriterInit(&out);
  const std::unique_ptr<WebPMemoryWriter, decltype(&WebPMemoryWriterClear)> out_owned(&out,
                                                                                      WebPMemoryWriterClear);
  in.writer = WebPMemoryWrite;
  in.custom_ptr = &out;
  const int stride = static_cast<int>(pixels.step);
  const bool taken = pixels.channels() == 4 ? WebPPictureImportRGBA(&in, pixels.data, stride)
                                            : WebPPictureImportRGB(&in, pixels.data, stride);
  if (!taken || !WebPEncode(&config, &in))
    throw Failure("The WebP cannot be written (the library's error " + std::to_string(in.error_code) + ").");
  return {out.mem, out.mem + out.size};
}

void add_chunk(WebPMux* file, const char* name, const void* data, std::size_t size) {
  const WebPData view{static_cast<const std::uint8_t*>(data), size};
  if (size > 0 && WebPMuxSetChunk(file, name, &view, 1) != WEBP_MUX_OK)
    throw Failure("The WebP cannot be written: its colour profile or its note does not fit.");
}

} // namespace

Picture read_webp(const Bytes& file) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(file.data(), file.size(), &features) != VP8_STATUS_OK)
    damaged();
  if (features.has_animation)
    throw Failure("it is an animated WebP; save its pictures one by one, or save it as a video.");
  check_size(static_cast<std::uint64_t>(features.width), static_cast<std::uint64_t>(features.height));
  const WebPData view{file.data(), file.size()};
  const std::unique_ptr<WebPDemuxer, decltype(&WebPDemuxDelete)> parts(WebPDemux(&view), WebPDemuxDelete);
  if (!parts)
    damaged();
  Picture picture;
  picture.storage.lossless = features.format == lossless_format;
  picture.profile = chunk(parts.get(), "ICCP");
  picture.orientation = orientation_in(chunk(parts.get(), "EXIF"));
  picture.pixels.create(features.height, features.width, features.has_alpha ? CV_8UC4 : CV_8UC3);
  const auto decode_into = features.has_alpha ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
  if (!decode_into(file.data(), file.size(), picture.pixels.data,
                   picture.pixels.total() * picture.pixels.elemSize(), static_cast<int>(picture.pixels.step)))
    damaged();
  return picture;
}

Bytes write_webp(const Picture& picture, const PictureWriting& writing) {
  if (picture.pixels.cols > WEBP_MAX_DIMENSION || picture.pixels.rows > WEBP_MAX_DIMENSION)
    throw Failure("The picture is too large for WebP (16383 px a side); name the output .png or .tif.");
  const Bytes bare = compress(picture, configuration(picture, writing.quality));
  const std::unique_ptr<WebPMux, decltype(&WebPMuxDelete)> file(WebPMuxNew(), WebPMuxDelete);
  const WebPData view{bare.data(), bare.size()};
  if (!file || WebPMuxSetImage(file.get(), &view, 1) != WEBP_MUX_OK)
    throw Failure("The WebP cannot be put together.");
  add_chunk(file.get(), "ICCP", picture.profile.data(), picture.profile.size());
  add_chunk(file.get(), "XMP ", writing.note.data(), writing.note.size());
  WebPData whole;
  WebPDataInit(&whole);
  const std::unique_ptr<WebPData, decltype(&WebPDataClear)> owned(&whole, WebPDataClear);
  if (WebPMuxAssemble(file.get(), &whole) != WEBP_MUX_OK)
    throw Failure("The WebP cannot be put together.");
  return {whole.bytes, whole.bytes + whole.size};
}

} // namespace deid::cli
