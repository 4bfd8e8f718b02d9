#pragma once
#include "models/tfjs/tfjs.hpp"
#include <memory>

namespace ov {
class Model;
}

namespace deid::models {

/// Builds FaceRes's layers for the engine. Input: 1 x 3 x 224 x 224, B, G, R minus the mean colour. Outputs:
/// 1 x 1024 features, 1 x 1 the probability of a man, 1 x 100 the probability of each year of age. Throws
/// std::exception when the graph is another one.
[[nodiscard]] std::shared_ptr<ov::Model> build_faceres(const TfjsGraph& graph);

} // namespace deid::models
