#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

namespace deid::cli {

/// What somebody wants to know of the work on one file.
struct Hooks {
  /// Called several times a second in the thread of the run. total: frames of the file; 0: not known.
  std::function<void(std::uint64_t frames, std::uint64_t total)> progress{};
  /// Called with the audit of a video or a picture, when it is complete and has another name still. Returns a
  /// line for it. It throws Failure when the results must not appear.
  std::function<nlohmann::ordered_json(const std::filesystem::path& audit)> audited{};
  /// Called once, when the results are complete and before they get their names. It throws Failure when they
  /// must not appear.
  std::function<void()> before_commit{};
};

} // namespace deid::cli
