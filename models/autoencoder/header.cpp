#include "models/autoencoder/header.hpp"
#include <charconv>
#include <nlohmann/json.hpp>

namespace deid::models::autoencoder {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view format_family = "deid-autoencoder-";
constexpr int format_version = 1;
constexpr const char* alignment_kind = "mesh-51";
constexpr const char* color_order = "rgb";
constexpr const char* value_range = "0..1";
constexpr const char* one_way = "subject-to-target";
constexpr const char* both_ways = "both";
constexpr std::size_t longest_side = std::size_t{1} << 20U, most_tensors = 256, most_dimensions = 4;

[[noreturn]] void refuse(const std::string& where, const std::string& why) {
  throw ModelError(ModelError::Kind::damaged,
                   std::string(where).append(" cannot be used: ").append(why).append("."));
}

void check_format(const std::string& where, const std::string& format) {
  int version = 0;
  const char* last = format.data() + format.size();
  if (!format.starts_with(format_family) ||
      std::from_chars(format.data() + format_family.size(), last, version).ptr != last)
    refuse(where, "its format is unknown: \"" + format + "\"");
  if (version != format_version)
    refuse_version(where, version > format_version);
}

void require_text(const std::string& where, const Json& json, const char* member, const char* value) {
  if (const auto text = json.at(member).get<std::string>(); text != value)
    refuse(where, std::string("its \"")
                      .append(member)
                      .append("\" is \"")
                      .append(text)
                      .append("\", and this program knows \"")
                      .append(value)
                      .append("\""));
}

Features features(const std::string& where, const Json& json) {
  Features result{};
  if (!json.is_array() || json.size() != result.size())
    refuse(where, "a descriptor in it is not 128 numbers");
  for (std::size_t i = 0; i < result.size(); ++i)
    result.at(i) = json.at(i).get<float>();
  return result;
}

std::vector<Tensor> shapes(const std::string& where, const Json& json) {
  std::vector<Tensor> result;
  if (json.size() > most_tensors)
    refuse(where, "it has more tensors than any network");
  for (const Json& tensor : json) {
    result.push_back({tensor.at("name").get<std::string>(), {}, {}});
    const Json& shape = tensor.at("shape");
    if (!shape.is_array() || shape.empty() || shape.size() > most_dimensions)
      refuse(where, "its tensor " + result.back().name + " has no shape");
    std::size_t values = 1;
    for (const Json& side : shape) {
      // checked before the conversion: of a number out of range it is undefined
      const auto n = side.is_number_unsigned() ? side.get<std::uint64_t>() : 0;
      if (n < 1 || n > longest_side || (values *= n) > std::size_t{1} << 30U)
        refuse(where, "its tensor " + result.back().name + " is larger than any network's");
      result.back().shape.push_back(static_cast<std::size_t>(n));
    }
  }
  return result;
}

ModelFile model_of(const std::string& where, const Json& json) {
  check_format(where, json.at("format").get<std::string>());
  ModelFile model;
  const auto name = json.at("network").get<std::string>();
  const auto known = network(name);
  if (!known)
    refuse(where, "its network is unknown: \"" + name + "\"; update this program, or train the model again");
  model.network = *known;
  if (json.at("size") != model.network.size)
    refuse(where, "its size is not that of the network " + name);
  require_text(where, json.at("alignment"), "kind", alignment_kind);
  require_text(where, json, "color", color_order);
  require_text(where, json, "input", value_range);
  model.alignment = {json.at("alignment").at("coverage").get<double>(),
                     json.at("alignment").at("padding").get<double>()};
  const auto direction = json.at("direction").get<std::string>();
  if (direction != one_way && direction != both_ways)
    refuse(where, "its direction is unknown: \"" + direction + "\"");
  model.direction = direction == both_ways ? Direction::both : Direction::subject_to_target;
  model.subject = features(where, json.at("subject").at("descriptor"));
  const Json& target = json.at("target");
  model.target = {features(where, target.at("descriptor")), target.at("name").get<std::string>(),
                  target.at("status").get<std::string>()};
  const Json& training = json.at("training");
  if (!training.is_object())
    refuse(where, "its training report is no JSON object");
  model.training = training.dump();
  model.tensors = shapes(where, json.at("tensors"));
  return model;
}

} // namespace

void refuse_version(const std::string& where, bool newer) {
  if (newer)
    refuse(where, "a newer version wrote it; update this program");
  refuse(where, "an older version wrote it; train it again, or export it again with deid train");
}

ModelFile read_header(const std::string& where, std::string_view text) {
  try {
    const Json json = Json::parse(text);
    return model_of(where, json);
  } catch (const nlohmann::json::exception&) {
    refuse(where, "its header is damaged; copy it again");
  }
}

std::string write_header(const ModelFile& model) {
  try {
    Json json{{"format", std::string(format_family).append(std::to_string(format_version))},
              {"network", model.network.name},
              {"size", model.network.size},
              {"alignment",
               {{"kind", alignment_kind},
                {"coverage", model.alignment.coverage},
                {"padding", model.alignment.padding}}},
              {"color", color_order},
              {"input", value_range},
              {"direction", model.direction == Direction::both ? both_ways : one_way},
              {"subject", {{"descriptor", model.subject}}},
              {"target",
               {{"descriptor", model.target.descriptor},
                {"name", model.target.name},
                {"status", model.target.status}}},
              {"training", Json::parse(model.training)}};
    if (!json["training"].is_object())
      refuse("The model", "its training report is no JSON object");
    Json& list = json["tensors"] = Json::array();
    for (const Tensor& tensor : model.tensors)
      list.push_back({{"name", tensor.name}, {"shape", tensor.shape}});
    return json.dump();
  } catch (const nlohmann::json::exception&) {
    refuse("The model", "its training report is no JSON, or a text in it is not UTF-8");
  }
}

} // namespace deid::models::autoencoder
