#include "models/training/trainer/export.hpp"
#include <map>

namespace deid::training {

using nlohmann::json;
namespace ae = models::autoencoder;

namespace {

json side_report(const FaceSet& set) {
  return set.report.empty() ? json::object() : json::parse(set.report);
}

} // namespace

ae::ModelFile exported(Trainer& trainer, const Recipe& recipe, const FaceSet& subject, const FaceSet& target,
                       const State& state, bool keep_both) {
  ae::ModelFile file;
  file.network = ae::network(recipe.network).value();
  file.direction = keep_both ? ae::Direction::both : ae::Direction::subject_to_target;
  file.subject = subject.mean;
  file.target.descriptor = target.mean;
  file.training = json{{"recipe", as_json(recipe)},       {"steps", state.step},
                       {"seconds", state.seconds},        {"curve", as_json(state.curve)},
                       {"subject", side_report(subject)}, {"target", side_report(target)}}
                      .dump();
  std::map<std::string, torch::Tensor> weights;
  for (const auto& item : trainer.network()->named_parameters())
    weights.emplace(item.key(), item.value().detach().contiguous());
  for (const ae::TensorSpec& spec : ae::tensors(file.network, file.direction)) {
    const torch::Tensor& weight = weights.at(spec.name);
    const auto* first = weight.data_ptr<float>();
    file.tensors.push_back({spec.name, spec.shape, {first, first + weight.numel()}});
  }
  return file;
}

} // namespace deid::training
