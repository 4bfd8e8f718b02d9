#pragma once
#include "pipelines/deid/archive/print.hpp"
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace deid::archive {

/// What became of one result of a batch.
enum class Status : std::uint8_t {
  waiting, ///< nobody began it
  working, ///< somebody began it; a claim says whether that process still lives
  stopped, ///< an interrupt ended the work; nothing was written
  failed,  ///< it cannot be made; the reason stands with the attempt
  done,    ///< it was made, and its hash is known
  found,   ///< it was there before the records; nothing is known of it
};
const char* to_string(Status status);

/// One begin of the work on a file.
struct Attempt {
  std::uint64_t claim = 0; ///< number of the claim under which it was made
  std::string host{};
  std::string job{};      ///< Slurm's job, "12_3"; empty: none
  std::int64_t began = 0; ///< [s] since 1970, by that host's clock; for people, nothing is decided by it
  std::int64_t ended = 0; ///< likewise; 0: no end is known
  std::string outcome{};  ///< done, stopped, failed; empty: no end is known
  std::string reason{};   ///< of a failure: a sentence without the input's name
  bool operator==(const Attempt&) const = default;
};

/// How long a video is.
struct Length {
  std::uint64_t frames = 0;  ///< as its header says; 0: not known
  int width = 0, height = 0; ///< [px]
  bool operator==(const Length&) const = default;
};

/// The record of one result. It names the result, which its own file name does, too. It does not name the
/// input: a manifest may pair the name of a patient with a pseudonym.
struct FileState {
  std::string output{}; ///< below OUT
  std::string audit{};  ///< below the folder of audits; empty: none
  Status status = Status::waiting;
  std::uint64_t claim = 0; ///< number of the last claim
  bool replaces = false;   ///< working: the result existed when the work began
  std::string method{};
  std::string options{}; ///< hash of all options that the result depends on
  std::string version{}; ///< of the program
  Print input{}, result{};
  Length length{};
  std::uint64_t frames = 0, faces = 0, covered = 0, dropped = 0,
                doubts = 0;            ///< done: counts of frames; faces
  std::uint64_t missing = 0;           ///< frames of a damaged input that are not in the result
  double seconds = 0, cpu_seconds = 0; ///< done: how long the work took
  std::vector<Attempt> attempts{};     ///< the last ones; the newest stands last
  bool operator==(const FileState&) const = default;

  /// Adds an attempt. Only the last ones are kept.
  void begin(Attempt attempt);
  /// Ends the last attempt. Requires: begin() was called.
  void end(Status status, std::int64_t when, const std::string& reason);
  /// The sentence of the last failure; empty: none.
  [[nodiscard]] std::string reason() const;
};

/// docs/schemas/state.schema.json says what the text holds. Names that are not UTF-8 are kept.
std::string to_text(const FileState& state);
/// Throws std::runtime_error with half a sentence.
FileState state_in(const std::string& text);

/// Returns a reason without the name of the input, its folders and the folder of the results.
std::string without_names(std::string reason, const std::filesystem::path& input,
                          const std::filesystem::path& out);

} // namespace deid::archive
