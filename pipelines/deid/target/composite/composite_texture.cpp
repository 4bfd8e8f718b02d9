#include "pipelines/deid/target/composite/composite_texture.hpp"
#include "pipelines/deid/target/composite/mesh_warp.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::composites {

namespace {

constexpr int width = composite_width, height = composite_height;
constexpr float ring = 1.4F; // sizes of the face; the surroundings follow the face this far
constexpr std::array<std::size_t, 36> oval{10,  338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288,
                                           397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
                                           172, 58,  132, 93,  234, 127, 162, 21,  54,  103, 67,  109};
constexpr std::array<std::size_t, 16> eye_rings[2]{
    {33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7},
    {263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249}};
constexpr std::array<std::size_t, 10> brow_rings[2]{{70, 63, 105, 66, 107, 55, 65, 52, 53, 46},
                                                    {300, 293, 334, 296, 336, 285, 295, 282, 283, 276}};
constexpr std::array<std::size_t, 20> lips{61,  185, 40,  39,  37,  0,  267, 269, 270, 409,
                                           291, 375, 321, 405, 314, 17, 84,  181, 91,  146};

/// Returns points that correspond in all pictures: the mesh, a ring around it, and the corners of the canvas.
/// canvas: the mesh on the canvas, which the corners follow.
std::vector<cv::Point2f> with_surroundings(const Face& face, const Face& canvas) {
  std::vector<cv::Point2f> points;
  for (const cv::Point3f& p : face)
    points.push_back(flat(p));
  const cv::Point2f middle = flat(center(face));
  for (const std::size_t i : oval)
    points.push_back(middle + ring * (flat(face[i]) - middle));
  double a = 0, b = 0, norm = 0; // similarity canvas -> face
  const cv::Point2f origin = flat(center(canvas));
  for (std::size_t i = 0; i < face.size(); ++i) {
    const cv::Point2f p = flat(canvas[i]) - origin, q = flat(face[i]) - middle;
    a += p.dot(q);
    b += p.cross(q);
    norm += p.dot(p);
  }
  const auto c = static_cast<float>(a / norm), s = static_cast<float>(b / norm);
  for (const cv::Point2f& corner : {cv::Point2f(0, 0), {width, 0}, {0, height}, {width, height}}) {
    const cv::Point2f p = corner - origin;
    points.push_back(middle + cv::Point2f(c * p.x - s * p.y, s * p.x + c * p.y));
  }
  return points;
}

/// Returns the portrait in the shape of the result, CIE Lab in floats.
cv::Mat warped(const WeightedPortrait& sitter, const Face& canvas) {
  const auto [top, bottom] = std::minmax_element(sitter.landmarks.begin(), sitter.landmarks.end(),
                                                 [](auto& a, auto& b) { return a.y < b.y; });
  const float scale = std::min(1.F, source_detail * composite_face_height / (bottom->y - top->y));
  cv::Mat small = sitter.rgb;
  if (scale < 1)
    cv::resize(sitter.rgb, small, {}, scale, scale, cv::INTER_AREA);
  const auto from = with_surroundings(scaled(sitter.landmarks, scale, {}), canvas);
  const cv::Mat map = warp_map(with_surroundings(canvas, canvas), from, {width, height});
  cv::Mat rgb, lab;
  cv::remap(small, rgb, map, {}, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  rgb.convertTo(rgb, CV_32F, 1 / 255.);
  cv::cvtColor(rgb, lab, cv::COLOR_RGB2Lab);
  return lab;
}

template <class Points>
void fill(cv::Mat& mask, const Face& face, const Points& indices, int value, float grow = 1) {
  cv::Point2f middle;
  for (const std::size_t i : indices)
    middle += flat(face[i]) / static_cast<float>(indices.size());
  std::vector<cv::Point> pixels;
  for (const std::size_t i : indices)
    pixels.emplace_back(middle + grow * (flat(face[i]) - middle));
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{pixels}, value);
}

/// Returns the skin: the face without eyes and lips.
cv::Mat skin(const Face& canvas) {
  cv::Mat mask = cv::Mat::zeros(height, width, CV_8U);
  fill(mask, canvas, oval, 255, .92F);
  for (const auto& eye : eye_rings)
    fill(mask, canvas, eye, 0, 1.4F);
  fill(mask, canvas, lips, 0, 1.1F);
  return mask;
}

/// Returns 1 where glasses may be, else 0, with a soft edge.
cv::Mat behind_glasses(const Face& canvas) {
  cv::Mat mask = cv::Mat::zeros(height, width, CV_32F);
  const cv::Point2f left = flat(canvas[33]), right = flat(canvas[263]);
  const cv::Point2f middle = (left + right) / 2;
  const float eyes = right.x - left.x;
  cv::rectangle(mask, cv::Point(middle - cv::Point2f(.85F * eyes, .3F * eyes)),
                cv::Point(middle + cv::Point2f(.85F * eyes, .42F * eyes)), 1, cv::FILLED);
  cv::GaussianBlur(mask, mask, {}, .07 * eyes);
  return mask;
}

struct Tone {
  cv::Scalar mean{}, deviation{};
};

Tone tone_of(const cv::Mat& lab, const cv::Mat& mask) {
  Tone tone;
  cv::meanStdDev(lab, tone.mean, tone.deviation, mask);
  return tone;
}

/// Returns 1 above the brows, 0 below, with a soft edge.
cv::Mat forehead(const Face& canvas) {
  cv::Mat mask = cv::Mat::zeros(height, width, CV_32F);
  mask.rowRange(0, static_cast<int>(std::min(canvas[105].y, canvas[334].y)) - 6).setTo(1);
  cv::GaussianBlur(mask, mask, {}, 3);
  return mask;
}

/// Returns 0 where skin shows and 1 where hair, ears, clothes or the background do, with a soft edge. All
/// around the mesh counts as no skin. Above the brows and along the rim a pixel counts as no skin when its
/// colour differs from the skin below the brows.
cv::Mat beside_skin(const cv::Mat& lab, const Face& canvas, const cv::Mat& mask) {
  constexpr double far = 2.4;      // standard deviations from the skin
  const cv::Scalar least(6, 3, 3); // of the deviation, because even skin has light and shade
  const int brows = static_cast<int>(std::min(canvas[105].y, canvas[334].y)) - 6;
  cv::Mat below = mask.clone(), middle = cv::Mat::zeros(height, width, CV_8U), inside = middle.clone();
  below.rowRange(0, brows).setTo(0);
  fill(inside, canvas, oval, 255);
  fill(middle, canvas, oval, 255, .94F);
  middle.rowRange(0, brows).setTo(0);
  const Tone skin_tone = tone_of(lab, below);
  cv::Mat other = cv::Mat::zeros(height, width, CV_32F);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      double square = 0;
      for (int c = 0; c < 3; ++c) {
        double away = lab.at<cv::Vec3f>(y, x)[c] - skin_tone.mean[c];
        if (c == 0 && away > 0)
          away /= 2; // bright skin is a highlight
        square += away * away / std::pow(std::max(least[c], skin_tone.deviation[c]), 2);
      }
      other.at<float>(y, x) = middle.at<unsigned char>(y, x) == 0 && square > far * far ? 1.F : 0.F;
    }
  cv::morphologyEx(other, other, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U));
  cv::dilate(other, other, cv::Mat::ones(13, 13, CV_8U));
  other.setTo(1, inside == 0);
  cv::GaussianBlur(other, other, {}, 5);
  return other;
}

