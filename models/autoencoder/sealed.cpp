#include "models/autoencoder/sealed.hpp"
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <sodium.h>

namespace deid::models::autoencoder {

namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view sealed_magic = "DEIDAEX1";
constexpr std::uint64_t operations = crypto_pwhash_OPSLIMIT_MODERATE;
constexpr std::uint64_t memory = crypto_pwhash_MEMLIMIT_MODERATE;
/// Limits, so that a hostile file cannot demand more time or memory.
constexpr std::uint64_t most_operations = 16, most_memory = std::uint64_t{1} << 30U;
constexpr std::size_t piece = std::size_t{1} << 20U;
constexpr std::size_t more = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t head_size =
    8 + 8 + 8 + crypto_pwhash_SALTBYTES + crypto_secretstream_xchacha20poly1305_HEADERBYTES;

struct Head {
  std::uint64_t operations = 0, memory = 0;
  std::array<unsigned char, crypto_pwhash_SALTBYTES> salt{};
  std::array<unsigned char, crypto_secretstream_xchacha20poly1305_HEADERBYTES> stream{};
};

/// The key; wiped when it is destroyed.
class Key {
public:
  Key(std::string_view passphrase, const Head& head) {
    if (crypto_pwhash(bytes_.data(), bytes_.size(), passphrase.data(), passphrase.size(), head.salt.data(),
                      head.operations, static_cast<std::size_t>(head.memory),
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
      throw SealError("there is not enough memory to make the key of the passphrase");
  }
  ~Key() { sodium_memzero(bytes_.data(), bytes_.size()); }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  [[nodiscard]] const unsigned char* data() const { return bytes_.data(); }

private:
  std::array<unsigned char, crypto_secretstream_xchacha20poly1305_KEYBYTES> bytes_{};
};

class Stream {
public:
  Stream() = default;
  ~Stream() { sodium_memzero(&state, sizeof state); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  crypto_secretstream_xchacha20poly1305_state state{};
};

const unsigned char* raw(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::span<std::byte> bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

void start() {
  if (sodium_init() < 0)
    throw SealError("libsodium does not start");
}

void write(const Head& head, std::span<std::byte> out) {
  std::byte* at = out.data();
  const auto put = [&at](const void* from, std::size_t size) {
    std::memcpy(at, from, size);
    at += size;
  };
  put(sealed_magic.data(), sealed_magic.size());
  put(&head.operations, sizeof head.operations);
  put(&head.memory, sizeof head.memory);
  put(head.salt.data(), head.salt.size());
  put(head.stream.data(), head.stream.size());
}

Head read(std::span<const std::byte> bytes) {
  if (bytes.size() < head_size)
    throw SealError("it is cut off");
  const std::byte* at = bytes.data() + sealed_magic.size();
  const auto get = [&at](void* to, std::size_t size) {
    std::memcpy(to, at, size);
    at += size;
  };
  Head head;
  get(&head.operations, sizeof head.operations);
  get(&head.memory, sizeof head.memory);
  get(head.salt.data(), head.salt.size());
  get(head.stream.data(), head.stream.size());
  if (head.operations < crypto_pwhash_OPSLIMIT_MIN || head.operations > most_operations ||
      head.memory < crypto_pwhash_MEMLIMIT_MIN || head.memory > most_memory)
    throw SealError("its head is damaged");
  return head;
}

} // namespace

bool can_seal() noexcept {
  return true;
}

bool is_sealed(std::span<const std::byte> bytes) noexcept {
  return bytes.size() >= sealed_magic.size() &&
         std::memcmp(bytes.data(), sealed_magic.data(), sealed_magic.size()) == 0;
}

std::vector<std::byte> sealed(std::span<const std::byte> plain, std::string_view passphrase) {
  start();
  if (passphrase.empty())
    throw SealError("the passphrase is empty");
  Head head{operations, memory, {}, {}};
  randombytes_buf(head.salt.data(), head.salt.size());
  const Key key(passphrase, head);
  Stream stream;
  crypto_secretstream_xchacha20poly1305_init_push(&stream.state, head.stream.data(), key.data());
  const std::size_t pieces = std::max<std::size_t>(1, (plain.size() + piece - 1) / piece);
  std::vector<std::byte> out(head_size + plain.size() + pieces * more);
  write(head, out);
  const auto front = std::span(out).first(head_size);
  std::size_t at = head_size;
  for (std::size_t i = 0; i < pieces; ++i) {
    const auto part = plain.subspan(i * piece, std::min(piece, plain.size() - i * piece));
    const bool last = i + 1 == pieces;
    crypto_secretstream_xchacha20poly1305_push(&stream.state, raw(std::span(out).subspan(at)), nullptr,
                                               raw(part), part.size(), raw(front), front.size(),
                                               last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                                                    : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    at += part.size() + more;
  }
  return out;
}

std::vector<std::byte> opened(std::span<const std::byte> bytes, std::string_view passphrase) {
  start();
  const Head head = read(bytes);
  const auto front = bytes.first(head_size);
  const Key key(passphrase, head);
  Stream stream;
  if (crypto_secretstream_xchacha20poly1305_init_pull(&stream.state, head.stream.data(), key.data()) != 0)
    throw SealError("its head is damaged");
  std::vector<std::byte> out;
  out.reserve(bytes.size());
  auto rest = bytes.subspan(head_size);
  unsigned char tag = 0;
  while (tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
    const auto part = rest.first(std::min(piece + more, rest.size()));
    if (part.size() < more)
      throw SealError("it is cut off");
    const std::size_t at = out.size();
    out.resize(at + part.size() - more);
    if (crypto_secretstream_xchacha20poly1305_pull(&stream.state, raw(std::span(out).subspan(at)), nullptr,
                                                   &tag, raw(part), part.size(), raw(front),
                                                   front.size()) != 0)
      throw SealError(at == 0 ? "the passphrase is wrong, or the file was changed"
                              : "it is cut off, or was changed");
    rest = rest.subspan(part.size());
  }
  if (!rest.empty())
    throw SealError("it has extra bytes behind its end");
  return out;
}

} // namespace deid::models::autoencoder
