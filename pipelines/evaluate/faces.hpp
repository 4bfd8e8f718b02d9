#pragma once
#include "models/descriptor/descriptor.hpp"
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deid::evaluate {

using models::Descriptor;

/// What the cover made of a face.
enum class State : std::uint8_t { swapped, blurred, covered, none, unknown };
const char* to_string(State state);

/// One face in one frame that was measured.
struct Face {
  std::int64_t pts = 0;   ///< [ns]; -1 when not known
  std::int64_t frame = 0; ///< number in the video, from 0
  std::uint32_t id = 0;   ///< facedetect's
  State state = State::unknown;
  std::optional<Descriptor> original{}, deidentified{}; ///< nothing where no face could be described
  bool found =
      true; ///< there was a face in the result; else its descriptor is of the place where the original's was
  std::optional<double> d_target{}; ///< distance to the target it wears
};

/// identitymeter's raw file of one unit.
struct RawIdentity {
  std::string model{}, model_sha256{};
  int interval = 1; ///< [frames] between two that were measured
  std::vector<Face> faces{};
};

/// Reads the JSON lines that identitymeter writes (deid-identity-1). Throws std::runtime_error: one sentence
/// with the file and the line.
RawIdentity read_identity(const std::filesystem::path& file);
RawIdentity parse_identity(std::string_view text, const std::string& name);

/// One face of a whole evaluation.
struct Sample {
  std::size_t clip = 0;                ///< index into Samples::clips
  std::optional<std::size_t> person{}; ///< index into Samples::people; nothing: nobody knows who it is
  Face face{};
};

/// All faces of one method.
struct Samples {
  std::vector<std::string> clips{}, people{};
  std::vector<Sample> all{}; ///< in the order of clips, then as in the raw files
};

} // namespace deid::evaluate
