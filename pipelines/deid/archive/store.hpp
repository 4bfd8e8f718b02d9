#pragma once
#include "pipelines/deid/archive/state.hpp"
#include <filesystem>
#include <map>
#include <optional>

namespace deid::archive {

/// The records of a batch: OUT/.deid, one folder a result, for their owner only. Several processes on several
/// computers may use one store. Who writes the record of a result holds its claim (claim.hpp). Thread: one
/// at a time.
class Store {
public:
  /// Touches nothing.
  explicit Store(std::filesystem::path out) : out_(std::move(out)) {}

  [[nodiscard]] const std::filesystem::path& out() const { return out_; }
  [[nodiscard]] std::filesystem::path folder() const { return out_ / ".deid"; }
  /// The folder of one result; output: below OUT.
  [[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& output) const;
  [[nodiscard]] bool exists() const;

  /// Returns nothing when there is no record. Throws cli::Failure when it cannot be read.
  [[nodiscard]] std::optional<FileState> load(const std::filesystem::path& output) const;
  /// Replaces the record; it is durable afterwards. Throws files::WriteError.
  void save(const FileState& state) const;
  /// Makes the record unless there is one. Throws cli::Failure.
  void add(const FileState& state) const;
  /// All records, by output. Throws cli::Failure when one cannot be read.
  [[nodiscard]] std::map<std::string, FileState> all() const;
  /// Makes the folder of a result. Throws cli::Failure.
  void make_folder(const std::filesystem::path& output) const;

private:
  std::filesystem::path out_;
};

} // namespace deid::archive
