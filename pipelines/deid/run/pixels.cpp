#include "pipelines/deid/run/pixels.hpp"
#include "pipelines/deid/run/graph.hpp"
#include <map>

namespace deid::cli {

std::string raw_caps(const std::string& format, const std::string& colours) {
  return "video/x-raw,format=" + format + (colours.empty() ? "" : ",colorimetry=(string)" + colours);
}

Tokens convert_to(const std::string& format, const std::string& colours, const std::string& via) {
  if (format.empty())
    return {};
  Tokens t;
  if (!via.empty()) // with more bits, so that two steps round no more than one
    t = convert_to("Y444_10LE", via);
  t.insert(t.end(), {"videoconvert", "n-threads=2", "!", raw_caps(format, colours), "!"});
  return t;
}

Tokens mend_caps(const Source& s, const Encoding& e) {
  std::string caps = "video/x-raw";
  if (s.par_mended)
    caps += ",pixel-aspect-ratio=(fraction)1/1";
  // the demuxer may not know it, because it does not see the film's length
  if (e.constant_rate && s.fps_n > 0)
    caps += ",framerate=(fraction)" + std::to_string(s.fps_n) + "/" + std::to_string(s.fps_d);
  if (!e.colours.decoded.empty())
    caps += ",colorimetry=(string)" + e.colours.decoded;
  return caps == "video/x-raw" ? Tokens{} : Tokens{"capssetter", property("caps", caps), "!"};
}

Tokens say_colours(const Encoding& e) {
  if (e.colours.encoded.empty())
    return {};
  static const std::map<std::string, std::string> kinds{
      {"vp8enc", "video/x-vp8"}, {"jpegenc", "image/jpeg"}, {"avenc_ffv1", "video/x-ffv"}};
  const auto found = kinds.find(e.encoder.front());
  const std::string kind = found == kinds.end() ? "video/x-h264" : found->second;
  return {"capssetter", property("caps", kind + ",colorimetry=(string)" + e.colours.encoded), "!"};
}

} // namespace deid::cli
