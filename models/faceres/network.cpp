#include "models/faceres/network.hpp"
#include "models/faceres/faceres.hpp"
#include "models/tfjs/builder.hpp"

namespace deid::models {

std::shared_ptr<ov::Model> build_faceres(const TfjsGraph& graph) {
  TfjsBuilder builder(graph, "input_1", {1, 3, FaceRes::crop_size, FaceRes::crop_size});
  return builder.model({builder.node("global_pooling/Mean"), builder.node("gender_pred/Sigmoid"),
                        builder.node("age_pred/Softmax")},
                       "faceres");
}

} // namespace deid::models
