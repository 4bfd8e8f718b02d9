// The reader of NIfTI files on any bytes gives a FileError or a volume whose header can be written again.
#include "elements/volume/nifti/reader.hpp"
#include <cstdlib>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace deid::nifti;
  auto bytes = std::as_bytes(std::span(data, size));
  std::unique_ptr<Input> voxels;
  if (size > 600 && data[0] == 0x5c && data[345] == 'i') { // "ni1": the voxels stand in a second file
    voxels = open_memory(bytes.subspan(352));
    bytes = bytes.first(352);
  }
  try {
    const Reading reading = read(open_memory(bytes), std::move(voxels));
    if (reading.volume.voxels.size() != reading.volume.about.bytes())
      std::abort();
    const auto again = to_bytes(reading.header, false);
    if (!(describe(parse(std::span(again).first(again.size() - 4)).header) == reading.volume.about))
      std::abort();
  } catch (const FileError&) {
    return 0;
  }
  return 0;
}
