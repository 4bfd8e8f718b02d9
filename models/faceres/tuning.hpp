#pragma once
#include <array>

/// The numbers of FaceRes. Each row says: the unit in brackets; the meaning; the material it was measured on,
/// or where it comes from; the effect of another value.
namespace deid::models::faceres_tuning {

/// [0..255] Mean colour of the pictures that the network was trained on, B, G, R: Keras's "caffe" mean, which
/// the authors of the network subtract. Measured on the pairs of docs/models.md: without it (RGB 0..255, as
/// the package's own program does) the equal error rate is 1.1 % instead of .04 %.
constexpr std::array<float, 3> mean_bgr{103.939F, 116.779F, 123.68F};
/// [longer sides of the mesh's box] Side of the crop. Measured on the same pairs: equal error rate .9 % at 1,
/// .04 % at 1.2, .03 % at 1.3, .07 % at 1.4. Wider: more of hair and background counts. Without level eyes it
/// is 2 %.
constexpr float side = 1.2F;

} // namespace deid::models::faceres_tuning
