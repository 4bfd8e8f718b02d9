// The reader of a trained network's header on any bytes gives a ModelError or a header, nothing else.
#include "models/autoencoder/header.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    (void)deid::models::autoencoder::read_header("The model", {reinterpret_cast<const char*>(data), size});
  } catch (const deid::models::ModelError&) {
    return 0;
  }
  return 0;
}
