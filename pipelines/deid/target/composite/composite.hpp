#pragma once
#include "elements/faceswap/target/target.hpp"
#include "pipelines/deid/target/composite/proportions.hpp"
#include <span>

namespace deid::composites {

using faceswap::Target;
using faceswap::TargetError;

/// One portrait and its weights in a composite. The weights of each kind are divided by their sum. A negative
/// weight leads away from that sitter.
struct WeightedPortrait {
  cv::Mat rgb{};                        ///< CV_8UC3
  std::vector<cv::Point3f> landmarks{}; ///< 468 points of the face mesh [px of rgb]
  double shape = 1;                     ///< weight of the places of the features, [-2..2]
  double texture = 1;                   ///< weight of the texture of the skin, [-2..2]
  /// Weight of the fine structure of the skin: folds, wrinkles and pores, [-2..2]. They show age. The
  /// composite has the fine structure of `texture` when nobody has a weight.
  double detail = 0;
  double tone = 1;      ///< weight of the lightness and colour of the skin, [-2..2]
  bool glasses = false; ///< the eye region is not used, where glasses would leave a ghost
  /// The area above the brows is not used, because hair or a hat there has the colour of skin. Other hair is
  /// always found and left out.
  bool fringe = false;
};

/// Settings beyond the weights.
struct CompositeOptions {
  double sharpen = .5; ///< strength of the unsharp mask that compensates for averaging, [0..2]
  std::vector<Proportion> proportions{}; ///< by which the mean shape is changed
};

/// Returns a composite face that shows no existing person: the mean shape and the mean texture of the sitters
/// and their mirror images, so the face is symmetric. The mouth is closed and without a smile; the background
/// is plain grey. The idea is that of Galton's composite portraits and of k-same (Newton et al. 2005). The
/// face is 256 px high. Name, status and descriptor stay empty. Throws TargetError: there is no sitter, a
/// portrait or its landmarks cannot be used, or weights are not finite, out of range or sum to less than .1.
/// Thread: any.
Target composite(std::span<const WeightedPortrait> sitters, const CompositeOptions& options = {});

/// Returns the composite with the landmarks that the mesh network finds on its picture, made symmetric, with
/// closed lips. The network does not find them where the mean of the shapes puts the features: it finds the
/// chin, for example, several per cent of the eyes' distance higher. Drawing needs the landmarks that the
/// network finds. seen: 468, px of the picture. Throws TargetError when they are no landmarks, or more
/// than a tenth of the face away from those of the composite.
Target as_seen(Target composite, std::span<const cv::Point3f> seen);

/// Returns one photo, scaled and cropped so that the face is 256 px high. Throws TargetError as composite()
/// does.
Target from_photo(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks);

} // namespace deid::composites
