#pragma once
#include "models/tfjs/tfjs.hpp"
#include <memory>

namespace ov {
class Model;
}

namespace deid::models {

/// Builds MoveNet's layers up to its four maps for the engine. The graph's search for one person behind them
/// is left out. Input: 1 x 3 x H x W, RGB [-1,1], H and W multiples of 32 (any size by reshaping). Outputs, 1
/// x C x H/4 x W/4: heat of 17 body points [0..1]; heat of people's centres [0..1]; 17 offsets (down, across)
/// from a centre to a point; 17 offsets from a cell to the point in it. Offsets are in cells. Throws
/// std::exception when the graph is another one.
[[nodiscard]] std::shared_ptr<ov::Model> build_movenet(const TfjsGraph& graph);

} // namespace deid::models
