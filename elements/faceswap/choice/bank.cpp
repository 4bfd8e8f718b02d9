#include "elements/faceswap/choice/bank.hpp"
#include <algorithm>
#include <cmath>
#include <simdjson.h>
#include <system_error>

namespace deid::faceswap {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view target_format = "deid-target-1", gallery_format = "deid-gallery-1";
constexpr std::uintmax_t largest_file = std::uintmax_t{32} << 20U;

[[noreturn]] void refuse(const char* what, const fs::path& path, const std::string& why) {
  throw TargetError(std::string("The ") + what + " " + path.string() + " cannot be used: " + why + ".");
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    refuse("bank", folder, "there is no such folder");
  std::vector<fs::path> files;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error))
    if (entries->path().extension() == ".json")
      files.push_back(entries->path());
  if (error)
    refuse("bank", folder, "it cannot be read");
  std::sort(files.begin(), files.end());
  return files;
}

/// Returns the numbers of one judge. Face: an array of them.
template <class Face> Face features(const fs::path& file, simdjson::dom::element person, const char* key) {
  const std::string member = std::string("a person's \"") + key + "\"";
  simdjson::dom::array numbers;
  Face result{};
  if (person[key].get_array().get(numbers) != simdjson::SUCCESS || numbers.size() != result.size())
    refuse("gallery", file, member + " is not an array of " + std::to_string(result.size()) + " numbers");
  std::size_t at = 0;
  for (const simdjson::dom::element number : numbers) {
    double value = 0;
    if (number.get_double().get(value) != simdjson::SUCCESS || !(std::abs(value) <= 1e6))
      refuse("gallery", file, member + " holds something that is not a number");
    result.at(at++) = static_cast<float>(value);
  }
  return result;
}

void add_person(const fs::path& file, simdjson::dom::element person, Strangers& strangers) {
  strangers.first.push_back(features<Descriptor>(file, person, "descriptor"));
  simdjson::dom::element second;
  if (person["second"].get(second) == simdjson::SUCCESS && !second.is_null())
    strangers.second.push_back(features<FaceFeatures>(file, person, "second"));
}

void add_people(const fs::path& file, simdjson::dom::object object, Bank& bank) {
  simdjson::dom::array people;
  if (object["people"].get_array().get(people) != simdjson::SUCCESS)
    refuse("gallery", file, "\"people\" is not an array");
  for (const simdjson::dom::element person : people)
    add_person(file, person, bank.strangers);
}

void add_file(const fs::path& file, Bank& bank) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) // a pipe or a device might never end
    refuse("target", file, "it is not a file that can be read");
  if (fs::file_size(file, error) > largest_file || error)
    refuse("target", file, "it is larger than 32 MiB, the limit for targets");
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.load(file.string()).get_object().get(object) != simdjson::SUCCESS)
    refuse("target", file, "it is not a JSON object that can be read");
  simdjson::dom::element format;
  if (object["format"].get(format) != simdjson::SUCCESS)
    return;
  std::string_view name;
  if (format.get_string().get(name) == simdjson::SUCCESS && name == gallery_format)
    add_people(file, object, bank);
  else if (name == target_format)
    bank.targets.push_back(read_target(file));
  else
    refuse("target", file, "its format is unknown");
}

} // namespace

Bank read_bank(const fs::path& folder) {
  Bank bank;
  for (const fs::path& file : files_in(folder))
    add_file(file, bank);
  if (bank.targets.empty() && bank.strangers.first.empty())
    refuse("bank", folder, "it holds no target file");
  return bank;
}

std::vector<Target> read_targets(const std::string& list) {
  std::vector<Target> targets;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(':', at), list.size());
    if (end > at)
      targets.push_back(read_target(list.substr(at, end - at)));
    at = end + 1;
  }
  return targets;
}

std::optional<fs::path> default_bank(const std::vector<fs::path>& model_dirs) {
  for (const fs::path& models : model_dirs) {
    const fs::path folder = (models.has_filename() ? models : models.parent_path()).parent_path() / "targets";
    std::error_code ignored;
    if (fs::is_directory(folder, ignored))
      return folder;
  }
  return {};
}

} // namespace deid::faceswap
