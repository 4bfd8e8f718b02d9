#pragma once
#include <functional>
#include <opencv2/core.hpp>
#include <vector>

/// The values that pass from stage to stage while one face is drawn. All pictures have the size of the
/// picture that is drawn on, unless a comment says "crop".
namespace deid::faceswap {

/// Points of one face: 468 of the mesh, or 481 with the forehead above it (see with_forehead()).
using Points = std::vector<cv::Point3f>;

/// Returns RGB (CV_8UC3) of this size, cut out of the whole frame; black outside. The matrix takes px of the
/// crop to px of the frame.
using CropFrame = std::function<cv::Mat(const cv::Matx23f&, cv::Size)>;

/// A trained network: takes an aligned RGB face (CV_8UC3 of the network's size) and returns one of the same
/// kind. A seam: tests need no network.
using Convert = std::function<cv::Mat(const cv::Mat&)>;

/// The place of a face on the picture, px.
struct Place {
  Points mesh{};   ///< 468
  Points points{}; ///< 481: the mesh and the forehead above it
};

/// Changes a colour c of the texture to gain * c + offset (R, G, B, levels). The offset is interpolated
/// between points.
struct Tint {
  cv::Matx33f gain = cv::Matx33f::eye();
  std::vector<cv::Vec3f> offset{}; ///< one for each point of the texture; empty: colours stay
};

/// Both faces on the crop of a network, and where the person's features are.
struct Converted {
  cv::Mat person{}, face{}; ///< CV_8UC3, crops: the person, and the target in the person's expression
  Points points{};          ///< 468, px of the crop
};

/// A drawn face, and where it was drawn.
struct Drawn {
  cv::Mat rgb{};   ///< CV_8UC3, valid where shown
  cv::Mat shown{}; ///< CV_8UC1, 255 or 0
};

/// The face of the target in the colours of the person, before it is blended. A painter may paint it smaller
/// than the picture that is drawn on, when the target has no finer detail.
struct Painted {
  cv::Mat rgb{};   ///< CV_8UC3, valid where shown
  cv::Mat shown{}; ///< CV_8UC1, 255 or 0; all 0: nothing was drawn, and the cover stays
  Points points{}; ///< 481: intended places of the features, px of the picture that is drawn on
};

/// A face to be laid over its covered region. rgb: CV_8UC3, with colours everywhere. alpha: CV_8UC1, 255 =
/// swap alone. Alpha is 255 on the face. It is less beyond the face, under a hand, and where something dark
/// or of another colour (hair, a beard, a mark) lies on the forehead or on the rim from the temples to the
/// jaw. It is never less between brows and lips, nor on the chin, unless a hand lies there.
struct Picture {
  cv::Mat rgb{}, alpha{};
};

} // namespace deid::faceswap
