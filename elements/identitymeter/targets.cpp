#include "elements/identitymeter/targets.hpp"
#include "models/manifest/manifest.hpp"
#include <cmath>
#include <fstream>
#include <simdjson.h>
#include <vector>

namespace deid::identity {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view target_format = "deid-target-1", model_magic = "DEIDAE01";
constexpr std::uintmax_t largest_file = std::uintmax_t{32} << 20U, largest_header = std::uintmax_t{4} << 20U;

struct Named {
  std::string name;
  Descriptor descriptor;
};

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw TargetError("The target " + file.string() + " cannot be used: " + why + ".");
}

/// The JSON of a target file, or the header of a trained model.
std::string text_of(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) // a pipe or a device might never end
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
    refuse(file, "it is larger than 32 MiB, more than any target is");
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
  if (element.is_null())
    refuse(file, "nobody computed its descriptor; make it anew with deid target");
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

/// Nothing: a JSON file that is no target (a table of distances, a gallery).
std::optional<Named> read(const fs::path& file) {
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
  return Named{std::string(name), descriptor_of(descriptor, file)};
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

Targets::Targets(const fs::path& place) {
  std::error_code ignored;
  if (place.empty()) {
    if (const auto folder = bank_of_set_up())
      add_folder(*folder);
  } else if (fs::is_directory(place, ignored)) {
    add_folder(place);
    if (by_name_.empty())
      refuse(place, "it holds no target file");
  } else if (const auto found = read(place)) {
    one_ = found->descriptor;
  } else {
    refuse(place, "its format is not \"" + std::string(target_format) + "\"");
  }
}

void Targets::add_folder(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error))
    if (entries->path().extension() == ".json")
      if (const auto found = read(entries->path()))
        by_name_[found->name] = found->descriptor;
  if (error)
    refuse(folder, "it cannot be read");
}

const Descriptor* Targets::of(const std::string& name) const {
  if (one_)
    return &*one_;
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &found->second;
}

} // namespace deid::identity
