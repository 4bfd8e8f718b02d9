#pragma once
#include "pipelines/deid/slurm/options.hpp"

namespace deid::cli {

/// What the script needs beside the options.
struct Job {
  std::filesystem::path program{}; ///< deid
  std::filesystem::path folder{};  ///< the tasks' working folder
  std::filesystem::path plan{};    ///< of the shards
  std::uint32_t shards = 0;
  std::string memory{}; ///< as sbatch takes it
};

/// Returns a shell script of two sbatch calls: the array job and the job that waits for it. Its last two
/// lines of output are "array ID" and "summary ID". It cancels the first job when the second is refused.
std::string script_of(const SlurmOptions& options, const Job& job);

} // namespace deid::cli
