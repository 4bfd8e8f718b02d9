#pragma once
#include "pipelines/deid/review/server/serve.hpp"

namespace deid::review::page {

/// Lists the results of a folder with their originals. originals: the folder that `deid run` took them from;
/// empty: only originals that a review names are known. An original has the result's relative path, also
/// where `deid run` appended an extension. A video whose original is not known has an empty name of it.
/// Throws UserError: there is no result, or the folder cannot be read.
std::vector<ServedVideo> videos_in(const std::filesystem::path& originals,
                                   const std::filesystem::path& results);

} // namespace deid::review::page
