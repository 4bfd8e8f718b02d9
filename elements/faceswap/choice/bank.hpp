#pragma once
#include "elements/faceswap/choice/chooser.hpp"
#include "elements/faceswap/target/target.hpp"

namespace deid::faceswap {

/// Targets to choose from, and strangers to compare results with.
struct Bank {
  std::vector<Target> targets{};
  Strangers strangers{}; ///< out of gallery files
};

/// Reads every *.json of a folder, sorted by name. A target file becomes a target. A gallery file,
///   {"format":"deid-gallery-1","people":[{"name":"...","descriptor":[128 numbers],
///    "second":[1024 numbers]}, ...]},
/// gives strangers; "second" is of the second judge and may be missing. An object without "format", such as a
/// table of distances, is skipped. Throws TargetError with one sentence: the folder does not exist or has no
/// target file and no gallery file, or a file cannot be read, is damaged, or has an unknown format. Thread:
/// any.
Bank read_bank(const std::filesystem::path& folder);

/// Reads the target files of a list "a.json:b.json", in its order. Returns nothing for an empty list. Throws
/// TargetError as read_target() does.
std::vector<Target> read_targets(const std::string& list);

/// Returns the bank that set-up made: the folder `targets` beside the first folder of models that has one.
/// Returns nothing when there is none.
std::optional<std::filesystem::path> default_bank(const std::vector<std::filesystem::path>& model_dirs);

} // namespace deid::faceswap
