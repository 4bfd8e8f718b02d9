#pragma once
#include "elements/measures/identity/state.hpp"
#include "models/descriptor/descriptor.hpp"
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deid::identity {

using models::Descriptor;

/// One measured face in one frame.
struct Face {
  std::int64_t pts = 0;   ///< [ns]; -1 when not known
  std::int64_t frame = 0; ///< number in the video, from 0
  std::uint32_t id = 0;   ///< facedetect's
  State state = State::unknown;
  std::optional<Descriptor> original{}, deidentified{}; ///< nothing when the network found no face
  bool found = true; ///< the result shows a face; false: the descriptor was made at the original's place
  std::optional<double> d_target{}; ///< distance to the target that was drawn
};

/// The raw file of identitymeter of one unit.
struct RawIdentity {
  std::string model{}, model_sha256{};
  int interval = 1; ///< [frames] from one measured frame to the next
  std::vector<Face> faces{};
};

/// Reads the JSON lines that identitymeter writes (deid-identity-1). Throws std::runtime_error: one sentence
/// with the file and the line.
RawIdentity read_identity(const std::filesystem::path& file);
RawIdentity parse_identity(std::string_view text, const std::string& name);

/// One face of a whole evaluation.
struct Sample {
  std::size_t clip = 0;                ///< index into Samples::clips
  std::optional<std::size_t> person{}; ///< index into Samples::people; nothing when the person is unknown
  Face face{};
};

/// All faces of one method.
struct Samples {
  std::vector<std::string> clips{}, people{};
  std::vector<Sample> all{}; ///< ordered by clip, then as in the raw files
};

} // namespace deid::identity
