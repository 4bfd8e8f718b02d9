#pragma once
#include "pipelines/deid/evaluate/command.hpp"
#include "pipelines/deid/evaluate/report/unit.hpp"
#include "pipelines/deid/run/graph.hpp"

namespace deid::cli {

/// The row of the tables that nothing was done to but an encoder's work: the noise floor.
constexpr const char* reencoded = "reencoded";

/// The cover of a method with its properties, without name and audit: "autoencoder:MODEL" is a swap with a
/// model. Throws Failure(exit_usage) on a method that is none.
Tokens cover_of(const std::string& method, const EvaluateOptions& options);

/// What identitymeter must know of the faces that this method draws; empty: nothing, or the bank that set-up
/// made.
std::string target_of(const std::string& method, const EvaluateOptions& options);

/// How a method is called in files and tables: "autoencoder" without the path of its model.
std::string name_of(const std::string& method);

/// Names in the graph: part_name("cover", "swap") is "cover-swap".
std::string part_name(const std::string& part, const std::string& method);
constexpr const char* tap_original = "tap-original";

/// One video through all methods at once, so that decoding, detection, keypoints and descriptors of the
/// original are done once: decode ! facedetect ! tee, from which the original goes to posedetect, and for
/// each method to cover ! identitymeter ! facedetect ! posedetect ! oksmeter. Files go into `work`, named by
/// file_of(). No picture is written.
Tokens evaluate_graph(const EvaluateOptions& options, const Source& source,
                      const std::vector<std::string>& methods, const std::filesystem::path& work,
                      bool have_x264);

/// A file of the graph: what: keypoints.jsonl, identity.jsonl, audit.jsonl, movement.json, movement.csv.
std::filesystem::path file_of(const std::filesystem::path& work, const std::string& method,
                              const std::string& what);

} // namespace deid::cli