cv::Mat thrice(const cv::Mat& one) {
  cv::Mat three;
  cv::merge(std::vector<cv::Mat>{one, one, one}, three);
  return three;
}

/// Returns the bare skin of the face, without brows, eyes and lips, where it is known.
cv::Mat bare_skin(const cv::Mat& known, const Face& canvas) {
  cv::Mat mask = cv::Mat::zeros(height, width, CV_8U);
  fill(mask, canvas, oval, 255, 1.1F);
  for (std::size_t side = 0; side < 2; ++side) {
    fill(mask, canvas, brow_rings[side], 0, 1.4F);
    fill(mask, canvas, eye_rings[side], 0, 1.6F);
  }
  fill(mask, canvas, lips, 0, 1.2F);
  mask.setTo(0, known < .95);
  return mask;
}

/// Returns the picture with unknown places filled from the skin around, the smoother the farther away: a
/// normalised convolution from coarse to fine, in a quarter of the size. known: CV_32F, 1 where the picture
/// is known.
cv::Mat filled(const cv::Mat& lab, const cv::Mat& known, const Face& canvas) {
  constexpr int finer = 4;
  const cv::Size size(width / finer, height / finer);
  const cv::Mat from = bare_skin(known, canvas);
  cv::Mat weight, source;
  from.convertTo(weight, CV_32F, 1 / 255.);
  cv::resize(lab.mul(thrice(weight)), source, size, 0, 0, cv::INTER_AREA);
  cv::resize(weight, weight, size, 0, 0, cv::INTER_AREA);
  cv::Mat smooth(size, CV_32FC3, cv::mean(lab, from));
  for (const double spread : {16., 8., 4., 2., 1.}) {
    cv::Mat sum, share;
    cv::GaussianBlur(source, sum, {}, spread);
    cv::GaussianBlur(weight, share, {}, spread);
    sum /= thrice(cv::max(share, 1e-4));
    smooth += (sum - smooth).mul(thrice(cv::min(1, share * 8)));
  }
  cv::resize(smooth, smooth, {width, height}, 0, 0, cv::INTER_LINEAR);
  return smooth + (lab - smooth).mul(thrice(known));
}

