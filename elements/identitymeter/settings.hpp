#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace deid::identity {

/// By whose landmarks the face of the result is cut out.
enum class Landmarks : std::uint8_t {
  result,  ///< found on the result; where there are none, the original's
  original ///< the original's
};

/// Which of the two the element is.
enum class Side : std::uint8_t { original, deidentified };

/// What the element's properties say. A copyable value; taken at start.
struct MeterOptions {
  Side stage = Side::deidentified;
  unsigned interval = 0; ///< frames from one measured frame to the next; 0: every one, live every n-th
  double threshold = .6; ///< distance from which on two faces are two people
  Landmarks landmarks = Landmarks::result;
  std::string target{}; ///< a place, or several, as Targets says
  std::filesystem::path location{}, csv{}, raw{};
  std::uint64_t period = 0; ///< [ns] of stream between messages; 0: only at the end
};

/// Every how manyth frame is measured when nobody says: in files, and live, where measuring must leave room.
constexpr unsigned file_interval = 1, live_interval = 5;

} // namespace deid::identity
