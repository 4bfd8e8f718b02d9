#pragma once
#include "pipelines/deid/evaluate/command.hpp"
#include "pipelines/deid/evaluate/report/unit.hpp"
#include "pipelines/deid/run/graph.hpp"

namespace deid::cli {

/// The method that only encodes again, without a cover: the noise floor.
constexpr const char* reencoded = "reencoded";

/// Returns a method's cover with its properties, without name and audit. "autoencoder:MODEL" is a swap with a
/// model. Throws Failure(exit_usage) on an unknown method.
Tokens cover_of(const std::string& method, const EvaluateOptions& options);

/// Returns identitymeter's `target` for this method. Empty: no target, or the bank that set-up made.
std::string target_of(const std::string& method, const EvaluateOptions& options);

/// Returns a method's name in files and tables: "autoencoder" without the path of its model.
std::string name_of(const std::string& method);

/// Returns a name in the graph: part_name("cover", "swap") is "cover-swap".
std::string part_name(const std::string& part, const std::string& method);
/// The original's frames pass the first element about .2 s before the second one.
constexpr const char *search_original = "search-original", *tap_original = "tap-original";

/// Returns the graph for one video under all methods, so that the original is decoded, searched and described
/// once: decode ! facedetect ! tee. One branch goes to posedetect. Each method has a branch cover !
/// identitymeter ! facedetect ! posedetect ! oksmeter. Files go into `work`, named by file_of(). No picture
/// is written.
Tokens evaluate_graph(const EvaluateOptions& options, const Source& source,
                      const std::vector<std::string>& methods, const std::filesystem::path& work,
                      bool have_x264);

/// Returns the path of a file that the graph writes. what: keypoints.jsonl, identity.jsonl, audit.jsonl,
/// movement.json, movement.csv.
std::filesystem::path file_of(const std::filesystem::path& work, const std::string& method,
                              const std::string& what);

} // namespace deid::cli
