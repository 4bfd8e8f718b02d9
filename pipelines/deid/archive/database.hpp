#pragma once
#include "pipelines/deid/archive/overview.hpp"
#include <filesystem>
#include <string>

namespace deid::archive {

/// What did not get into the database.
struct Skipped {
  std::string output{}, why{};
};

/// Writes a batch into a new SQLite database: one row a result (table video), one a moment (table moment).
/// A moment is a range of frames in which one face was treated alike and found alike, or in which the places
/// of faces were in doubt. docs/archive.md has the columns. file: does not exist or is empty; the caller
/// gives it its name when it is complete. audits: folder of the audits; empty: no moments. Throws
/// cli::Failure: the database cannot be written. Returns the results whose audit is absent or damaged.
std::vector<Skipped> write_database(const std::filesystem::path& file, const Overview& overview,
                                    const std::filesystem::path& audits);

} // namespace deid::archive
