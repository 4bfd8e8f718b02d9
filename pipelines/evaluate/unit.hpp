#pragma once
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

/// A unit is one video under one method: the least that is done again. Its result is one JSON file, which
/// appears last, so that whoever has the file has all of the unit.
namespace deid::evaluate {

namespace fs = std::filesystem;

/// Of report.json.
constexpr const char* report_format = "deid-evaluate-1";

/// What a result depends on.
struct Input {
  std::uintmax_t size = 0; ///< [bytes]
  std::int64_t mtime = 0;  ///< of the file system's clock, its own ticks
  std::string sha256{};
};
struct Key {
  Input input{};
  std::string method{};  ///< "swap"
  std::string options{}; ///< everything that was asked of the elements
  std::string version{}; ///< of deid, its models and targets
};

/// Where the results of an evaluation lie.
class Folder {
public:
  explicit Folder(fs::path root) : root_(std::move(root)) {}
  /// Makes the folders: root, units, raw and pictures, all but the root for their owner only, because
  /// descriptors and keypoints may name a patient. Throws std::runtime_error with one sentence.
  void make() const;
  [[nodiscard]] const fs::path& root() const { return root_; }
  /// video: its name in the evaluation, e.g. "day1/visit.mp4"; file names have '_' for '/'.
  [[nodiscard]] fs::path unit(const std::string& video, const std::string& method) const;
  [[nodiscard]] fs::path raw(const std::string& video, const std::string& method,
                             const std::string& what) const;
  [[nodiscard]] fs::path picture(const std::string& video, const std::string& method,
                                 const std::string& what) const;
  [[nodiscard]] std::string relative(const fs::path& file) const;

private:
  fs::path root_;
};

/// Two names that give no two files alike: "a/b.mp4" "a_b.mp4", and so with a short hash behind what was
/// changed.
std::string file_name(const std::string& video);

/// Size, time and hash of a file; the hash of `before` stands when size and time are the same. Throws
/// std::runtime_error when it cannot be read.
Input input_of(const fs::path& file, const std::optional<Input>& before = std::nullopt);

/// The key that stands in a unit's file, whatever it says of the rest; nothing when the file is not there or
/// is damaged.
std::optional<Key> key_in(const fs::path& unit_file);

/// The unit's content, when its key is this one (an input with other size or time but the same hash is the
/// same), all its files are there with the sizes it names; nothing otherwise: then the unit is to be done.
std::optional<nlohmann::ordered_json> finished(const Folder& folder, const fs::path& unit_file,
                                               const Key& key);

/// Adds format, key and the sizes of content["files"] (name: path below the folder) and writes it beside,
/// then gives it its name. Throws std::runtime_error.
void publish(const Folder& folder, const fs::path& unit_file, const Key& key, nlohmann::ordered_json content);

/// Takes away the pictures that a unit had before and that are not among its files (name: path below the
/// folder): a run with other options keeps other ones, or must keep none. Throws std::runtime_error when one
/// cannot be removed.
void drop_old_pictures(const Folder& folder, const std::string& video, const std::string& method,
                       const nlohmann::ordered_json& files);

/// Takes away every picture of an original. Throws as above.
void drop_originals(const Folder& folder);

/// Another program's results are not to be written over: throws std::runtime_error, a sentence that says what
/// to do, when report.json is not of an evaluation, or tables stand without the units they are made from.
void require_ours(const Folder& folder);

/// Writes beside, then renames. private_file: readable for its owner only. Throws std::runtime_error.
void write_whole(const fs::path& file, const std::string& text, bool private_file = false);

} // namespace deid::evaluate
