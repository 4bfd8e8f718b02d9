#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace deid::archive {

/// A range of frames in which one face was found and treated alike, or in which the places of faces were in
/// doubt.
struct Moment {
  std::uint64_t first = 0, last = 0;   ///< frames, counted from 0
  double begin = 0, end = 0;           ///< [s] time of the first and of the last frame
  std::optional<std::uint32_t> face{}; ///< id as in the audit; nothing: the whole frame
  std::string origin{};                ///< how the face was found; empty: the whole frame
  std::string treatment{};             ///< of the face; of a frame in doubt: cover-frame, drop, error
  std::string reason{};                ///< code of the reason or of the doubt; empty: none
  std::string target{};                ///< of a swap
  std::optional<double> distance{};    ///< least one (dlib)
  double score = 0;                    ///< least one [0..1]; 0 of a whole frame
};

/// Reads an audit. Returns its moments in the order of their first frames. Throws std::runtime_error with a
/// sentence when the file cannot be read or is no audit.
std::vector<Moment> moments_of(const std::filesystem::path& audit);

} // namespace deid::archive
