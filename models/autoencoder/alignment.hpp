#pragma once
#include <array>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

namespace deid::models::autoencoder {

/// How a face is cut out: by the similarity that brings 51 of its points nearest to a mean face's, which
/// fills a unit square from the outer ends of the brows to the lower lip (deepfakes/faceswap's "legacy"
/// centring).
struct Alignment {
  double coverage = 1; ///< ]0..1] of the extract that is used
  double padding =
      0.375; ///< of the extract, left and right (and above and below) together, around the square
  bool operator==(const Alignment&) const = default;
};

/// Side of the crop in sides of the mean face's square: 1.6 as the defaults are, which holds the whole oval
/// of the mesh and some forehead. Throws std::invalid_argument unless 0 < coverage <= 1 and 0 <= padding < 1.
double crop_side(const Alignment& alignment);

/// The points 17..67 of the iBUG order, as points of the 468-point mesh: brows (the person's right, left),
/// ridge of the nose from above, nostrils, right eye, left eye, outer mouth, inner mouth.
constexpr std::array<int, 51> ibug_points{
    70,  63,  105, 66,  107,      // right brow, from the temple
    336, 296, 334, 293, 300,      // left brow, to the temple
    168, 197, 5,   4,             // ridge of the nose
    75,  97,  2,   326, 305,      // below the nose
    33,  160, 158, 133, 153, 144, // right eye, from its outer corner over the upper lid
    362, 385, 387, 263, 373, 380, // left eye, from its inner corner over the upper lid
    61,  39,  37,  0,   267, 269, 291, 321, 314, 17, 84, 91, // outer mouth, over the upper lip
    78,  82,  13,  312, 308, 317, 14,  87};                  // inner mouth, over the upper lip

/// The mean face's 51 points in the unit square, x to the right, y down.
const std::array<cv::Point2d, 51>& mean_face();

/// The crop of one face: its matrix takes a pixel of the crop (size x size px) to the picture, as
/// models::crop_image and video::crop_rgb want it (outside the picture black, in training as in use); pixel
/// centres at integer + .5 on both sides. Least squares
/// with scale and without reflection (Umeyama 1991). landmarks: 468 or more of the face mesh, px of the
/// picture. Throws std::invalid_argument on fewer, on some of the 51 that are not finite or all in one place,
/// on a size below 1 px, and as crop_side().
cv::Matx23f aligned(std::span<const cv::Point3f> landmarks, int size, const Alignment& alignment = {});
/// The same with the usual padding.
cv::Matx23f aligned(std::span<const cv::Point3f> landmarks, int size, double coverage);

/// The landmarks in px of the crop. Throws std::invalid_argument when the matrix cannot be turned round.
std::vector<cv::Point2f> in_crop(std::span<const cv::Point3f> landmarks, const cv::Matx23f& crop_to_picture);

/// How far the 51 points lie from the mean face's after alignment, mean, in sides of its square: about .02 to
/// .05 of a face from in front; large where a mesh is no face's. Throws as aligned().
double misfit(std::span<const cv::Point3f> landmarks);

/// What is face: the oval of the mesh, and above the brows at least half the way from eye to brow again (as
/// the "extended" mask has it). CV_8UC1, size x size, 255 inside, else 0. points: 468 or more, px of the
/// crop; throws std::invalid_argument on fewer.
cv::Mat face_mask(std::span<const cv::Point2f> points, int size);

} // namespace deid::models::autoencoder
