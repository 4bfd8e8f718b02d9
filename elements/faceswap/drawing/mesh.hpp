#pragma once
#include "elements/faceswap/drawing/tuning.hpp"
#include "elements/faceswap/drawing/values.hpp"
#include <array>
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// Points of the face mesh that have a meaning (MediaPipe's numbering).
namespace part {
const std::vector<int>& oval();        ///< 36 points around the face, clockwise on screen from the forehead
const std::vector<int>& sorted_oval(); ///< the same, ascending
const std::vector<int>& inner_lips();  ///< 20 points around the opening of the mouth
const std::vector<int>& lips();        ///< both rims of both lips, 40 points
const std::vector<int>& right_brow();  ///< 10 points, the upper rim first, from the temple to the nose
const std::vector<int>& left_brow();   ///< 10 points, the upper rim first, from the nose to the temple
const std::vector<int>& right_eye();   ///< 16 points around the opening; the person's right
const std::vector<int>& left_eye();
const std::vector<int>& not_skin(); ///< eyes, lips, brows and the oval, whose colour is not that of skin
} // namespace part

/// Single points of the mesh.
namespace point {
constexpr int upper_lip = 13, lower_lip = 14; ///< inner edges, in the middle
constexpr int top = 10, chin = 152;           ///< the ends of the oval
constexpr int ear_right = 234, ear_left = 454;
constexpr int right_eye = 33, left_eye = 263;    ///< outer corners
constexpr int right_brow = 105, left_brow = 334; ///< the middles of the upper rims
constexpr int nose_bridge = 6;                   ///< between the eyes
} // namespace point

using tuning::forehead_reach;

constexpr int mesh_points = 468;
constexpr int forehead_points = 13;

/// Returns the mesh in px of the picture whose top left corner is at `at`. Throws std::invalid_argument when
/// a point is not finite.
Points on_picture(const Points& landmarks, cv::Point at);

/// Returns the mesh and 13 points above it, up to where hair begins on most heads: 481 points. reach: share
/// of the mesh's height. Throws std::invalid_argument on another number than 468 points.
Points with_forehead(const Points& landmarks, float reach);

/// Returns the places inside the mesh from which the 13 points get their skin, folded down from the upper
/// edge of the mesh. Above the mesh a picture may show hair, a hat or plain grey. Throws as with_forehead()
/// does.
std::vector<cv::Point2f> folded_forehead(const Points& landmarks, float reach);

/// Returns the Delaunay triangles of a frontal face. points: of with_forehead(). Lips that touch are parted
/// first. All triangles have one orientation: the cross product of the first two edges is > 0. Throws
/// std::invalid_argument when the points make no mesh.
std::vector<cv::Vec3i> triangulate(const Points& points);

/// An upper and a lower point of the inner lips, one above the other; from the person's right to the left.
struct LipPair {
  int upper, lower;
};
constexpr std::array<LipPair, 9> lip_pairs{
    {{191, 95}, {80, 88}, {81, 178}, {82, 87}, {13, 14}, {312, 317}, {311, 402}, {310, 318}, {415, 324}}};

/// Returns these points of a mesh.
std::vector<cv::Point2f> pick(const Points& points, const std::vector<int>& which);

} // namespace deid::faceswap
