#pragma once
#include <filesystem>

namespace deid::cli {

/// A folder beside the results, for its owner only. The destructor removes it with its remaining files.
class Workplace {
public:
  /// Throws Failure when `out` is not writable.
  explicit Workplace(const std::filesystem::path& out);
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace deid::cli
