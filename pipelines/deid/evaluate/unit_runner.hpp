#pragma once
#include "pipelines/deid/evaluate/command.hpp"
#include "pipelines/deid/evaluate/report/unit.hpp"
#include "pipelines/deid/media/source.hpp"
#include <chrono>

namespace deid::cli {

/// One video of an evaluation.
struct Video {
  std::filesystem::path file{};
  std::string name{}; ///< e.g. "day1/visit.mp4"; unique
};
/// Returns all videos among the originals; folders are searched recursively. Throws Failure when there is
/// none.
std::vector<Video> videos_of(const EvaluateOptions& options);

/// A unit that failed, for the report and the exit status.
struct Trouble {
  std::string video{}, method{}, why{};
};

/// Processes the units of an evaluation that are not done yet. A unit is one video under one method. Prints
/// progress on stderr.
class UnitRunner {
public:
  /// Takes the methods of the command line and adds re-encoding alone, which every video gets.
  UnitRunner(const EvaluateOptions& options, const evaluate::Folder& folder);
  /// Processes all methods of one video. Throws Failure on an interrupt only; other failures are in
  /// trouble().
  void process(const Video& video, std::size_t number, std::size_t of);
  [[nodiscard]] const std::vector<Trouble>& trouble() const { return trouble_; }
  /// A unit that the report may use.
  struct Done {
    std::string video{}, method{};
    std::filesystem::path file{};
  };
  [[nodiscard]] const std::vector<Done>& done() const { return done_; }
  [[nodiscard]] std::size_t kept() const { return kept_; } ///< units that an earlier run has done
  /// Methods in the order of the tables; re-encoding is last.
  [[nodiscard]] const std::vector<std::string>& methods() const { return methods_; }
  [[nodiscard]] const std::string& version() const { return version_; }

private:
  evaluate::Key key_for(const std::string& method, const evaluate::Input& input) const;
  void run(const Video& video, const evaluate::Input& input, const std::vector<std::string>& methods,
           const std::string& label);
  void run_or_split(const Video& video, const evaluate::Input& input, const std::vector<std::string>& methods,
                    const std::string& label);
  void fail(const Video& video, const std::vector<std::string>& methods, const std::string& why);

  const EvaluateOptions& options_;
  const evaluate::Folder& folder_;
  std::vector<std::string> methods_;
  std::string version_;
  std::vector<Trouble> trouble_{};
  std::vector<Done> done_{};
  std::size_t kept_ = 0;
};

} // namespace deid::cli
