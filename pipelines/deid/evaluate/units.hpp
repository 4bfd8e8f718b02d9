#pragma once
#include "pipelines/deid/evaluate/command.hpp"
#include "pipelines/deid/media/source.hpp"
#include "pipelines/evaluate/unit.hpp"
#include <chrono>

namespace deid::cli {

/// One video of an evaluation.
struct Video {
  std::filesystem::path file{};
  std::string name{}; ///< e.g. "day1/visit.mp4"; unique
};
/// All videos among the originals, folders searched to the bottom. Throws Failure when there is none.
std::vector<Video> videos_of(const EvaluateOptions& options);

/// What could not be done, for the report and the exit status.
struct Trouble {
  std::string video{}, method{}, why{};
};

/// Does what is not done yet. Says on stderr how far it is and how long the rest will take.
class Units {
public:
  /// methods: as on the command line, without the row of re-encoding, which every video gets.
  Units(const EvaluateOptions& options, const evaluate::Folder& folder);
  /// Every method of one video. Throws Failure on an interrupt alone; all else is trouble().
  void bring(const Video& video, std::size_t number, std::size_t of);
  [[nodiscard]] const std::vector<Trouble>& trouble() const { return trouble_; }
  /// Units that the report may use: video, method, file.
  struct Done {
    std::string video{}, method{};
    std::filesystem::path file{};
  };
  [[nodiscard]] const std::vector<Done>& done() const { return done_; }
  [[nodiscard]] std::size_t kept() const { return kept_; } ///< units that were done before
  /// Methods in the order of the tables, re-encoding last.
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
