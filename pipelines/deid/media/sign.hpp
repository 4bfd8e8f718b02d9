#pragma once
#include <filesystem>
#include <memory>
#include <string>

namespace deid::cli {

/// Signs results as C2PA asks: a manifest in the file says that its faces are synthetic, and binds this
/// statement to the file's bytes. Works without a network. The work is done by libc2pa_c.so, which no package
/// of ours brings: docs/marking.md says where it comes from.
class Signer {
public:
  /// Loads the library, the private key (PEM, PKCS #8) and the chain of certificates (PEM, the signer's
  /// first), and signs a picture of one pixel. Throws Failure when one of these steps fails, so that a long
  /// run does not begin in vain.
  Signer(const std::filesystem::path& key, const std::filesystem::path& certificates);
  ~Signer();
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  /// Copies an open file to another, empty one, with the manifest added, and reads the copy back. type: MIME.
  /// Throws Failure unless the copy's signature is valid. What the library writes by itself into a manifest
  /// names no person: random numbers, its own name and version.
  void sign(int from, int to, const std::string& type) const;

  /// Throws Failure unless the file has a manifest whose signature is valid and fits the file's bytes.
  /// Whether the certificates are trusted is not asked.
  void verify(int fd, const std::string& type) const;

private:
  class Library;
  std::unique_ptr<Library> library_;
};

} // namespace deid::cli
