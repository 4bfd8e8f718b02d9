#pragma once
#include "models/descriptor/limit.hpp"
#include <cstdint>
#include <filesystem>
#include <string>

namespace deid::identitymeter {

/// The landmarks by which the face of the result is cut out.
enum class Landmarks : std::uint8_t {
  result,  ///< found on the result; the original's when none are found
  original ///< the original's
};

/// The two places of the element in a pipeline.
enum class Side : std::uint8_t { original, deidentified };

/// The values of the element's properties. Copied at start.
struct MeterOptions {
  Side stage = Side::deidentified;
  unsigned interval = 0; ///< frames from one measured frame to the next; 0: the default for files or live
  double threshold = models::same_person_limit; ///< two faces at least this far apart are two people
  Landmarks landmarks = Landmarks::result;
  bool second = true;   ///< also measure with the second judge, unless set-up left it out
  std::string target{}; ///< a file, folder or list, see Targets
  std::filesystem::path location{}, csv{}, raw{};
  std::uint64_t period = 0; ///< [ns] of stream between messages; 0: only at the end
};

/// Default interval for files, and for live streams, where the processor must serve other elements, too.
constexpr unsigned file_interval = 1, live_interval = 5;

} // namespace deid::identitymeter
