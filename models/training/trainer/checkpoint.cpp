#include "models/training/trainer/checkpoint.hpp"

namespace deid::training {

using nlohmann::json;

namespace {

constexpr const char* magic = "DEIDCP01";
constexpr std::uint32_t longest_header = 64U << 20U; // bytes

/// Writes the values in the order of the tensor's dimensions, whatever its memory order.
void put(DurableWriter& out, const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.detach().contiguous();
  out.write(std::as_bytes(std::span(plain.data_ptr<float>(), static_cast<std::size_t>(plain.numel()))));
}

torch::Tensor get(CheckedReader& in, const torch::Tensor& like) {
  torch::Tensor plain = torch::empty(like.sizes());
  in.read(
      std::as_writable_bytes(std::span(plain.data_ptr<float>(), static_cast<std::size_t>(plain.numel()))));
  if (!torch::isfinite(plain).all().item<bool>())
    in.damaged("a weight is no number");
  return plain;
}

json read_header(CheckedReader& in) {
  if (in.left() < 12 || in.text(8) != magic)
    in.damaged("it is no checkpoint of this version");
  const auto length = in.get<std::uint32_t>();
  if (length > longest_header)
    in.damaged("its header is too long");
  const std::string text = in.text(length);
  try {
    return json::parse(text);
  } catch (const json::exception& e) {
    in.damaged(std::string("its header cannot be read: ") + e.what());
  }
}

json tensors_of(const std::vector<Adam::State>& states) {
  json out = json::array();
  for (const Adam::State& state : states)
    out.push_back({{"name", state.name}, {"shape", state.weight.sizes().vec()}});
  return out;
}

State state_of(const json& header) {
  const json& at = header.at("state");
  State state{
      at.at("step").get<std::int64_t>(), at.at("seconds").get<double>(), at.at("split").get<bool>(), {}};
  for (const json& one : header.at("curve"))
    state.curve.push_back({one.at("step").get<std::int64_t>(), one.at("seconds").get<double>(),
                           one.at("subject").get<double>(), one.at("target").get<double>(),
                           one.at("held_subject").get<double>(), one.at("held_target").get<double>()});
  return state;
}

} // namespace

json as_json(const Recipe& r) {
  return {{"network", r.network},
          {"batch", r.batch},
          {"rate", r.rate},
          {"beta1", r.beta1},
          {"beta2", r.beta2},
          {"epsilon", r.epsilon},
          {"structure", r.structure},
          {"clip", r.clip},
          {"warm_up", r.warm_up},
          {"one_decoder", r.one_decoder},
          {"plain", r.plain},
          {"decay", r.decay},
          {"precision", r.bf16 ? "bf16" : "f32"},
          {"seed", r.seed}};
}

json as_json(const std::vector<Measure>& curve) {
  json out = json::array();
  for (const Measure& m : curve)
    out.push_back({{"step", m.step},
                   {"seconds", m.seconds},
                   {"subject", m.subject},
                   {"target", m.target},
                   {"held_subject", m.held_subject},
                   {"held_target", m.held_target}});
  return out;
}

void write_checkpoint(const std::filesystem::path& file, const Recipe& recipe, const Belongs& belongs,
                      const State& state, Adam& adam) {
  json steps = json::array();
  for (const Adam::State& one : adam.states())
    steps.push_back(one.steps);
  const std::string header =
      json{{"format", "deid-checkpoint-1"},
           {"recipe", as_json(recipe)},
           {"faces", belongs.faces},
           {"state", {{"step", state.step}, {"seconds", state.seconds}, {"split", state.split}}},
           {"curve", as_json(state.curve)},
           {"adam_steps", steps},
           {"tensors", tensors_of(adam.states())}}
          .dump();
  DurableWriter out(file);
  out.write(std::string(magic));
  out.put(static_cast<std::uint32_t>(header.size()));
  out.write(header);
  for (const Adam::State& one : adam.states())
    for (const torch::Tensor* tensor : {&one.weight, &one.mean, &one.square})
      put(out, *tensor);
  out.commit();
}

State read_checkpoint(const std::filesystem::path& file, const Recipe& recipe, const Belongs& belongs,
                      Adam& adam) {
  CheckedReader in(file);
  const json header = read_header(in);
  State state;
  std::vector<std::int64_t> steps;
  try {
    if (header.at("recipe").at("network") != recipe.network ||
        header.at("tensors") != tensors_of(adam.states()))
      throw FileError(file.string() + " is of the network " +
                      header.at("recipe").at("network").get<std::string>() + ", not of " + recipe.network +
                      ": give that network, or start again with --restart.");
    if (header.at("faces").get<std::string>() != belongs.faces)
      throw FileError(file.string() +
                      " was made with other clips: give the same clips, or start again with --restart.");
    state = state_of(header);
    steps = header.at("adam_steps").get<std::vector<std::int64_t>>();
  } catch (const json::exception& e) {
    in.damaged(std::string("its header cannot be read: ") + e.what());
  }
  if (steps.size() != adam.states().size())
    in.damaged("it has too few weights");
  std::vector<torch::Tensor> read;
  for (const Adam::State& one : adam.states())
    for (int k = 0; k < 3; ++k)
      read.push_back(get(in, one.weight));
  in.finish();
  torch::NoGradGuard fixed;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Adam::State& one = adam.states()[i];
    one.weight.copy_(read[3 * i]);
    one.mean.copy_(read[3 * i + 1]);
    one.square.copy_(read[3 * i + 2]);
    one.steps = steps[i];
  }
  return state;
}

Recipe recipe_of(const std::filesystem::path& file) {
  CheckedReader in(file);
  const json header = read_header(in);
  try {
    const json& r = header.at("recipe");
    Recipe recipe = recipe_for(r.at("network").get<std::string>());
    recipe.batch = r.at("batch").get<int>();
    recipe.rate = r.at("rate").get<double>();
    recipe.beta1 = r.at("beta1").get<double>();
    recipe.beta2 = r.at("beta2").get<double>();
    recipe.epsilon = r.at("epsilon").get<double>();
    recipe.structure = r.at("structure").get<double>();
    recipe.clip = r.at("clip").get<double>();
    recipe.warm_up = r.at("warm_up").get<double>();
    recipe.one_decoder = r.at("one_decoder").get<double>();
    recipe.plain = r.at("plain").get<double>();
    recipe.decay = r.at("decay").get<double>();
    recipe.bf16 = r.at("precision").get<std::string>() == "bf16";
    recipe.seed = r.at("seed").get<std::uint64_t>();
    return recipe;
  } catch (const json::exception& e) {
    in.damaged(std::string("its header cannot be read: ") + e.what());
  } catch (const std::invalid_argument& e) {
    in.damaged(e.what());
  }
}

} // namespace deid::training
