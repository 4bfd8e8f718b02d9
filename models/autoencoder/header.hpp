#pragma once
#include "models/autoencoder/file.hpp"

namespace deid::models::autoencoder {

/// Reads the JSON at the front of a model file. The tensors have name and shape, but no values; none is
/// larger than a network can have. Throws ModelError(damaged), one sentence that begins with `where`: no
/// JSON, a format of another version, an unknown network or alignment, members that are missing or have
/// another type.
ModelFile read_header(const std::string& where, std::string_view json);

/// Writes that JSON. Throws ModelError(damaged) when the training report is no JSON object or a text is not
/// UTF-8.
std::string write_header(const ModelFile& model);

/// Throws ModelError: the file is of another version than this program's. `newer` says which of the two is
/// newer.
[[noreturn]] void refuse_version(const std::string& where, bool newer);

} // namespace deid::models::autoencoder
