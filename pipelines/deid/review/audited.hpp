#pragma once
#include "elements/audit/line.hpp"
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

namespace deid::review {

/// A face of an audit, as far as a review needs it. An hour with a crowd has half a million of them.
struct KnownFace {
  std::uint32_t id = 0;
  std::optional<Origin> origin{}; ///< nothing: a region of another plugin
  cv::Rect2d box{};               ///< px
  double score = 0;               ///< [0..1]
  struct {
    Treatment treatment = Treatment::none;
    std::string_view target{}; ///< of Audited::names
    std::optional<double> distance{};
  } outcome{}; ///< as audit::Outcome
};

struct KnownFrame {
  std::optional<std::uint64_t> pts{}; ///< ns
  std::vector<KnownFace> faces{};
  bool in_doubt = false; ///< It was not certain where faces are.
  bool covered = false;  ///< The whole frame is covered.
  bool dropped = false;  ///< The result does not have the frame.
};

/// Keeps each name once. Thread: any.
class Names {
public:
  /// Returns the kept name, which lives as long as this object.
  std::string_view keep(const std::string& name);

private:
  std::mutex mutex_{};
  std::set<std::string> names_{};
};

/// An audit as a review needs it.
struct Audited {
  audit::Header header{}; ///< the last one
  std::vector<KnownFrame> frames{};
  std::shared_ptr<Names> names = std::make_shared<Names>();
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
