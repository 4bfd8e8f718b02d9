#pragma once
#include "elements/volume/volume.hpp"
#include <nlohmann/json.hpp>
#include <string>

/// A page that shows a changed scan.
namespace deid::cli {

/// One HTML page without anything from elsewhere: a slider turns the head, slices stand below it, figures at
/// the end. before: shown beside it when not nullptr; THEN THE PAGE SHOWS THE PERSON, and says so. Throws
/// RenderError when there is no head.
[[nodiscard]] std::string page_of(const nlohmann::ordered_json& figures, const volume::Volume& after,
                                  const volume::Volume* before);

} // namespace deid::cli
