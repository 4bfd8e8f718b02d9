// The reader of dlib's weight file on any bytes gives a FormatError or weights, nothing else.
#include "models/descriptor/dlib_stream.hpp"
#include "models/descriptor/weights.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  try {
    (void)deid::models::read_descriptor_weights(bytes);
  } catch (const deid::models::FormatError&) {
    return 0;
  }
  return 0;
}
