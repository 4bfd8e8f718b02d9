// The reader of DICOM files on any bytes gives a FormatError, or attributes of which nothing unlisted is
// written.
#include "elements/volume/dicom/dataset.hpp"
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace deid::dicom;
  try {
    const File file = parse({reinterpret_cast<const char*>(data), size});
    std::set<std::string> dropped;
    std::size_t private_attributes = 0;
    const Dataset kept = cleaned(file.set, dropped, private_attributes);
    const File again = parse(to_bytes(kept));
    if (!unlisted(kept).empty() || !unlisted(again.set).empty() || again.set.size() != kept.size())
      std::abort();
    (void)slice_of(file.set, "The file");
  } catch (const FormatError&) {
    return 0;
  } catch (const SeriesError&) {
    return 0;
  }
  return 0;
}
