#include "elements/identitymeter/targets.hpp"
#include "models/autoencoder/file.hpp"
#include "models/manifest/manifest.hpp"
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <simdjson.h>
#include <sstream>
#include <vector>

namespace deid::identitymeter {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view target_format = "deid-target-1", model_magic = "DEIDAE01",
                           sealed_magic = "DEIDAEX1", of_set_up = "auto";
constexpr std::uintmax_t largest_file = std::uintmax_t{32} << 20U, largest_header = std::uintmax_t{4} << 20U;

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw TargetError("The target " + file.string() + " cannot be used: " + why + ".");
}

/// The JSON of a target file, or the header of a trained model.
std::string text_of(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) // reading a pipe or a device might never end
    refuse(file, "there is no such file");
  std::ifstream in(file, std::ios::binary);
  std::string head(model_magic.size(), '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (head == model_magic) {
    std::array<unsigned char, 4> bytes{};
    in.read(reinterpret_cast<char*>(bytes.data()), bytes.size());
    const std::uintmax_t length =
        bytes[0] | bytes[1] << 8U | bytes[2] << 16U | std::uintmax_t{bytes[3]} << 24U;
    if (!in || length > largest_header)
      refuse(file, "it is damaged");
    std::string header(length, '\0');
    if (!in.read(header.data(), static_cast<std::streamsize>(length)))
      refuse(file, "it is cut off");
    return header;
  }
  const std::uintmax_t size = fs::file_size(file, error);
  if (error || size > largest_file)
    refuse(file, "it is larger than 32 MiB, the limit for targets");
  in.clear();
  in.seekg(0);
  std::string all(size, '\0');
  if (!in.read(all.data(), static_cast<std::streamsize>(size)))
    refuse(file, "it cannot be read");
  return all;
}

Descriptor descriptor_of(simdjson::dom::element element, const fs::path& file) {
  simdjson::dom::array numbers;
  Descriptor found{};
  if (element.get_array().get(numbers) != simdjson::SUCCESS || numbers.size() != found.size())
    refuse(file, "\"descriptor\" is not an array of 128 numbers");
  std::size_t at = 0;
  for (const simdjson::dom::element number : numbers) {
    double value = 0;
    if (number.get_double().get(value) != simdjson::SUCCESS || !(std::abs(value) <= 1e6))
      refuse(file, "\"descriptor\" holds something that is not a number");
    found.at(at++) = static_cast<float>(value);
  }
  return found;
}

bool is_sealed(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error))
    return false;
  std::string head(sealed_magic.size(), '\0');
  std::ifstream in(file, std::ios::binary);
  return in.read(head.data(), static_cast<std::streamsize>(head.size())) && head == sealed_magic;
}

[[noreturn]] void refuse_format(const fs::path& file) {
  refuse(file, "its format is not \"" + std::string(target_format) + "\"");
}

std::optional<fs::path> bank_of_set_up() {
  for (const fs::path& models : models::model_dirs()) {
    const fs::path folder = (models.has_filename() ? models : models.parent_path()).parent_path() / "targets";
    if (std::error_code ignored; fs::is_directory(folder, ignored))
      return folder;
  }
  return {};
}

} // namespace

/// Reads an encrypted model, whose header is encrypted, too.
Targets::Named Targets::read_sealed(const fs::path& file) {
  const char* passphrase = std::getenv("DEID_MODEL_PASSPHRASE"); // faceswap reads the same variable
  try {
    const auto model = models::autoencoder::read_model(file, passphrase == nullptr ? "" : passphrase);
    return {model.target.name, model.target.descriptor};
  } catch (const models::ModelError& error) { // what() is a sentence for the user
    throw TargetError(error.what());
  }
}

/// Returns nothing for a JSON file that is no target (a table of distances, a gallery).
std::optional<Targets::Named> Targets::read(const fs::path& file) {
  if (is_sealed(file))
    return read_sealed(file);
  const std::string text = text_of(file);
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(text).get_object().get(object) != simdjson::SUCCESS)
    refuse(file, "it is not a JSON object that can be read");
  if (simdjson::dom::object target; object["target"].get_object().get(target) == simdjson::SUCCESS)
    object = target; // of a trained model
  else if (std::string_view format;
           object["format"].get_string().get(format) != simdjson::SUCCESS || format != target_format)
    return {};
  simdjson::dom::element descriptor;
  if (object["descriptor"].get(descriptor) != simdjson::SUCCESS)
    refuse(file, "\"descriptor\" is missing");
  std::string_view name;
  if (object["name"].get_string().get(name) != simdjson::SUCCESS)
    refuse(file, "\"name\" is not a text");
  if (descriptor.is_null()) // a swap may still use this target
    return Named{std::string(name), std::nullopt};
  return Named{std::string(name), descriptor_of(descriptor, file)};
}

Targets::Targets(const std::string& place) {
  std::error_code ignored;
  if (place.empty()) {
    add_bank();
  } else if (fs::is_directory(place, ignored)) {
    add_folder(place);
    if (by_name_.empty())
      refuse(place, "it holds no target file");
  } else if (place.find(':') != std::string::npos && !fs::exists(place, ignored)) {
    add_list(place);
  } else if (const auto found = read(place)) {
    if (!found->descriptor)
      refuse(place, "it has no descriptor; make it again with deid target");
    one_ = found->descriptor;
  } else {
    refuse_format(place);
  }
}

void Targets::add(const Named& target) {
  const auto [entry, added] = by_name_.emplace(target.name, target.descriptor);
  if (!added && entry->second != target.descriptor)
    entry->second.reset();
}

void Targets::add_file(const fs::path& file) {
  const auto found = read(file);
  if (!found)
    refuse_format(file);
  add(*found);
}

void Targets::add_bank() {
  if (const auto folder = bank_of_set_up())
    add_folder(*folder);
}

void Targets::add_list(const std::string& list) {
  std::istringstream in(list);
  std::error_code ignored;
  for (std::string one; std::getline(in, one, ':');)
    if (one == of_set_up)
      add_bank();
    else if (fs::is_directory(one, ignored))
      add_folder(one);
    else if (!one.empty())
      add_file(one);
}

void Targets::add_folder(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error))
    if (entries->path().extension() == ".json")
      if (const auto found = read(entries->path()))
        add(*found);
  if (error)
    refuse(folder, "it cannot be read");
}

const Descriptor* Targets::of(const std::string& name) const {
  if (one_)
    return &*one_;
  const auto found = by_name_.find(name);
  return found == by_name_.end() || !found->second ? nullptr : &*found->second;
}

} // namespace deid::identitymeter
