#pragma once
#include "elements/audit/line.hpp"
#include <filesystem>
#include <vector>

namespace deid::review {

/// An audit as a review needs it.
struct Audited {
  audit::Header header{}; ///< the last one
  std::vector<audit::Frame> frames{};
  audit::Run run{}; ///< which videos it belongs to
  /// The method of the run: swap, mask, blur or pixelate.
  [[nodiscard]] std::string method() const;
  [[nodiscard]] bool sound() const; ///< whether the run kept the sound
  [[nodiscard]] cv::Size size() const { return {run.width, run.height}; }
};

/// Reads a whole audit. Throws UserError: it cannot be read, a line is damaged or of another form, it has no
/// frame, or no line that says which videos it belongs to; or the run left frames out, so that frames of
/// original and result have different numbers.
Audited read_audit(const std::filesystem::path& file);

} // namespace deid::review
