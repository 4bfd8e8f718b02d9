#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>

namespace deid::cover {

/// A file of JSON lines that is on its way to the disk after every line. Readable by its owner only.
/// Throws ElementError (RESOURCE OPEN_WRITE; WRITE or NO_SPACE_LEFT): a record that cannot be kept stops the
/// pipeline.
class Audit {
public:
  explicit Audit(const std::filesystem::path& file);
  ~Audit();
  Audit(const Audit&) = delete;
  Audit& operator=(const Audit&) = delete;

  void write(const nlohmann::ordered_json& line);
  [[nodiscard]] bool failed() const noexcept { return failed_; } ///< a line is missing

private:
  std::filesystem::path file_;
  int descriptor_;
  bool failed_ = false;
};

} // namespace deid::cover
