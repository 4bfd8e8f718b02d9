#pragma once
#include "pipelines/deid/review/session.hpp"
#include <functional>
#include <string>
#include <vector>

namespace deid::review::page {

/// One video that is offered for review.
struct ServedVideo {
  std::string name{}; ///< tells the videos of a batch apart
  Files files{};
};

struct ServeOptions {
  bool no_original = false;     ///< no picture of the original is ever given
  bool browser = true;          ///< opens the page in the user's browser; the address is printed in any case
  std::function<Json()> list{}; ///< of a batch: [{name, state, moments_left, locked_by}]
};

/// Serves the page of a review until Ctrl-C. Prints the address. Throws UserError: no port is free, or `deid`
/// was built without the page.
void serve(const std::vector<ServedVideo>& videos, const ServeOptions& options);

} // namespace deid::review::page
