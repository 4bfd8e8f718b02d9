#pragma once
#include "elements/oksmeter/bootstrap.hpp"
#include "elements/oksmeter/clinical/series.hpp"
#include "elements/oksmeter/pairing.hpp"
#include "elements/oksmeter/people.hpp"
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>

namespace deid::oks {

/// Whose scores are wanted.
struct Primary {
  enum class Who : std::uint8_t { everybody, largest, given };
  Who who = Who::everybody;
  std::uint32_t id = 0; ///< with Who::given
};
/// "all", "largest" or an id > 0. Throws std::invalid_argument on anything else.
Primary primary_named(const std::string& text);

struct MeterRule {
  PeopleRule people{};
  Primary primary{};         ///< of the scores; movement is always one person's: this one, or the largest
  BootstrapRule bootstrap{}; ///< block 0: as many frames as make a second
  bool keep_pairs = false;   ///< every OKS and match stands in the report
  clinical::Settings clinical{};
};

/// What is known while frames still come.
struct Summary {
  std::size_t frames = 0, only_original = 0, only_deidentified = 0;
  std::size_t people = 0, missing_people = 0, extra_people = 0;
  Scores scores{};
  double median = 0; ///< of the pairs' OKS; 0 without pairs
};

/// Collects what two streams show and says what was preserved. Keeps every point, about 1 KB a person and
/// frame. Not thread-safe.
class Meter {
public:
  explicit Meter(MeterRule rule = {});
  /// In the order of time. A frame that one stream lacks is scored, too: its people are missing, or extra.
  void add(Couple couple);
  [[nodiscard]] std::size_t frames() const { return couples_.size(); }
  /// Frames that still waited for their partner when the measurement was broken off; they stand in the report
  /// and are not scored: nobody knows what the other stream would have shown.
  void broken_off(std::size_t original, std::size_t deidentified) { unsettled_ = {original, deidentified}; }
  /// Of everybody.
  [[nodiscard]] Summary summary() const;

  struct Reports {
    std::string json{}; ///< one object: what oks::to_json gives, "primary", "movement", "streams"
    std::string csv{};  ///< measure,part,unit,original,deidentified,difference,n,why
  };
  /// All of it; takes seconds after an hour of video.
  [[nodiscard]] Reports reports() const;

private:
  struct Scored {
    Evaluation evaluation;
    Preservation preservation{};
    LeftOut left_out{};
    explicit Scored(bool keep_pairs) : evaluation({1}, keep_pairs) {}
  };
  void score(Scored& scored, const Couple& couple, std::int64_t number,
             const std::optional<std::uint32_t>& only) const;
  [[nodiscard]] std::optional<std::uint32_t> subject() const;
  [[nodiscard]] clinical::PairedSeries series_of(std::uint32_t id) const;
  [[nodiscard]] BootstrapRule block_rule() const;

  struct Unsettled {
    std::size_t original = 0, deidentified = 0;
  };
  MeterRule rule_;
  Unsettled unsettled_{};
  std::vector<Couple> couples_{};
  PrimaryPerson largest_{};
  Scored everybody_;
};

} // namespace deid::oks
