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

/// dlib's descriptor, as models::FaceDescriptor returns it.
using Features = std::array<float, 128>;

struct Tensor {
  std::string name{};
  std::vector<std::size_t> shape{};
  std::vector<float> values{}; ///< row-major, finite
};

/// The person whose face is drawn.
struct Lender {
  Features descriptor{};
  std::string name{};   ///< UTF-8, printable, at most 200 bytes
  std::string status{}; ///< origin and permitted use; UTF-8, printable, at most 4000 bytes
};

/// A trained network with everything that belongs to it: the content of one file.
struct ModelFile {
  Network network{};
  Alignment alignment{};
  Direction direction = Direction::subject_to_target;
  Features subject{}; ///< median descriptor of the person it was trained for
  Lender target{};
  std::string training{"{}"};    ///< the training's report, a JSON object
  std::vector<Tensor> tensors{}; ///< exactly tensors(network, direction), in that order
};

/// Throws ModelError(damaged), one sentence that begins with `where`, when the parts do not fit each other:
/// tensors of another network, weights or descriptors that are not finite, an impossible alignment, a report
/// that is no JSON object, texts that are not UTF-8.
void require_valid(const ModelFile& model, const std::string& where);

/// Format: 8 bytes "DEIDAE01"; length of the header, u32; header, JSON; the tensors' f32 values in the
/// header's order; sha256 of everything before. All numbers are little endian. An encrypted file wraps this
/// in "DEIDAEX1", see sealed.hpp.
/// Throws ModelError with one sentence that says what is wrong and what to do: missing, no such file, cut
/// off, changed (checksum), of an older or newer format, another network's tensors, not finite; encrypted and
/// no passphrase, a wrong one, or a build without libsodium. Threads: any.
ModelFile read_model(const std::filesystem::path& file, std::string_view passphrase = {});

/// Writes the file whole or not at all (mode 0600). A passphrase encrypts it. Only a complete file replaces
/// an older one. Throws ModelError: not valid (damaged), cannot be written (engine).
void write_model(const std::filesystem::path& file, const ModelFile& model, std::string_view passphrase = {});

} // namespace deid::models::autoencoder
