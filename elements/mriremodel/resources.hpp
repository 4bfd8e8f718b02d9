#pragma once
#include "elements/mriremodel/remodel.hpp"
#include <filesystem>

/// What the element needs from the disk. Plain C++.
namespace deid::mriremodel {

/// Where Debian's package mricron-data puts the template.
inline constexpr const char* template_folder = "/usr/share/mricron/templates";

/// Loads the template (Colin27 and its brain), the population, and the recogniser. heads: a file of the
/// user's, or empty for the one that set-up made. Throws RemodelError when the template is missing or another
/// one, PeopleError, and models::ModelError.
[[nodiscard]] Resources load(const std::filesystem::path& templates, const std::filesystem::path& heads,
                             Method method);

} // namespace deid::mriremodel
