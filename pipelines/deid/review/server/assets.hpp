#pragma once
#include <string_view>

namespace deid::review::page {

/// A file of the page. It is compiled in.
struct Asset {
  std::string_view type{};    ///< MIME type
  std::string_view content{}; ///< empty: there is no such file
};

/// The file of this name: "index.html", "main.js".
Asset asset(std::string_view name);

} // namespace deid::review::page
