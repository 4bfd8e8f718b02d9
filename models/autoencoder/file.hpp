#pragma once
#include "models/autoencoder/alignment.hpp"
#include "models/autoencoder/network_spec.hpp"
#include "models/session/session.hpp"
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace deid::models::autoencoder {

/// dlib's, as models::FaceDescriptor gives it.
using Features = std::array<float, 128>;

struct Tensor {
  std::string name{};
  std::vector<std::size_t> shape{};
  std::vector<float> values{}; ///< row-major, finite
};

/// Whose face is drawn.
struct Lender {
  Features descriptor{};
  std::string name{};   ///< UTF-8, printable, at most 200 bytes
  std::string status{}; ///< where it comes from and what it may be used for; the same, at most 4000 bytes
};

/// A trained network with all that must not be mixed up with another: one file.
struct ModelFile {
  Network network{};
  Alignment alignment{};
  Direction direction = Direction::subject_to_target;
  Features subject{}; ///< median descriptor of the person it was trained for
  Lender target{};
  std::string training{"{}"};    ///< report of the training, a JSON object
  std::vector<Tensor> tensors{}; ///< exactly tensors(network, direction), in that order
};

/// Throws ModelError (damaged), one sentence, when the parts do not fit each other: tensors of another
/// network, weights or descriptors that are not finite, an impossible alignment, a report that is no JSON
/// object, texts that are not UTF-8. `where` starts the sentence.
void require_valid(const ModelFile& model, const std::string& where);

/// Format: 8 bytes "DEIDAE01"; length of the header, u32; header, JSON; the tensors' f32 in the header's
/// order; sha256 of everything before. All little endian. Encrypted: "DEIDAEX1" and what sealed.hpp says,
/// around the same. Throws ModelError, one sentence that says what is wrong and what to do: missing, not such
/// a file, cut off, changed (checksum), of an older or newer format, another network's tensors, not finite;
/// encrypted and no passphrase, the wrong one, or a build without libsodium. Threads: any.
ModelFile read_model(const std::filesystem::path& file, std::string_view passphrase = {});

/// Writes the same, whole or not at all, readable by its owner alone (mode 0600), encrypted when there is a
/// passphrase; a file that is there already is replaced only by a complete one. Throws ModelError: not valid
/// (damaged), cannot be written (engine).
void write_model(const std::filesystem::path& file, const ModelFile& model, std::string_view passphrase = {});

} // namespace deid::models::autoencoder
