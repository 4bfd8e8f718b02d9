#pragma once
#include "models/movenet/tfjs.hpp"
#include <memory>

namespace ov {
class Model;
}

namespace deid::models {

/// MoveNet's layers up to its four maps, for the engine; the search for one person behind them is left out.
/// Input: 1 x 3 x H x W, RGB [-1,1], H and W multiples of 32 (any: reshape). Outputs, 1 x C x H/4 x W/4: heat
/// of 17 body points [0..1]; heat of people's middles [0..1]; 17 steps (down, across) from a middle to a
/// point; 17 steps from a cell to the point in it. Steps are in cells. Throws std::exception when the graph
/// is another one.
[[nodiscard]] std::shared_ptr<ov::Model> build_movenet(const TfjsGraph& graph);

} // namespace deid::models
