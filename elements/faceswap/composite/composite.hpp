#pragma once
#include "elements/faceswap/target/target.hpp"
#include <span>

namespace deid::faceswap {

/// One portrait and how much of it a composite takes. Weights of each kind are divided by their sum; negative
/// ones lead away from that sitter.
struct WeightedPortrait {
  cv::Mat rgb{};                        ///< CV_8UC3
  std::vector<cv::Point3f> landmarks{}; ///< 468 points of the face mesh [px of rgb]
  double shape = 1;                     ///< where things are [-2..2]
  double texture = 1;                   ///< what the skin looks like [-2..2]
  double tone = 1;                      ///< how light the skin is and of which colour [-2..2]
  bool glasses = false; ///< nothing is taken from around the eyes, where glasses would leave a ghost
  bool fringe = false;  ///< nothing is taken from above the brows: hair or a hat lies there that is of the
                        ///< colour of skin (what is not is found and left out anyway)
};

/// What is done beyond the mean.
struct CompositeOptions {
  double sharpen = .5; ///< of the unsharp mask that makes up for averaging [0..2]
};

/// A composite that is nobody: mean shape and mean texture of the sitters and of their mirror images (so it
/// is symmetric), the mouth closed and without a smile, on plain grey. After the idea of Galton's composite
/// portraits and of k-same (Newton et al. 2005). The face is 256 px high. Name, status and descriptor are
/// left empty. Throws TargetError: nobody, a portrait or landmarks that cannot be used, weights that are not
/// finite, out of range or sum to less than .1. Threads: any.
Target composite(std::span<const WeightedPortrait> sitters, const CompositeOptions& options = {});

/// The same composite with its landmarks where the mesh network sees them on the finished picture; symmetric,
/// lips closed. A mean of shapes is not where the network sees the features of the mean picture (its chin,
/// for one, appears several per cent of the eyes' distance higher), and what is drawn by landmarks is later
/// looked for by landmarks. seen: 468 [px of the picture]. Throws TargetError when they are no landmarks or
/// more than a tenth of the face away from those of the composite.
Target as_seen(Target composite, std::span<const cv::Point3f> seen);

/// One photo as it is, cut so that the face is 256 px high. Throws TargetError as above.
Target from_photo(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks);

} // namespace deid::faceswap
