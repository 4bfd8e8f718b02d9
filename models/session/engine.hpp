#pragma once
#include <openvino/openvino.hpp>
#include <string>

namespace deid::models {

/// The process has one engine; it owns the plugins and the thread pools. It is never destroyed: a streaming
/// thread may still run inference during the process's exit handlers. Thread: any.
ov::Core& engine();

/// Returns the engine's message on one line, in brackets after a space, for the end of an error message.
std::string cause(const std::exception& error);

} // namespace deid::models
