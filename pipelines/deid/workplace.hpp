#pragma once
#include <filesystem>

namespace deid::cli {

/// A folder beside the results that vanishes unless its files were moved out; readable for its owner only.
class Workplace {
public:
  /// Throws Failure when nothing can be written into `out`.
  explicit Workplace(const std::filesystem::path& out);
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace deid::cli
