#pragma once
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace deid::models::autoencoder {

/// Sealed bytes cannot be opened, or bytes cannot be sealed. what() is half a sentence for the user.
class SealError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Whether this build can encrypt, i.e. was built with libsodium.
bool can_seal() noexcept;
/// Whether these bytes begin with the magic of sealed bytes.
bool is_sealed(std::span<const std::byte> bytes) noexcept;

/// Encrypts and authenticates. Format: "DEIDAEX1"; cost of the key derivation (operations and bytes of
/// memory, u64 each); 16 bytes of salt; 24 bytes header of a secretstream (XChaCha20-Poly1305), whose key
/// Argon2id derives from the passphrase; then pieces of at most 1 MiB + 17 bytes. The last piece is marked as
/// the last, so that a cut is found. Everything before the pieces is authenticated with them.
/// The key derivation needs 256 MiB. Throws SealError without libsodium, without memory, and on an empty
/// passphrase.
std::vector<std::byte> sealed(std::span<const std::byte> plain, std::string_view passphrase);

/// Decrypts. Throws SealError: no libsodium, wrong passphrase or changed bytes, cut off.
std::vector<std::byte> opened(std::span<const std::byte> bytes, std::string_view passphrase);

} // namespace deid::models::autoencoder
