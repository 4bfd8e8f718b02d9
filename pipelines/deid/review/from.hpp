#pragma once
#include "pipelines/deid/run/options.hpp"

namespace deid::review {

/// A run with a person's corrections. It owns the revision that facerevise reads; keep it until the run ends.
class Corrected {
public:
  /// given: what the user typed beside --from. Throws Failure, and nothing was written: the review or the
  /// audit is damaged; the video is not the one that was reviewed (SHA-256); an option is given that the
  /// first run has decided already.
  explicit Corrected(const cli::RunOptions& given);
  ~Corrected();
  Corrected(const Corrected&) = delete;
  Corrected& operator=(const Corrected&) = delete;

  [[nodiscard]] const cli::RunOptions& options() const { return options_; }

private:
  cli::RunOptions options_{};
  int fd_ = -1;
};

} // namespace deid::review
