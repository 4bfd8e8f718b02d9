#pragma once
#include "elements/faceswap/perception/describer.hpp"
#include "elements/faceswap/target/target.hpp"

namespace deid::faceswap {

/// Faces to choose among, and people who lend none but must not be mistaken for anybody either.
struct Bank {
  std::vector<Target> targets{};
  std::vector<Descriptor> strangers{}; ///< descriptors out of gallery files
};

/// Every *.json of a folder, by name. A target file becomes a target; a gallery file,
///   {"format":"deid-gallery-1","people":[{"name":"...","descriptor":[128 numbers]}, ...]},
/// gives strangers; an object without "format" (a table of distances, say) is passed over. Throws
/// TargetError, one sentence: no such folder, nothing of use in it, a file that cannot be read, is damaged,
/// or has a format nobody knows. Threads: any.
Bank read_bank(const std::filesystem::path& folder);

/// Target files in the order of a list "a.json:b.json". Throws TargetError as read_target; nothing for an
/// empty list.
std::vector<Target> read_targets(const std::string& list);

/// The bank that set-up made: `targets` beside the first folder of models that has one; nothing when none
/// has.
std::optional<std::filesystem::path> default_bank(const std::vector<std::filesystem::path>& model_dirs);

} // namespace deid::faceswap
