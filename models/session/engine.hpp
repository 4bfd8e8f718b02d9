#pragma once
#include <openvino/openvino.hpp>
#include <string>

namespace deid::models {

/// The process has one engine; it owns the plugins and the thread pools. It is never destroyed: a streaming
/// thread may still run inference during the process's exit handlers. Thread: any.
ov::Core& engine();

/// Returns the engine's message on one line, in brackets after a space, for the end of an error message.
std::string cause(const std::exception& error);

/// Whether each output of a network on another device agrees with the processor's (results_agree()), for
/// pixels of noise in 0..1 and in 0..255: networks take one or the other. Requires: one f32 input, f32
/// outputs. Throws ov::Exception when a device cannot run its network.
bool networks_agree(ov::CompiledModel& other, ov::CompiledModel& processor);

} // namespace deid::models
