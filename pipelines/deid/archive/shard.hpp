#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace deid::archive {

/// One of several parts of a batch.
struct Shard {
  std::uint32_t index = 1; ///< [1..of]
  std::uint32_t of = 1;
};

/// "2/8" -> Shard. Throws cli::Failure(exit_usage) on anything else.
Shard shard_in(const std::string& text);

/// Which shard each result belongs to, decided before the work: rows "shard,folder of the result's record".
/// No name stands in it.
using Plan = std::map<std::string, std::uint32_t>;

std::string to_text(const Plan& plan);
/// Throws cli::Failure when the file cannot be read or is no plan.
Plan read_plan(const std::filesystem::path& file);

/// Returns which of `of` shards [1..of] a file belongs to: by its content, so that other files, their order
/// and the computer do not matter.
std::uint32_t shard_of(const std::filesystem::path& input, std::uint32_t of);

} // namespace deid::archive
