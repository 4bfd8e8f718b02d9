#include "elements/measures/identity/faces.hpp"
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace deid::identity {

namespace {

using nlohmann::json;

State state_named(const std::string& name) {
  for (std::size_t i = 0; i < state_count; ++i)
    if (name == to_string(static_cast<State>(i)))
      return static_cast<State>(i);
  throw std::invalid_argument("\"" + name + "\" is no state of a face");
}

std::optional<Descriptor> descriptor_of(const json& value) {
  if (value.is_null())
    return std::nullopt;
  Descriptor result{};
  if (!value.is_array() || value.size() != result.size())
    throw std::invalid_argument("a descriptor has 128 numbers");
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = value[i].get<float>();
    if (!std::isfinite(result[i]))
      throw std::invalid_argument("a descriptor is not finite");
  }
  return result;
}

Face face_of(const json& line) {
  Face face;
  face.pts = line.at("pts").is_null() ? -1 : line.at("pts").get<std::int64_t>();
  face.frame = line.at("frame").get<std::int64_t>();
  face.id = line.at("id").get<std::uint32_t>();
  face.state = state_named(line.at("state").get<std::string>());
  face.original = descriptor_of(line.at("original"));
  face.deidentified = descriptor_of(line.at("deidentified"));
  if (const auto landmarks = line.find("landmarks"); landmarks != line.end())
    face.found = *landmarks == "result";
  if (const auto target = line.find("d_target"); target != line.end() && target->is_number())
    face.d_target = target->get<double>();
  return face;
}

void read_header(const json& line, RawIdentity& raw) {
  if (line.value("format", "") != "deid-identity-1")
    throw std::invalid_argument("it has no header of a file of identitymeter");
  const json model = line.value("model", json::object());
  raw.model = model.value("name", "");
  raw.model_sha256 = model.value("sha256", "");
  raw.interval = line.value("interval", 1);
}

} // namespace

RawIdentity parse_identity(std::string_view text, const std::string& name) {
  RawIdentity raw;
  std::size_t number = 0;
  if (text.empty() || text.back() != '\n')
    throw std::runtime_error(name + " is not whole: its last line does not end.");
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    ++number;
    try {
      const json line = json::parse(text.substr(0, end));
      if (number == 1)
        read_header(line, raw);
      else
        raw.faces.push_back(face_of(line));
    } catch (const std::exception& e) { // of the parser, of at(), or ours: the reader needs the place
      throw std::runtime_error(name + ", line " + std::to_string(number) + ": " + e.what() + ".");
    }
    text.remove_prefix(end + 1);
  }
  return raw;
}

RawIdentity read_identity(const std::filesystem::path& file) {
  std::ostringstream text;
  const std::ifstream in(file, std::ios::binary);
  text << in.rdbuf();
  if (!in)
    throw std::runtime_error(file.string() + " cannot be read.");
  return parse_identity(text.str(), file.filename().string());
}

} // namespace deid::identity
