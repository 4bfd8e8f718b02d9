#include "models/training/durable_file.hpp"
#include <array>
#include <cerrno>
#include <cstring>
#include <glib.h>
#include <sys/stat.h>
#include <utility>

namespace deid::training {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t digest_size = 32;

/// sha256 of the bytes added.
class Sha256 {
public:
  void add(std::span<const std::byte> bytes) {
    g_checksum_update(sum_.get(), reinterpret_cast<const guchar*>(bytes.data()),
                      static_cast<gssize>(bytes.size()));
  }
  [[nodiscard]] std::array<std::byte, digest_size> digest() const {
    std::array<std::byte, digest_size> out{};
    gsize length = out.size();
    g_checksum_get_digest(sum_.get(), reinterpret_cast<guint8*>(out.data()), &length);
    return out;
  }

private:
  struct Free {
    void operator()(GChecksum* sum) const { g_checksum_free(sum); }
  };
  std::unique_ptr<GChecksum, Free> sum_{g_checksum_new(G_CHECKSUM_SHA256)};
};

/// Runs `work` and turns a failure into a FileError with one sentence.
template <class Work> void or_file_error(const fs::path& file, Work&& work) {
  try {
    work();
  } catch (const files::WriteError& e) {
    throw FileError(file.string() + " " + e.step() + " (" + e.cause() + ").");
  }
}

} // namespace

struct DurableWriter::Checksum : Sha256 {};
struct CheckedReader::Checksum : Sha256 {};

DurableWriter::DurableWriter(fs::path target)
    : target_(std::move(target)), checksum_(std::make_unique<Checksum>()) {
  or_file_error(target_, [this] { file_.emplace(target_, 0600); });
}

DurableWriter::~DurableWriter() = default;

void DurableWriter::write(std::span<const std::byte> bytes) {
  checksum_->add(bytes);
  or_file_error(target_, [&] { file_->write(bytes); });
}

void DurableWriter::write(const std::string& text) {
  write(std::as_bytes(std::span(text)));
}

void DurableWriter::commit() {
  const auto digest = checksum_->digest();
  or_file_error(target_, [&] {
    file_->write(digest);
    file_->commit();
  });
}

CheckedReader::CheckedReader(fs::path file)
    : path_(std::move(file)), file_(std::fopen(path_.c_str(), "rbe")),
      checksum_(std::make_unique<Checksum>()) {
  struct stat about {};
  if (file_ == nullptr || fstat(fileno(file_), &about) != 0 || !S_ISREG(about.st_mode)) {
    const std::string why = errno != 0 ? std::strerror(errno) : "no file";
    if (file_ != nullptr)
      std::fclose(file_);
    throw FileError(path_.string() + " cannot be read (" + why + ").");
  }
  if (about.st_size < static_cast<off_t>(digest_size)) {
    std::fclose(file_);
    damaged("it ends too early");
  }
  left_ = static_cast<std::uint64_t>(about.st_size) - digest_size;
}

CheckedReader::~CheckedReader() {
  std::fclose(file_);
}

void CheckedReader::damaged(const std::string& why) const {
  throw FileError(path_.string() + " is damaged (" + why + ").");
}

void CheckedReader::read(std::span<std::byte> bytes) {
  if (bytes.size() > left_ || std::fread(bytes.data(), 1, bytes.size(), file_) != bytes.size())
    damaged("it ends too early");
  left_ -= bytes.size();
  checksum_->add(bytes);
}

std::string CheckedReader::text(std::uint64_t length) {
  if (length > left_)
    damaged("it ends too early");
  std::string all(static_cast<std::size_t>(length), '\0');
  read(std::as_writable_bytes(std::span(all)));
  return all;
}

void CheckedReader::finish() {
  if (left_ != 0)
    damaged("it is longer than its header states");
  std::array<std::byte, digest_size> written{};
  if (std::fread(written.data(), 1, written.size(), file_) != written.size() ||
      written != checksum_->digest())
    damaged("its checksum is another");
}

} // namespace deid::training