/// Returns the same picture with another tone of the skin.
cv::Mat toned(const cv::Mat& lab, const Tone& is, const Tone& shall) {
  std::vector<cv::Mat> channels;
  cv::split(lab, channels);
  for (int c = 0; c < 3; ++c) {
    const double gain = std::clamp(shall.deviation[c] / std::max(1e-3, is.deviation[c]), .6, 1.6);
    channels[static_cast<std::size_t>(c)] =
        (channels[static_cast<std::size_t>(c)] - is.mean[c]) * gain + shall.mean[c];
  }
  cv::Mat result;
  cv::merge(channels, result);
  return result;
}

/// Returns the weight of a portrait at every pixel.
cv::Mat share_of(const WeightedPortrait& sitter, double weight, const cv::Mat& lab, const Face& canvas,
                 const cv::Mat& mask) {
  cv::Mat share = weight * (1 - beside_skin(lab, canvas, mask));
  if (sitter.glasses)
    share = share.mul(1 - behind_glasses(canvas));
  if (sitter.fringe)
    share = share.mul(1 - forehead(canvas));
  return share;
}

/// The portraits in one shape (Lab), and where each shows skin.
struct Warped {
  std::vector<cv::Mat> pictures{};
  std::vector<Tone> own{};
  Tone mean{};
};

/// A weighted mean of pictures, and the sum of the weights at every pixel.
struct Mean {
  cv::Mat picture{}, weight{};
};

Warped all_warped(std::span<const WeightedPortrait> sitters, const TextureWeights& weights,
                  const Face& canvas, const cv::Mat& mask) {
  Warped all;
  for (std::size_t i = 0; i < sitters.size(); ++i) {
    const bool counts = weights.texture[i] != 0 || weights.detail[i] != 0 || weights.tone[i] != 0;
    all.pictures.push_back(counts ? warped(sitters[i], canvas) : cv::Mat());
    all.own.push_back(counts ? tone_of(all.pictures.back(), mask) : Tone());
    all.mean.mean += all.own.back().mean * weights.tone[i];
    all.mean.deviation += all.own.back().deviation * weights.tone[i];
  }
  return all;
}

/// Returns the weighted mean of the warped portraits, all in the mean tone.
Mean mean_of(std::span<const WeightedPortrait> sitters, const std::vector<double>& weights, const Warped& all,
             const Face& canvas, const cv::Mat& mask) {
  cv::Mat sum = cv::Mat::zeros(height, width, CV_32FC3), weight = cv::Mat::zeros(height, width, CV_32F);
  for (std::size_t i = 0; i < sitters.size(); ++i) {
    if (weights[i] == 0)
      continue;
    const cv::Mat share = share_of(sitters[i], weights[i], all.pictures[i], canvas, mask);
    weight += share;
    sum += toned(all.pictures[i], all.own[i], all.mean).mul(thrice(share));
  }
  const cv::Mat divisor = cv::max(weight, .05F);
  sum /= thrice(divisor);
  return {sum, weight};
}

/// Returns [0..1]: whether enough portraits show skin.
cv::Mat known_by(const Mean& mean) {
  const cv::Mat known = (cv::max(mean.weight, .05F) - .1F) / .3F;
  return cv::max(0, cv::min(1, known));
}

