#include "models/session/device.hpp"
#include "models/session/engine.hpp"
#include "models/session/session.hpp"
#include <algorithm>
#include <cctype>
#include <cmath>

namespace deid::models {
namespace {

constexpr float most_difference = 1e-3F; ///< share of the greatest reference value

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string list_of(const std::vector<DeviceFound>& found) {
  std::string text;
  for (const DeviceFound& device : found)
    text += (text.empty() ? "" : ", ") + device.name + " (" + device.model + ")";
  return text;
}

/// Returns all outputs of one inference on values that look like noise in 0..most. Numbers of the shape that
/// may change are 64.
std::vector<std::vector<float>> outputs_for_noise(ov::InferRequest& request, const ov::PartialShape& layout,
                                                  float most) {
  ov::Shape shape;
  for (const ov::Dimension& dim : layout)
    shape.push_back(dim.is_dynamic() ? 64 : static_cast<std::size_t>(dim.get_length()));
  ov::Tensor input(ov::element::f32, shape);
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < input.get_size(); ++i) {
    state = state * 1664525U + 1013904223U;
    input.data<float>()[i] = most * static_cast<float>(state >> 8U) / static_cast<float>(1U << 24U);
  }
  request.set_input_tensor(input);
  request.infer();
  std::vector<std::vector<float>> outputs;
  for (std::size_t i = 0; i < request.get_compiled_model().outputs().size(); ++i) {
    const ov::Tensor output = request.get_output_tensor(i);
    outputs.emplace_back(output.data<const float>(), output.data<const float>() + output.get_size());
  }
  return outputs;
}

} // namespace

std::vector<DeviceFound> devices() {
  try {
    std::vector<DeviceFound> found;
    for (const std::string& name : engine().get_available_devices()) {
      const DeviceFound device{name, engine().get_property(name, ov::device::full_name)};
      found.insert(name == processor_device ? found.begin() : found.end(), device);
    }
    return found;
  } catch (const std::exception& e) {
    throw ModelError(ModelError::Kind::engine, "The inference engine does not start." + cause(e));
  }
}

std::string device_named(std::string_view text) {
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (name == processor_device || name == automatic_device || name == "NPU" || name == "GPU" ||
      (name.starts_with("GPU.") && is_digits(std::string_view(name).substr(4))))
    return name;
  throw ModelError(ModelError::Kind::engine, "There is no device \"" + std::string(text) +
                                                 "\"; use CPU, GPU, GPU.0, GPU.1, NPU or AUTO.");
}

bool results_agree(std::span<const float> values, std::span<const float> reference) {
  if (values.size() != reference.size())
    return false;
  float greatest = 0;
  for (const float value : reference)
    greatest = std::max(greatest, std::abs(value));
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!(std::abs(values[i] - reference[i]) <= most_difference * greatest)) // false for NaN, too
      return false;
  return true;
}

bool networks_agree(ov::CompiledModel& other, ov::CompiledModel& processor) {
  ov::InferRequest one = other.create_infer_request(), reference = processor.create_infer_request();
  const ov::PartialShape layout = processor.input().get_partial_shape();
  for (const float most : {1.F, 255.F}) {
    const auto values = outputs_for_noise(one, layout, most);
    const auto expected = outputs_for_noise(reference, layout, most);
    if (!std::equal(values.begin(), values.end(), expected.begin(), expected.end(),
                    [](const auto& a, const auto& b) { return results_agree(a, b); }))
      return false;
  }
  return true;
}

std::string device_for(const std::string& wanted, const std::vector<DeviceFound>& found,
                       const DeviceTrial& trial) {
  if (wanted == processor_device)
    return wanted;
  if (wanted == automatic_device) {
    for (const DeviceFound& device : found)
      if (device.name != processor_device && !trial(device.name))
        return device.name;
    return processor_device;
  }
  const auto named = [&](const DeviceFound& d) {
    return d.name == wanted || (wanted == "GPU" && d.name.starts_with("GPU."));
  };
  if (std::none_of(found.begin(), found.end(), named))
    throw ModelError(ModelError::Kind::engine, "This machine has no device " + wanted +
                                                   " for inference. It has: " + list_of(found) + ".");
  if (const auto fault = trial(wanted))
    throw ModelError(ModelError::Kind::engine,
                     *fault + " Use another device. This machine has: " + list_of(found) + ".");
  return wanted;
}

} // namespace deid::models
