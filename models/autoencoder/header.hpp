#pragma once
#include "models/autoencoder/file.hpp"

namespace deid::models::autoencoder {

/// The JSON at the front of a model file. Tensors come back with name and shape, without values, and none
/// larger than a network could have. Throws ModelError (damaged), one sentence that begins with `where`: no
/// JSON, a format of another version, a network or an alignment nobody knows, members that are missing or of
/// another kind.
ModelFile read_header(const std::string& where, std::string_view json);

/// The same the other way round. Throws ModelError (damaged) when the training report is no JSON object or a
/// text is not UTF-8.
std::string write_header(const ModelFile& model);

/// One sentence for a file of another version than this program's.
[[noreturn]] void refuse_version(const std::string& where, bool newer);

} // namespace deid::models::autoencoder
