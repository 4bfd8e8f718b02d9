#pragma once
#include "pipelines/deid/archive/overview.hpp"
#include "pipelines/deid/run/options.hpp"
#include <optional>
#include <string>

namespace deid::cli {

/// How fast one task is, and where the figure comes from.
struct Speed {
  double fps = 0;
  std::string origin{}; ///< half a sentence
  bool assumed = false;
};

/// Returns the speed of a task with so many processors. Priority: what the user says, then the results of
/// this method in the records, then an assumption.
Speed speed_of(const std::optional<double>& said, const archive::Overview& overview, Method method, int cpus);

/// Memory that a run needs for pictures of this size, with a reserve [MB].
int megabytes_for(Method method, int width, int height);

} // namespace deid::cli
