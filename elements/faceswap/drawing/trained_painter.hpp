#pragma once
#include "elements/faceswap/drawing/painter.hpp"
#include "models/autoencoder/alignment.hpp"

namespace deid::faceswap {

/// A trained network: an aligned RGB face in, CV_8UC3 of its size, one of the same kind out. A seam, so that
/// drawing can be tested without one.
using Convert = std::function<cv::Mat(const cv::Mat&)>;

/// With a network that was trained for this one person: the person's aligned face goes through it, and what
/// comes out, the target with the same expression, goes back to where it was cut, in the colours and the
/// light of the person's skin. Where nobody knows for certain where the features are, the face it drew last
/// goes on, and nothing when there is none.
class TrainedPainter final : public Painter {
public:
  TrainedPainter(Convert convert, int size, const models::autoencoder::Alignment& alignment);
  Painted paint(const PainterInput& input, const DrawOptions& options, Memory& memory) override;
  /// The network gives the target's features, and draws mouth and eyes itself.
  [[nodiscard]] bool moves_features() const override { return false; }
  [[nodiscard]] bool wants_own_parts() const override { return false; }

private:
  [[nodiscard]] cv::Mat recolored(const cv::Mat& person, const cv::Mat& face,
                                  const std::vector<cv::Point3f>& points, SkinMemory& memory) const;

  Convert convert_;
  int size_; ///< px
  models::autoencoder::Alignment alignment_;
};

} // namespace deid::faceswap
