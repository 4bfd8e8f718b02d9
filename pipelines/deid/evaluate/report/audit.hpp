#pragma once
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace deid::evaluate {

/// Counts from the audit file of a cover element. Counts are of faces unless the name says frames.
struct Audit {
  std::string element{}, version{}, settings{}, detector{}; ///< from the first line; settings are JSON
  std::size_t frames = 0, frames_with_faces = 0, faces = 0;
  std::size_t swapped = 0; ///< fully swapped
  std::size_t fading = 0;  ///< between blur and swap
  std::size_t blurred = 0, covered = 0;
  std::size_t whole_frames = 0, dropped_frames = 0; ///< frames in doubt
  std::map<std::string, std::size_t> reasons{};     ///< why a face was not swapped, by audit::Reason's code
  std::map<std::string, std::size_t> doubts{};      ///< frames, by reason
  std::map<std::string, std::size_t> targets{};     ///< swapped faces, by target
  void add(const Audit& other);
};

/// Throws std::runtime_error with one sentence that names the file and the line.
Audit read_audit(const std::filesystem::path& file);
Audit parse_audit(std::string_view text, const std::string& name);

} // namespace deid::evaluate
