#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deid::models {

/// The processor. Its results are the reference for every other device.
constexpr const char* processor_device = "CPU";
/// The first device whose results agree with the processor's, else the processor.
constexpr const char* automatic_device = "AUTO";

/// A device that the engine found on this machine.
struct DeviceFound {
  std::string name{};  ///< CPU, GPU, GPU.0, GPU.1, NPU
  std::string model{}; ///< the maker's name
};

/// Returns the devices of this machine, the processor first. Throws ModelError(engine). Thread: any.
[[nodiscard]] std::vector<DeviceFound> devices();

/// Returns `text` in capitals when it is CPU, GPU, GPU.N, NPU or AUTO. Throws ModelError(engine) on another
/// text.
[[nodiscard]] std::string device_named(std::string_view text);

/// Whether all values are numbers and no difference is greater than a thousandth of the greatest reference
/// value.
[[nodiscard]] bool results_agree(std::span<const float> values, std::span<const float> reference);

/// Tries a device other than the processor. Returns nothing when its results agree with the processor's, and
/// otherwise a sentence that says why it cannot be used.
using DeviceTrial = std::function<std::optional<std::string>(const std::string& device)>;

/// Returns the device to use. wanted: of device_named(). A named device that is absent or fails its trial is
/// an error: throws ModelError(engine) with the list of devices. AUTO takes the first device that passes its
/// trial, else the processor. The processor needs no trial.
[[nodiscard]] std::string device_for(const std::string& wanted, const std::vector<DeviceFound>& found,
                                     const DeviceTrial& trial);

} // namespace deid::models
