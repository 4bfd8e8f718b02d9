#include "elements/volume/nifti/input.hpp"
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/stat.h>
#include <utility>
#include <vector>
#include <zlib.h>

namespace deid::nifti {

namespace {

class File final : public Input {
public:
  explicit File(const std::filesystem::path& path) : file_(std::fopen(path.c_str(), "rbe")) {
    struct stat about {};
    if (!file_ || fstat(fileno(file_.get()), &about) != 0)
      throw FileError(std::string("it cannot be opened (") + std::strerror(errno) + ")");
    if (S_ISDIR(about.st_mode))
      throw FileError("it is a folder");
  }
  std::size_t read(std::span<std::byte> bytes) override {
    const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), file_.get());
    if (std::ferror(file_.get()) != 0)
      throw FileError(std::string("it cannot be read (") + std::strerror(errno) + ")");
    return got;
  }

private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
};

class Memory final : public Input {
public:
  explicit Memory(std::span<const std::byte> bytes) : left_(bytes) {}
  std::size_t read(std::span<std::byte> bytes) override {
    const std::size_t got = std::min(bytes.size(), left_.size());
    std::ranges::copy(left_.first(got), bytes.begin());
    left_ = left_.subspan(got);
    return got;
  }

private:
  std::span<const std::byte> left_;
};

/// Either passes the bytes on or unpacks them; the first two bytes decide.
class Unpacked final : public Input {
public:
  Unpacked(std::unique_ptr<Input> packed, Dropped& dropped) : packed_(std::move(packed)), dropped_(dropped) {
    refill();
    gzip_ = stream_.avail_in >= 2 && stream_.next_in[0] == 0x1f && stream_.next_in[1] == 0x8b;
    constexpr int only_gzip = MAX_WBITS + 16;
    if (gzip_ && inflateInit2(&stream_, only_gzip) != Z_OK)
      throw std::bad_alloc();
    begin_member();
  }
  ~Unpacked() override {
    if (gzip_)
      inflateEnd(&stream_);
  }
  Unpacked(const Unpacked&) = delete;
  Unpacked& operator=(const Unpacked&) = delete;

  std::size_t read(std::span<std::byte> bytes) override { return gzip_ ? unpack(bytes) : pass(bytes); }

private:
  void refill() {
    if (stream_.avail_in > 0)
      return;
    stream_.next_in = chunk_.data();
    stream_.avail_in = static_cast<uInt>(packed_->read(std::as_writable_bytes(std::span(chunk_))));
  }

  std::size_t pass(std::span<std::byte> bytes) {
    const std::size_t got = std::min<std::size_t>(bytes.size(), stream_.avail_in);
    std::memcpy(bytes.data(), stream_.next_in, got);
    stream_.next_in += got;
    stream_.avail_in -= static_cast<uInt>(got);
    return got == bytes.size() ? got : got + packed_->read(bytes.subspan(got));
  }

  /// zlib writes what the member's header says into head_, once it has read it.
  void begin_member() {
    if (!gzip_)
      return;
    head_ = gz_header{};
    head_.name = name_.data();
    head_.name_max = static_cast<uInt>(name_.size());
    head_.comment = comment_.data();
    head_.comm_max = static_cast<uInt>(comment_.size());
    inflateGetHeader(&stream_, &head_);
  }

  void note(bool there, const char* field) {
    if (there && std::ranges::find(dropped_.fields, field) == dropped_.fields.end())
      dropped_.fields.emplace_back(field);
  }

  void end_member() {
    note(head_.name != nullptr && name_[0] != 0, "gzip name");
    note(head_.comment != nullptr && comment_[0] != 0, "gzip comment");
    note(head_.time != 0, "gzip time");
    note(head_.extra_len != 0, "gzip extra");
    refill();
    ended_ = stream_.avail_in == 0;
    if (!ended_) { // a second member, as pigz and bgzip write them
      inflateReset(&stream_);
      begin_member();
    }
  }

  std::size_t unpack(std::span<std::byte> bytes) {
    std::size_t done = 0;
    while (done < bytes.size() && !ended_) {
      refill();
      if (stream_.avail_in == 0)
        throw FileError("its gzip data ends too early");
      const std::size_t most = std::min<std::size_t>(bytes.size() - done, std::size_t{1} << 30U);
      stream_.next_out = reinterpret_cast<Bytef*>(bytes.data() + done);
      stream_.avail_out = static_cast<uInt>(most);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      done += most - stream_.avail_out;
      if (result == Z_STREAM_END)
        end_member();
      else if (result != Z_OK && result != Z_BUF_ERROR)
        throw FileError("its gzip data is damaged");
    }
    return done;
  }

  std::unique_ptr<Input> packed_;
  Dropped& dropped_;
  std::vector<Bytef> chunk_ = std::vector<Bytef>(std::size_t{1} << 16U);
  z_stream stream_{};
  gz_header head_{};
  std::array<Bytef, 2> name_{}, comment_{}; ///< only whether they are empty counts
  bool gzip_ = false, ended_ = false;
};

} // namespace

std::unique_ptr<Input> open_file(const std::filesystem::path& file) {
  return std::make_unique<File>(file);
}

std::unique_ptr<Input> open_memory(std::span<const std::byte> bytes) {
  return std::make_unique<Memory>(bytes);
}

std::unique_ptr<Input> unpacked(std::unique_ptr<Input> packed, Dropped& dropped) {
  return std::make_unique<Unpacked>(std::move(packed), dropped);
}

bool read_all(Input& input, std::span<std::byte> bytes) {
  return input.read(bytes) == bytes.size();
}

} // namespace deid::nifti
