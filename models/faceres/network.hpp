#pragma once
#include "models/tfjs/tfjs.hpp"
#include <memory>

namespace ov {
class Model;
}

namespace deid::models {

/// Builds FaceRes's layers up to its features for the engine. Age and sex behind them are left out. Input: 1
/// x 3 x 224 x 224, B, G, R minus the mean colour. Output: 1 x 1024. Throws std::exception when the graph is
/// another one.
[[nodiscard]] std::shared_ptr<ov::Model> build_faceres(const TfjsGraph& graph);

} // namespace deid::models
