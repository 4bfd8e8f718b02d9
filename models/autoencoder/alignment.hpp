#pragma once
#include <array>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

namespace deid::models::autoencoder {

/// How a face is cut out. A similarity fits 51 of its points to those of a mean face by least squares. The
/// mean face fills a unit square from the outer ends of the brows to the lower lip (deepfakes/faceswap's
/// "legacy" centring).
struct Alignment {
  double coverage = 1; ///< share of the extract that is used, ]0..1]
  double padding =
      0.375; ///< share of the extract's side that lies outside the square, both sides together, [0..1[
  bool operator==(const Alignment&) const = default;
};

/// Returns the crop's side in sides of the mean face's square. With the defaults it is 1.6: the crop then
/// holds the whole oval of the mesh and some forehead. Throws std::invalid_argument unless 0 < coverage <= 1
/// and 0 <= padding < 1.
double crop_side(const Alignment& alignment);

/// The points 17..67 in iBUG's order, as indices into the 468-point mesh: right brow and left brow (the
/// person's), ridge of the nose from above, nostrils, right eye, left eye, outer mouth, inner mouth.
constexpr std::array<int, 51> ibug_points{
    70,  63,  105, 66,  107,      // right brow, from the temple
    336, 296, 334, 293, 300,      // left brow, to the temple
    168, 197, 5,   4,             // ridge of the nose
    75,  97,  2,   326, 305,      // below the nose
    33,  160, 158, 133, 153, 144, // right eye, from its outer corner over the upper lid
    362, 385, 387, 263, 373, 380, // left eye, from its inner corner over the upper lid
    61,  39,  37,  0,   267, 269, 291, 321, 314, 17, 84, 91, // outer mouth, over the upper lip
    78,  82,  13,  312, 308, 317, 14,  87};                  // inner mouth, over the upper lip

/// The mean face's 51 points in the unit square; x to the right, y down.
const std::array<cv::Point2d, 51>& mean_face();

/// Returns the matrix from a pixel of the crop (size x size px) to the picture, for models::crop_image and
/// video::crop_rgb. Outside the picture the crop is black, in training and in use. Pixel centres lie at
/// integer + .5 on both sides. The fit is least squares with scale, without reflection (Umeyama 1991).
/// landmarks: 468 or more points of the face mesh, px of the picture. Throws std::invalid_argument on fewer
/// landmarks, when any of the 51 is not finite, when they are all in one place, on a size below 1 px, and as
/// crop_side().
cv::Matx23f aligned(std::span<const cv::Point3f> landmarks, int size, const Alignment& alignment = {});
/// The same with the default padding.
cv::Matx23f aligned(std::span<const cv::Point3f> landmarks, int size, double coverage);

/// Returns the landmarks in px of the crop. Throws std::invalid_argument when the matrix has no inverse.
std::vector<cv::Point2f> in_crop(std::span<const cv::Point3f> landmarks, const cv::Matx23f& crop_to_picture);

/// Returns the mean distance of the 51 aligned points from the mean face's, in sides of its square. A frontal
/// face has about .02 to .05; a mesh that lies on no face has much more. Throws as aligned().
double misfit(std::span<const cv::Point3f> landmarks);

/// Returns the mask of the face: the oval of the mesh, and above each brow half the distance from eye to brow
/// again (like the "extended" mask of deepfakes/faceswap). CV_8UC1, size x size; 255 inside, 0 outside.
/// points: 468 or more, px of the crop. Throws std::invalid_argument on fewer.
cv::Mat face_mask(std::span<const cv::Point2f> points, int size);

} // namespace deid::models::autoencoder
