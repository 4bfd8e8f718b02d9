#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace deid::models {

/// Compiled networks in a folder, one file each, so that the next program starts sooner. A file that is
/// damaged, cut off, of another key, of another user, or writable by others is never used. A folder that
/// cannot be written is no error: the network is compiled again. Several programs may use one folder at a
/// time. Threads: any.
class KeptNetworks {
public:
  /// Returns the folder that the environment names: DEID_NETWORK_CACHE, or gst-deid/networks in the user's
  /// cache folder (XDG_CACHE_HOME, ~/.cache). Returns an empty path when DEID_NETWORK_CACHE is "off" or
  /// nothing names a folder.
  static std::filesystem::path folder_of_user();

  /// folder: is made at the first keep(). Empty: find() finds nothing, and keep() does nothing.
  explicit KeptNetworks(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Calls `use` with the bytes that were kept under this key and returns true; returns false when there are
  /// none. The bytes stay valid until the program ends. They begin at a multiple of 64 bytes.
  bool find(const std::string& key, const std::function<void(std::span<const std::byte>)>& use) const;

  /// Keeps bytes under a key. Of more than `most` files the ones that were not used for longest go.
  void keep(const std::string& key, std::span<const std::byte> bytes) const;

  static constexpr std::size_t most = 48; ///< files; a swap with all networks has about 12

private:
  [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;
  void tidy() const;

  std::filesystem::path folder_;
};

} // namespace deid::models
