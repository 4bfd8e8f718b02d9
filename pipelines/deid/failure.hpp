#pragma once
#include <stdexcept>
#include <string>

namespace deid::cli {

/// Exit status of the command.
enum ExitCode : int {
  exit_ok = 0,
  exit_failed = 1,
  exit_usage = 2,
  exit_unfinished = 3,
  exit_interrupted = 130
};

/// Any error that ends a run: one sentence for the user, and the exit status. Nothing is left on disk.
class Failure : public std::runtime_error {
public:
  explicit Failure(const std::string& sentence, int code = exit_failed)
      : std::runtime_error(sentence), code_(code) {}
  int code() const { return code_; }

private:
  int code_;
};

} // namespace deid::cli
