#include "models/files/sha256.hpp"
#include <algorithm>
#include <glib.h>

namespace deid::files {

struct Sha256::Impl {
  struct Free {
    void operator()(GChecksum* sum) const { g_checksum_free(sum); }
  };
  std::unique_ptr<GChecksum, Free> sum{g_checksum_new(G_CHECKSUM_SHA256)};
};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {}
Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes) {
  constexpr std::size_t most = std::size_t{1} << 30U; // GLib counts the bytes of one call in 32 bits
  for (std::size_t at = 0; at < bytes.size(); at += most) {
    const auto part = bytes.subspan(at, std::min(most, bytes.size() - at));
    g_checksum_update(impl_->sum.get(), reinterpret_cast<const guchar*>(part.data()),
                      static_cast<gssize>(part.size()));
  }
}

std::array<std::byte, Sha256::size> Sha256::digest() {
  std::array<std::byte, size> out{};
  gsize length = out.size();
  g_checksum_get_digest(impl_->sum.get(), reinterpret_cast<guint8*>(out.data()), &length);
  return out;
}

std::string Sha256::hex() {
  return g_checksum_get_string(impl_->sum.get());
}

} // namespace deid::files
