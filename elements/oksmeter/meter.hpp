#pragma once
#include "elements/measures/coco/bootstrap.hpp"
#include "elements/measures/coco/pairing.hpp"
#include "elements/measures/coco/people.hpp"
#include "elements/measures/kinematics/series.hpp"
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>

namespace deid::oksmeter {

/// The people whose scores are reported.
struct Primary {
  enum class Who : std::uint8_t { everybody, largest, given };
  Who who = Who::everybody;
  std::uint32_t id = 0; ///< with Who::given
};
/// "all", "largest" or an id > 0. Throws std::invalid_argument on anything else.
Primary primary_named(const std::string& text);

struct MeterRule {
  coco::PeopleRule people{};
  /// whose scores are reported; movement is measured for one person: this one, or the largest
  Primary primary{};
  coco::BootstrapRule bootstrap{}; ///< block 0 means one second of frames
  bool keep_pairs = false;         ///< the report lists every OKS and every match
  kinematics::Settings kinematics{};
};

/// Figures that are available while frames still arrive.
struct Summary {
  std::size_t frames = 0, only_original = 0, only_deidentified = 0;
  std::size_t people = 0, missing_people = 0, extra_people = 0;
  coco::Scores scores{};
  double median = 0; ///< median OKS of the pairs; 0 without pairs
};

/// Collects the frames of two streams and compares them. Keeps every point, about 1 KB per person and frame.
/// Not thread-safe.
class Meter {
public:
  explicit Meter(MeterRule rule = {});
  /// Requires: calls come in order of time. A frame that one stream lacks is scored; its people are missing
  /// or extra.
  void add(coco::FramePair pair);
  [[nodiscard]] std::size_t frames() const { return pairs_.size(); }
  /// Sets the number of frames that still waited for a partner when the measurement was stopped. They are
  /// reported but not scored, because the other stream's content is unknown.
  void broken_off(std::size_t original, std::size_t deidentified) { unsettled_ = {original, deidentified}; }
  /// Scores of all people.
  [[nodiscard]] Summary summary() const;

  struct Reports {
    std::string json{}; ///< one object: the members of to_json, "primary", "movement", "streams"
    std::string csv{};  ///< measure,part,unit,original,deidentified,difference,n,why
  };
  /// Makes both reports. Takes seconds after an hour of video.
  [[nodiscard]] Reports reports() const;

private:
  struct Scored {
    coco::Evaluation evaluation;
    coco::Preservation preservation{};
    coco::LeftOut left_out{};
    explicit Scored(bool keep_pairs) : evaluation({1}, keep_pairs) {}
  };
  void score(Scored& scored, const coco::FramePair& pair, std::int64_t number,
             const std::optional<std::uint32_t>& only) const;
  [[nodiscard]] std::optional<std::uint32_t> subject() const;
  [[nodiscard]] kinematics::PairedSeries series_of(std::uint32_t id) const;
  [[nodiscard]] coco::BootstrapRule block_rule() const;

  struct Unsettled {
    std::size_t original = 0, deidentified = 0;
  };
  MeterRule rule_;
  Unsettled unsettled_{};
  std::vector<coco::FramePair> pairs_{};
  coco::PrimaryPerson largest_{};
  Scored everybody_;
};

} // namespace deid::oksmeter
