#pragma once
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

/// A unit is one video under one method, the smallest part of an evaluation that is repeated. Its result is
/// one JSON file. This file appears last, so a unit with a file is complete.
namespace deid::evaluate {

namespace fs = std::filesystem;

/// Format name in report.json.
constexpr const char* report_format = "deid-evaluate-1";

/// The input file of a unit.
struct Input {
  std::uintmax_t size = 0; ///< [bytes]
  std::int64_t mtime = 0;  ///< of the file system's clock, in its own ticks
  std::string sha256{};
};
struct Key {
  Input input{};
  std::string method{};  ///< "swap"
  std::string options{}; ///< all settings of the elements
  std::string version{}; ///< of deid, its models and targets
};

/// The folder of an evaluation's results.
class Folder {
public:
  explicit Folder(fs::path root) : root_(std::move(root)) {}
  /// Makes the folders root, units, raw and pictures. All but the root are for their owner only, because
  /// descriptors and keypoints may name a patient. Throws std::runtime_error with one sentence.
  void make() const;
  [[nodiscard]] const fs::path& root() const { return root_; }
  /// video: its name in the evaluation, e.g. "day1/visit.mp4". In file names '_' replaces '/'.
  [[nodiscard]] fs::path unit(const std::string& video, const std::string& method) const;
  [[nodiscard]] fs::path raw(const std::string& video, const std::string& method,
                             const std::string& what) const;
  [[nodiscard]] fs::path picture(const std::string& video, const std::string& method,
                                 const std::string& what) const;
  [[nodiscard]] std::string relative(const fs::path& file) const;

private:
  fs::path root_;
};

/// Makes a file name of a video's name. Different videos get different names: a changed name, as of
/// "a/b.mp4", is followed by a short hash.
std::string file_name(const std::string& video);

/// Returns size, time and hash of a file. Uses the hash of `before` when size and time are equal. Throws
/// std::runtime_error when the file cannot be read.
Input input_of(const fs::path& file, const std::optional<Input>& before = std::nullopt);

/// Returns the key in a unit's file; nothing when the file is missing or damaged.
std::optional<Key> key_in(const fs::path& unit_file);

/// Returns the unit's content when the unit is done: its key equals `key`, and all its files exist with the
/// recorded sizes. Inputs are equal when their hashes are. Returns nothing when the unit must be processed.
std::optional<nlohmann::ordered_json> finished(const Folder& folder, const fs::path& unit_file,
                                               const Key& key);

/// Adds format, key and file sizes of content["files"] (name: path below the folder), and writes the unit's
/// file, whole or not at all. Throws std::runtime_error.
void publish(const Folder& folder, const fs::path& unit_file, const Key& key, nlohmann::ordered_json content);

/// Removes the unit's earlier pictures that are not among its files (name: path below the folder). A run with
/// other options keeps other pictures, or must keep none. Throws std::runtime_error when a picture cannot be
/// removed.
void drop_old_pictures(const Folder& folder, const std::string& video, const std::string& method,
                       const nlohmann::ordered_json& files);

/// Removes every picture of an original. Throws as drop_old_pictures() does.
void drop_originals(const Folder& folder);

/// Protects the results of other programs. Throws std::runtime_error with a sentence that tells the user what
/// to do: report.json is not of an evaluation, or tables exist without the units they are made from.
void require_ours(const Folder& folder);

} // namespace deid::evaluate
