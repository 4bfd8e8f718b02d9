#include "models/session/device.hpp"
#include "models/session/engine.hpp"
#include "models/session/session.hpp"
#include <cmath>
#include <gmock/gmock.h>
#include <map>
#include <openvino/opsets/opset8.hpp>

namespace deid::models {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::vector<DeviceFound> laptop{{"CPU", "a processor"}, {"GPU", "graphics"}, {"NPU", "a coprocessor"}};

/// Trials by device: a sentence, or nothing when the device is fine. Devices that are not named pass.
struct Trials {
  std::map<std::string, std::string> faults;
  std::vector<std::string> tried{};
  DeviceTrial trial() {
    return [this](const std::string& device) -> std::optional<std::string> {
      tried.push_back(device);
      const auto fault = faults.find(device);
      return fault == faults.end() ? std::nullopt : std::optional(fault->second);
    };
  }
};

std::string error_of(const std::string& wanted, const std::vector<DeviceFound>& found, Trials trials) {
  try {
    const std::string device = device_for(wanted, found, trials.trial());
    return "took " + device;
  } catch (const ModelError& error) {
    EXPECT_EQ(error.kind(), ModelError::Kind::engine);
    return error.what();
  }
}

TEST(Device, TheProcessorNeedsNoTrial) {
  Trials trials{{{"CPU", "never asked"}}};
  EXPECT_EQ(device_for("CPU", laptop, trials.trial()), "CPU");
  EXPECT_THAT(trials.tried, testing::IsEmpty());
}

TEST(Device, ANamedDeviceIsTakenWhenItPasses) {
  Trials trials{};
  EXPECT_EQ(device_for("GPU", laptop, trials.trial()), "GPU");
  EXPECT_THAT(trials.tried, testing::ElementsAre("GPU"));
  EXPECT_EQ(device_for("GPU", {{"CPU", "a"}, {"GPU.0", "b"}, {"GPU.1", "c"}}, trials.trial()), "GPU");
}

TEST(Device, AnAbsentDeviceIsAnErrorThatListsWhatIsThere) {
  EXPECT_THAT(error_of("NPU", {{"CPU", "a processor"}, {"GPU", "graphics"}}, {}),
              AllOf(HasSubstr("no device NPU"), HasSubstr("CPU (a processor), GPU (graphics)")));
  EXPECT_THAT(error_of("GPU.1", laptop, {}), HasSubstr("no device GPU.1"));
}

TEST(Device, ANamedDeviceWithOtherResultsIsAnError) {
  EXPECT_THAT(error_of("GPU", laptop, {{{"GPU", "Its results differ."}}}),
              AllOf(HasSubstr("Its results differ."), HasSubstr("CPU (a processor)")));
}

TEST(Device, AutoTakesTheFirstThatPassesAndFallsToTheProcessorAlone) {
  EXPECT_EQ(error_of("AUTO", laptop, {}), "took GPU");
  EXPECT_EQ(error_of("AUTO", laptop, {{{"GPU", "differs"}}}), "took NPU");
  EXPECT_EQ(error_of("AUTO", laptop, {{{"GPU", "differs"}, {"NPU", "differs"}}}), "took CPU");
  EXPECT_EQ(error_of("AUTO", {{"CPU", "a"}}, {}), "took CPU");
}

TEST(Device, ResultsAgreeOnlyWithinAThousandthOfTheGreatest) {
  const std::vector<float> reference{0, -10, 1};
  EXPECT_TRUE(results_agree(reference, reference));
  EXPECT_TRUE(results_agree(std::vector<float>{.009F, -10, 1}, reference));
  EXPECT_FALSE(results_agree(std::vector<float>{.011F, -10, 1}, reference));
  EXPECT_FALSE(results_agree(std::vector<float>{0, -10}, reference));
  EXPECT_FALSE(results_agree(std::vector<float>{std::nanf(""), -10, 1}, reference));
  EXPECT_FALSE(results_agree(std::vector<float>{0, -INFINITY, 1}, reference));
  EXPECT_FALSE(results_agree(reference, std::vector<float>{0, std::nanf(""), 1}));
}

/// Two outputs: the input, and `factor` times the input, which may have any size.
ov::CompiledModel two_outputs(float factor, const char* device) {
  namespace op = ov::opset8;
  const auto input = std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{1, 3, -1, -1});
  const auto by = [&](float number) {
    return std::make_shared<op::Multiply>(input, op::Constant::create(ov::element::f32, {1}, {number}));
  };
  const auto model =
      std::make_shared<ov::Model>(ov::OutputVector{by(1), by(factor)}, ov::ParameterVector{input});
  return engine().compile_model(model, device);
}

TEST(Device, NetworksAgreeOnlyWhenAllOutputsDo) {
  ov::CompiledModel processor = two_outputs(2, "CPU"), same = two_outputs(2, "HETERO:CPU"),
                    other = two_outputs(2.01F, "HETERO:CPU");
  EXPECT_TRUE(networks_agree(same, processor));
  EXPECT_FALSE(networks_agree(other, processor)) << "the second output alone differs";
}

TEST(Device, NamesAreTheEngines) {
  EXPECT_EQ(device_named("gpu.1"), "GPU.1");
  EXPECT_EQ(device_named("Auto"), "AUTO");
  for (const char* text : {"", "GPU.", "GPU.x", "TPU", "HETERO:CPU", "MULTI:CPU"})
    EXPECT_THROW((void)device_named(text), ModelError) << text;
}

TEST(Device, TheProcessorIsAlwaysFoundFirst) {
  const auto found = devices();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().name, "CPU");
  EXPECT_FALSE(found.front().model.empty());
}

} // namespace
} // namespace deid::models
