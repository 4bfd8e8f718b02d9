#pragma once
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace deid::models::autoencoder {

/// What is sealed cannot be opened; what() is half a sentence for the user.
class SealError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Whether this build can encrypt (libsodium was there).
bool can_seal() noexcept;
/// Whether these bytes begin as sealed ones do.
bool is_sealed(std::span<const std::byte> bytes) noexcept;

/// Encrypts and authenticates: "DEIDAEX1"; cost of the key's derivation (operations and bytes of memory, u64
/// each); 16 bytes of salt; 24 bytes head of a secretstream (XChaCha20-Poly1305), keyed by Argon2id from the
/// passphrase; then pieces of at most 1 MiB + 17 bytes, the last one marked as such, so that a cut is seen.
/// All that stands before the pieces is authenticated with them. Needs 256 MiB for the key. Throws SealError
/// without libsodium, without memory, and on an empty passphrase.
std::vector<std::byte> sealed(std::span<const std::byte> plain, std::string_view passphrase);

/// The other way round. Throws SealError: no libsodium, wrong passphrase or changed, cut off.
std::vector<std::byte> opened(std::span<const std::byte> bytes, std::string_view passphrase);

} // namespace deid::models::autoencoder
