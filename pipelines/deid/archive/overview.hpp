#pragma once
#include "pipelines/deid/archive/claim.hpp"
#include "pipelines/deid/archive/store.hpp"
#include <vector>

namespace deid::archive {

/// What `deid status` says of one result.
struct Entry {
  FileState state{};
  std::string status{}; ///< waiting, working, stopped, failed, done, found, changed, missing
  std::string why{};    ///< a sentence; may be empty
  std::string host{};   ///< working: where
  std::string job{};    ///< working: Slurm's job; empty: none
  std::uint64_t frames_done = 0, frames = 0; ///< of this file; frames: 0 when not known
  double fps = 0;                            ///< working: so far
};

/// How far a batch is.
struct Overview {
  std::vector<Entry> entries{};                ///< by output
  std::map<std::string, std::size_t> counts{}; ///< of results, by status
  std::uint64_t frames_done = 0, frames = 0;   ///< of all files whose length is known
  std::size_t unknown = 0;                     ///< open files whose length is not known
  double fps = 0;                              ///< of all who work now
  double seconds_left = -1;                    ///< from frames and fps; -1: not known

  [[nodiscard]] std::size_t count(const std::string& status) const;
  /// Nothing is open, failed, changed or missing.
  [[nodiscard]] bool complete() const;
  /// Something failed, or a result was changed or removed.
  [[nodiscard]] bool amiss() const;
};

struct Looking {
  bool content = false;            ///< reads every result and compares its hash, instead of its stamp alone
  std::chrono::seconds stale{180}; ///< a holder on another computer without a sign for so long counts as dead
};

/// Looks at all records of a store; locks and changes nothing. Throws cli::Failure when one cannot be read.
Overview look(const Store& store, const Looking& looking = {});

/// The table for people. all: also a row for each result that is done.
std::string to_text(const Overview& overview, bool all);
/// "12 of 40 videos, 3200 of 9800 frames, about 5 min 00 s left"
std::string progress_text(const Overview& overview);
/// docs/schemas/status.schema.json says what it holds.
nlohmann::ordered_json to_json(const Overview& overview);

} // namespace deid::archive
