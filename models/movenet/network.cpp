#include "models/movenet/network.hpp"
#include "models/tfjs/builder.hpp"

namespace deid::models {

std::shared_ptr<ov::Model> build_movenet(const TfjsGraph& graph) {
  const std::string within = "StatefulPartitionedCall/";
  TfjsBuilder builder(graph, within + "sub_1", {1, 3, -1, -1}); // the picture, scaled to [-1,1]
  return builder.model({builder.node(within + "Sigmoid"), builder.node(within + "Sigmoid_1"),
                        builder.node(within + "kpt_regress_0/conv2d_6/BiasAdd"),
                        builder.node(within + "kpt_offset_0/conv2d_7/BiasAdd")},
                       "movenet");
}

} // namespace deid::models
