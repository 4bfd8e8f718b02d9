#include "elements/volume/nifti/reader.hpp"
#include <algorithm>
#include <array>
#include <utility>

namespace deid::nifti {

namespace {

namespace fs = std::filesystem;

/// Memory is taken as the bytes come, in steps: a short file that claims to be large costs one step.
constexpr std::size_t step = std::size_t{1} << 24U;

std::uint64_t skip(Input& input, std::uint64_t wanted) {
  std::array<std::byte, 4096> unused{};
  std::uint64_t done = 0;
  while (done < wanted) {
    const std::size_t next = std::min<std::uint64_t>(wanted - done, unused.size());
    const std::size_t got = input.read(std::span(unused).first(next));
    done += got;
    if (got < next)
      break;
  }
  return done;
}

std::vector<std::byte> read_voxels(Input& input, std::size_t wanted) {
  std::vector<std::byte> bytes;
  while (bytes.size() < wanted) {
    const std::size_t have = bytes.size();
    bytes.reserve(std::min(wanted, std::max(have * 2, step)));
    bytes.resize(std::min(wanted, have + step));
    const std::size_t got = have + input.read(std::span(bytes).subspan(have));
    if (got < bytes.size())
      throw FileError("it has " + std::to_string(got) + " bytes of voxels, but its header states " +
                      std::to_string(wanted));
  }
  std::byte more{};
  if (input.read(std::span(&more, 1)) != 0)
    throw FileError("it has more voxels than its header states");
  return bytes;
}

Parsed read_header(Input& input) {
  std::array<std::byte, 4> start{};
  if (!read_all(input, start))
    throw FileError("it is empty or ends in the header");
  std::vector<std::byte> bytes(header_size(start));
  std::ranges::copy(start, bytes.begin());
  if (!read_all(input, std::span(bytes).subspan(start.size())))
    throw FileError("it ends in the header");
  return parse(bytes);
}

/// What stands between the header and the voxels. Four bytes say whether extensions follow.
std::uint64_t extension_bytes(std::uint64_t behind_header) {
  constexpr std::uint64_t extender = 4;
  return behind_header > extender ? behind_header - extender : 0;
}

/// Goes to the first voxel and returns the input that has it.
Input& go_to_voxels(Parsed& parsed, Input& header, Input* voxels) {
  constexpr std::uint64_t most_extensions = std::uint64_t{64} << 20U;
  const std::uint64_t size = voxels_after(parsed.header) - 4;
  const std::uint64_t behind = parsed.pair ? most_extensions : parsed.voxels_at - size;
  const std::uint64_t skipped = skip(header, behind);
  parsed.dropped.extension_bytes = extension_bytes(skipped);
  if (!parsed.pair) {
    if (skipped != behind)
      throw FileError("it ends before the voxels");
    return header;
  }
  if (skipped == most_extensions)
    throw FileError("its header file has 64 MiB or more");
  if (voxels == nullptr)
    throw FileError("its voxels lie in a second file (.img), which is not there");
  if (skip(*voxels, parsed.voxels_at) != parsed.voxels_at)
    throw FileError("its second file (.img) ends before the voxels");
  return *voxels;
}

fs::path with_ending(const fs::path& stem, const char* ending, bool packed) {
  fs::path named = stem;
  named += ending;
  if (packed)
    named += ".gz";
  return named;
}

} // namespace

PairNames pair_names(const fs::path& file) {
  const bool packed = file.extension() == ".gz";
  fs::path stem = packed ? fs::path(file).replace_extension() : file;
  if (stem.extension() != ".hdr" && stem.extension() != ".img")
    return {};
  stem.replace_extension();
  return {with_ending(stem, ".hdr", packed), with_ending(stem, ".img", packed)};
}

Reading read(std::unique_ptr<Input> header, std::unique_ptr<Input> voxels) {
  Dropped gzip;
  Reading reading;
  {
    const auto first = unpacked(std::move(header), gzip);
    const auto second = voxels ? unpacked(std::move(voxels), gzip) : nullptr;
    Parsed parsed = read_header(*first);
    reading.header = parsed.header;
    reading.volume.about = describe(parsed.header);
    Input& source = go_to_voxels(parsed, *first, second.get());
    reading.volume.voxels = read_voxels(source, reading.volume.about.bytes());
    reading.dropped = std::move(parsed.dropped);
  }
  std::ranges::move(gzip.fields, std::back_inserter(reading.dropped.fields));
  if (reading.header.big_endian)
    swap_bytes(reading.volume.voxels, volume::size_of(reading.volume.about.format));
  return reading;
}

Reading read_file(const fs::path& file) {
  const PairNames pair = pair_names(file);
  try {
    if (pair.header.empty())
      return read(open_file(file), nullptr);
    std::error_code ec;
    return read(open_file(pair.header), fs::exists(pair.voxels, ec) ? open_file(pair.voxels) : nullptr);
  } catch (const FileError& error) {
    throw FileError(file.string() + " cannot be read: " + error.what() + ".");
  }
}

} // namespace deid::nifti