cv::Mat fine(const cv::Mat& lab) {
  constexpr double coarse = 6; // px: folds and wrinkles are finer
  cv::Mat soft;
  cv::GaussianBlur(lab, soft, {}, coarse);
  return lab - soft;
}

/// Returns the mean texture (Lab), with the fine structure of the mean of `detail`. Places without skin are
/// filled.
cv::Mat mean_texture(std::span<const WeightedPortrait> sitters, const TextureWeights& weights,
                     const Face& canvas) {
  const cv::Mat mask = skin(canvas);
  const Warped all = all_warped(sitters, weights, canvas, mask);
  Mean mean = mean_of(sitters, weights.texture, all, canvas, mask);
  const auto eye = flat(canvas[159]);
  if (mean.weight.at<float>(cv::Point(eye)) < .05F)
    throw TargetError(
        "The composite cannot be made: no portrait without glasses is left for the region around the eyes.");
  if (weights.detail != weights.texture) {
    const Mean detail = mean_of(sitters, weights.detail, all, canvas, mask);
    mean.picture += (fine(detail.picture) - fine(mean.picture)).mul(thrice(known_by(detail)));
  }
  return filled(mean.picture, known_by(mean), canvas);
}

/// Darkens the line where closed lips meet, which hides the rest of the teeth.
void shade_lip_line(cv::Mat& lab, const Face& canvas) {
  constexpr std::array<std::size_t, 9> line{191, 80,  81,  82,
                                            13, // without the corners, which are dark already
                                            312, 311, 310, 415};
  constexpr double darker = 16; // levels of L
  cv::Mat mask = cv::Mat::zeros(height, width, CV_32F), mean;
  std::vector<cv::Point> points;
  for (const std::size_t i : line)
    points.emplace_back(flat(canvas[i]));
  cv::polylines(mask, points, false, 1, 3, cv::LINE_AA);
  cv::GaussianBlur(mask, mask, {}, 1.2);
  mask = cv::min(1, mask * 1.4); // hides the teeth fully
  cv::GaussianBlur(lab, mean, {}, 4);
  mean -= cv::Scalar(darker, 0, 0);
  lab += (mean - lab).mul(thrice(mask));
}

/// Returns the visible area: the face, and some room for the forehead above the eyes.
void cover_head(cv::Mat& mask, const Face& canvas) {
  const cv::Point2f middle = flat(center(canvas));
  std::vector<cv::Point> outline;
  for (const std::size_t i : oval) {
    const cv::Point2f from_middle = flat(canvas[i]) - middle;
    const float upwards = std::clamp(-from_middle.y / (composite_face_height / 2), 0.F, 1.F);
    outline.emplace_back(middle + (1.04F + .16F * upwards) * from_middle);
  }
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{outline}, 255);
}

/// Returns RGB of 8 bit: sharpened, averaged with its mirror image, and plain grey away from the face, so
/// that no hair or clothes of a sitter stay.
cv::Mat finished(const cv::Mat& lab, const Face& canvas, double sharpen) {
  cv::Mat rgb, soft, mask = cv::Mat::zeros(height, width, CV_8U), blend;
  cv::cvtColor(lab, rgb, cv::COLOR_Lab2RGB);
  cv::GaussianBlur(rgb, soft, {}, 1.6);
  rgb += (rgb - soft) * sharpen;
  cover_head(mask, canvas);
  mask.convertTo(blend, CV_32F, 1 / 255.);
  cv::GaussianBlur(blend, blend, {}, 6);
  rgb = (rgb - cv::Scalar::all(.5)).mul(thrice(blend)) + cv::Scalar::all(.5);
  cv::Mat turned, result;
  cv::flip(rgb, turned, 1);
  rgb = (rgb + turned) / 2;
  rgb.convertTo(result, CV_8U, 255);
  return result;
}

} // namespace

cv::Mat composite_picture(std::span<const WeightedPortrait> sitters, const TextureWeights& weights,
                          const Face& canvas, double sharpen) {
  cv::Mat lab = mean_texture(sitters, weights, canvas);
  shade_lip_line(lab, canvas);
  return finished(lab, canvas, sharpen);
}

} // namespace deid::composites
