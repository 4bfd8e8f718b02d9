#include "elements/volume/nifti/writer.hpp"
#include "elements/volume/nifti/reader.hpp"
#include "models/files/whole_file.hpp"
#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>
#include <zlib.h>

namespace deid::nifti {

namespace {

namespace fs = std::filesystem;

bool ends_with(const fs::path& file, const char* ending) {
  return file.string().ends_with(ending);
}

/// A whole file, packed when its name ends in .gz.
class Output {
public:
  Output(const fs::path& file, int compression) : file_(file), packed_(ends_with(file, ".gz")) {
    constexpr int as_gzip = MAX_WBITS + 16, memory = 8;
    if (packed_ &&
        deflateInit2(&stream_, compression, Z_DEFLATED, as_gzip, memory, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  ~Output() {
    if (packed_)
      deflateEnd(&stream_);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::span<const std::byte> bytes) {
    if (!packed_)
      file_.write(bytes);
    else
      while (!bytes.empty()) {
        const auto part = bytes.first(std::min(bytes.size(), std::size_t{1} << 30U));
        pack(part, Z_NO_FLUSH);
        bytes = bytes.subspan(part.size());
      }
  }
  void commit() {
    if (packed_)
      pack({}, Z_FINISH);
    file_.commit();
  }

private:
  void pack(std::span<const std::byte> bytes, int flush) {
    std::array<std::byte, std::size_t{1} << 15U> out{};
    // zlib does not write to its input
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(out.data());
      stream_.avail_out = static_cast<uInt>(out.size());
      deflate(&stream_, flush);
      file_.write(std::span(out).first(out.size() - stream_.avail_out));
    } while (stream_.avail_out == 0);
  }

  files::WholeFile file_;
  bool packed_;
  z_stream stream_{};
};

template <class Work> auto or_file_error(Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const files::WriteError& error) {
    throw FileError(error.what());
  }
}

} // namespace

bool is_nifti_name(const fs::path& file) {
  return !pair_names(file).header.empty() || ends_with(file, ".nii") || ends_with(file, ".nii.gz");
}

struct FileWriter::Impl {
  fs::path name;
  PairNames pair;
  Header header;
  std::size_t voxel, wanted, done = 0;    ///< [bytes]
  std::optional<Output> head{}, voxels{}; ///< a single file is `voxels`

  Impl(fs::path file, const Header& h, int compression, const std::string& note)
      : name(std::move(file)), pair(pair_names(name)), header(h) {
    const auto about = describe(header);
    voxel = volume::size_of(about.format);
    wanted = about.bytes();
    const bool two = !pair.header.empty();
    if (two)
      head.emplace(pair.header, compression);
    voxels.emplace(two ? pair.voxels : name, compression);
    (two ? *head : *voxels).write(to_bytes(header, two, note));
  }

  void write(std::span<const std::byte> bytes) {
    done += bytes.size();
    if (!header.big_endian) {
      voxels->write(bytes);
      return;
    }
    constexpr std::size_t most = std::size_t{1} << 20U; // a multiple of every voxel's size
    std::vector<std::byte> turned;
    for (; !bytes.empty(); bytes = bytes.subspan(turned.size())) {
      turned.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(bytes.size(), most)));
      swap_bytes(turned, voxel);
      voxels->write(turned);
    }
  }

  void commit() {
    if (done != wanted)
      throw FileError(name.string() + " was not written: " + std::to_string(done) +
                      " bytes of voxels came, but the "
                      "header states " +
                      std::to_string(wanted) + ".");
    voxels->commit();
    if (!head)
      return;
    try {
      head->commit();
    } catch (const files::WriteError&) {
      std::error_code ignored;
      fs::remove(pair.voxels, ignored);
      throw;
    }
  }
};

FileWriter::FileWriter(fs::path file, const Header& header, int compression, const std::string& note) {
  if (!is_nifti_name(file))
    throw FileError(file.string() +
                    " cannot be written: its name ends in none of .nii, .nii.gz, .hdr, .img.");
  impl_ = or_file_error([&] { return std::make_unique<Impl>(std::move(file), header, compression, note); });
}

FileWriter::~FileWriter() = default;

void FileWriter::write(std::span<const std::byte> voxels) {
  or_file_error([&] { impl_->write(voxels); });
}

void FileWriter::commit() {
  or_file_error([&] { impl_->commit(); });
}

} // namespace deid::nifti
