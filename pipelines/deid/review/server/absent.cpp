#include "pipelines/deid/review/server/serve.hpp"

namespace deid::review::page {

void serve(const std::vector<ServedVideo>&, const ServeOptions&) {
  throw UserError("This deid was built without the page of deid review. Install libcpp-httplib-dev "
                  "(./meson-free-scripts/setup), then build again.");
}

} // namespace deid::review::page
