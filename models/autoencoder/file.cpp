#include "models/autoencoder/file.hpp"
#include "models/autoencoder/header.hpp"
#include "models/autoencoder/sealed.hpp"
#include "models/files/sha256.hpp"
#include "models/files/whole_file.hpp"
#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <sys/stat.h>
#include <utility>

namespace deid::models::autoencoder {

namespace fs = std::filesystem;

namespace {

static_assert(std::endian::native == std::endian::little && std::numeric_limits<float>::is_iec559);

constexpr std::string_view magic = "DEIDAE01", family = "DEIDAE";
constexpr std::size_t digest_size = files::Sha256::size, front_size = 12; ///< bytes
constexpr std::size_t longest_name = 200, longest_status = 4000;          ///< bytes
constexpr std::uintmax_t largest_file = std::uintmax_t{4} << 30U;
using Bytes = std::vector<std::byte>;

[[noreturn]] void refuse_file(const std::string& where, const std::string& why,
                              ModelError::Kind kind = ModelError::Kind::damaged) {
  throw ModelError(kind, std::string(where).append(" cannot be used: ").append(why).append("."));
}

std::string named(const fs::path& file) {
  return "The model " + file.string();
}

std::array<std::byte, digest_size> digest_of(std::span<const std::byte> bytes) {
  files::Sha256 sum;
  sum.add(bytes);
  return sum.digest();
}

Bytes bytes_of(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) // reading a pipe or a device might never end
    throw ModelError(ModelError::Kind::missing,
                     named(file) + " is missing: give the file that deid train wrote.");
  const std::uintmax_t size = fs::file_size(file, error);
  if (error || size > largest_file)
    refuse_file(named(file), "it is larger than any model");
  Bytes bytes(static_cast<std::size_t>(size));
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())))
    refuse_file(named(file), "it cannot be read");
  return bytes;
}

Bytes unsealed(const std::string& where, Bytes bytes, std::string_view passphrase) {
  if (!is_sealed(bytes))
    return bytes;
  if (passphrase.empty())
    refuse_file(where, "it is encrypted, and there is no passphrase");
  try {
    return opened(bytes, passphrase);
  } catch (const SealError& error) {
    refuse_file(where, error.what());
  }
}

void check_magic(const std::string& where, std::span<const std::byte> bytes) {
  const std::string_view found(reinterpret_cast<const char*>(bytes.data()),
                               std::min(bytes.size(), magic.size()));
  if (found == magic)
    return;
  if (!found.empty() && magic.starts_with(found))
    refuse_file(where, "it is cut off; copy it again");
  if (!found.starts_with(family))
    refuse_file(where, "it is not a model file of deid train");
  refuse_version(where, found > magic);
}

/// Returns the JSON behind the magic. Throws when its length does not fit the file.
std::string_view header_of(const std::string& where, std::span<const std::byte> bytes) {
  check_magic(where, bytes);
  std::uint32_t length = 0;
  if (bytes.size() < front_size + digest_size)
    refuse_file(where, "it is cut off; copy it again");
  std::memcpy(&length, bytes.data() + magic.size(), sizeof length);
  if (length > bytes.size() - front_size - digest_size)
    refuse_file(where, "it is cut off or damaged; copy it again");
  return {reinterpret_cast<const char*>(bytes.data()) + front_size, length};
}

std::size_t count(const std::vector<std::size_t>& shape) {
  std::size_t values = 1;
  for (const std::size_t n : shape)
    values *= n;
  return values;
}

/// Compares the size that the header promises with the file's.
void check_size(const std::string& where, const ModelFile& model, std::size_t header, std::size_t there) {
  std::size_t values = 0;
  for (const Tensor& tensor : model.tensors)
    values += count(tensor.shape); // cannot overflow: read_header refuses larger tensors
  const std::size_t want = front_size + header + values * sizeof(float) + digest_size;
  if (there < want)
    refuse_file(where, "it is cut off: " + std::to_string(there) + " of " + std::to_string(want) +
                           " bytes are there; copy it again");
  if (there > want)
    refuse_file(where, "it has extra bytes behind its end; copy it again");
}

