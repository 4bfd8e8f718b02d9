#include "elements/faceswap/target/base64.hpp"
#include <glib.h>
#include <memory>

namespace deid::faceswap {

std::string to_base64(const std::uint8_t* bytes, std::size_t count) {
  const std::unique_ptr<gchar, decltype(&g_free)> text(g_base64_encode(bytes, count), &g_free);
  return text.get();
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  gsize count = 0;
  const std::unique_ptr<guchar, decltype(&g_free)> bytes(g_base64_decode(std::string(text).c_str(), &count),
                                                         &g_free);
  // GLib skips what is not base64, so only a text that comes back is base64 throughout
  if (to_base64(bytes.get(), count) != text)
    return std::nullopt;
  return std::vector<std::uint8_t>(bytes.get(), bytes.get() + count);
}

} // namespace deid::faceswap
