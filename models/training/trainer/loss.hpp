#pragma once
#include <torch/torch.h>

namespace deid::training {

/// Weighted mean absolute difference, plus `structure` times that of the differences between neighbouring
/// pixels, down and across (Mathieu et al. 2016). The second term keeps edges and costs a thirtieth of SSIM.
/// answer, target: N x 3 x S x S [0..1]. weight: N x 1 x S x S, not negative, not all 0. Returns a scalar,
/// f32.
torch::Tensor face_loss(const torch::Tensor& answer, const torch::Tensor& target, const torch::Tensor& weight,
                        double structure);

} // namespace deid::training