ModelFile parsed(const std::string& where, std::span<const std::byte> bytes) {
  const std::string_view header = header_of(where, bytes);
  ModelFile model = read_header(where, header);
  check_size(where, model, header.size(), bytes.size());
  const auto body = bytes.first(bytes.size() - digest_size);
  if (!std::ranges::equal(digest_of(body), bytes.last(digest_size)))
    refuse_file(where, "its checksum does not fit, so it was changed or damaged; copy it again");
  std::size_t at = front_size + header.size();
  for (Tensor& tensor : model.tensors) {
    tensor.values.resize(count(tensor.shape));
    const std::size_t size = tensor.values.size() * sizeof(float);
    std::memcpy(tensor.values.data(), body.data() + at, size);
    at += size;
  }
  return model;
}

Bytes serialized(const ModelFile& model) {
  const std::string header = write_header(model);
  std::size_t size = front_size + header.size() + digest_size;
  for (const Tensor& tensor : model.tensors)
    size += tensor.values.size() * sizeof(float);
  Bytes bytes;
  bytes.reserve(size);
  const auto put = [&bytes](const void* from, std::size_t length) {
    const auto* first = static_cast<const std::byte*>(from);
    bytes.insert(bytes.end(), first, first + length);
  };
  const auto length = static_cast<std::uint32_t>(header.size());
  put(magic.data(), magic.size());
  put(&length, sizeof length);
  put(header.data(), header.size());
  for (const Tensor& tensor : model.tensors)
    put(tensor.values.data(), tensor.values.size() * sizeof(float));
  const auto digest = digest_of(bytes);
  put(digest.data(), digest.size());
  return bytes;
}

bool finite(std::span<const float> values) {
  return std::ranges::all_of(values, [](float v) { return std::isfinite(v); });
}

std::string shape_text(std::span<const std::size_t> shape) {
  std::string text;
  for (const std::size_t side : shape)
    text.append(text.empty() ? "" : "x").append(std::to_string(side));
  return text;
}

/// The text appears in messages and audits, so it must hold no control characters.
bool printable(const std::string& text, std::size_t longest) {
  return text.size() <= longest &&
         std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7F; });
}

} // namespace

void require_valid(const ModelFile& model, const std::string& where) {
  const auto want = tensors(model.network, model.direction);
  const std::string& name = model.network.name;
  if (want.size() != model.tensors.size())
    refuse_file(where, "it has " + std::to_string(model.tensors.size()) + " tensors where the network " +
                           name + " has " + std::to_string(want.size()));
  for (std::size_t i = 0; i < want.size(); ++i) {
    const Tensor& tensor = model.tensors[i];
    if (tensor.name != want[i].name || tensor.shape != want[i].shape)
      refuse_file(where, "its tensor " + tensor.name + " has shape " + shape_text(tensor.shape) +
                             ", and the network " + name + " needs " + want[i].name + " with shape " +
                             shape_text(want[i].shape));
    if (tensor.values.size() != count(tensor.shape) || !finite(tensor.values))
      refuse_file(where, "its tensor " + tensor.name + " holds weights that are not numbers; train it again");
  }
  if (!finite(model.subject) || !finite(model.target.descriptor))
    refuse_file(where, "a descriptor in it holds something that is not a number");
  if (!printable(model.target.name, longest_name) || !printable(model.target.status, longest_status))
    refuse_file(where, "its target's name or status is too long or not printable");
  try {
    (void)crop_side(model.alignment);
  } catch (const std::invalid_argument& error) {
    refuse_file(where, error.what());
  }
}

ModelFile read_model(const fs::path& file, std::string_view passphrase) {
  const std::string where = named(file);
  ModelFile model = parsed(where, unsealed(where, bytes_of(file), passphrase));
  require_valid(model, where);
  return model;
}

void write_model(const fs::path& file, const ModelFile& model, std::string_view passphrase) {
  require_valid(model, named(file));
  Bytes bytes = serialized(model);
  if (!passphrase.empty()) {
    try {
      bytes = sealed(bytes, passphrase);
    } catch (const SealError& error) {
      throw ModelError(ModelError::Kind::engine,
                       named(file) + " cannot be written encrypted: " + error.what() + ".");
    }
  }
  try {
    files::WholeFile whole(file, 0600);
    whole.write(bytes);
    whole.commit();
  } catch (const files::WriteError& error) {
    throw ModelError(ModelError::Kind::engine, named(file) + " cannot be written: " + error.cause() + ".");
  }
}

} // namespace deid::models::autoencoder
