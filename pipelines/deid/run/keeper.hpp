#pragma once
#include "pipelines/deid/archive/claim.hpp"
#include "pipelines/deid/archive/decide.hpp"
#include "pipelines/deid/archive/store.hpp"
#include "pipelines/deid/run/batch.hpp"
#include "pipelines/deid/run/summary.hpp"
#include <chrono>
#include <optional>

namespace deid::cli {

/// Runs the files of a batch under the records of its folder, so that several processes on several computers
/// share the work and an interrupted batch continues.
class Keeper {
public:
  /// options: borrowed for the life of this object.
  Keeper(const RunOptions& options, const ElementNames& names, const archive::Patience& patience);

  /// Makes a record for each file that has none, so that others know how much there is to do. Throws Failure.
  void announce(const std::vector<BatchItem>& items);
  /// Processes all files, also after failures, until an interrupt comes. Sets the exit status of the batch.
  std::vector<Summary> run(const std::vector<BatchItem>& items, int& code);

private:
  /// Returns nothing when another process may have the file and must be watched.
  std::optional<Summary> attempt(const BatchItem& item, const std::string& label, bool last_look, int& code);
  std::optional<Summary> claimed(const BatchItem& item, const std::string& label, bool last_look);
  Summary work(const BatchItem& item, const std::string& label, archive::Claim& claim,
               const archive::Decision& decision, archive::FileState state);
  /// Returns the record as it is while the work goes on.
  archive::FileState begun(const BatchItem& item, const RunOptions& one, const archive::Claim& claim,
                           archive::FileState state) const;
  /// Runs, and adds to the record what came out.
  Summary timed_run(const BatchItem& item, const RunOptions& one, const std::string& label,
                    archive::Claim& claim, archive::FileState& state) const;
  Summary settle(const BatchItem& item, const std::string& label, archive::Claim& claim);
  archive::Decision decide_on(const BatchItem& item, const std::optional<archive::FileState>& state) const;
  [[nodiscard]] archive::FileState fresh_state(const BatchItem& item) const;
  [[nodiscard]] std::filesystem::path relative(const BatchItem& item) const;
  [[nodiscard]] bool wanted(const std::optional<archive::FileState>& state) const;
  void tell_progress();

  const RunOptions& options_;
  const ElementNames& names_;
  archive::Store store_;
  archive::Claims claims_;
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::duration pause_ = std::chrono::minutes(1);
};

} // namespace deid::cli
