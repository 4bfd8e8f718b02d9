#pragma once
#include "models/image/affine.hpp"
#include "models/session/session.hpp"
#include <string>
#include <vector>

namespace deid::models {

/// A grid of anchors in the layout of MediaPipe's graphs: `boxes` anchors of fixed size in the middle of
/// every cell of side `stride` [px].
struct AnchorGrid {
  int stride;
  int boxes;
};

/// Anchor centres in px of a square input of this side, in the order of the network's rows.
[[nodiscard]] std::vector<cv::Point2f> anchors(int side, const std::vector<AnchorGrid>& grids);

/// The single-shot detector that a file must contain.
struct SsdKind {
  std::string name;              ///< for error messages, e.g. "a BlazeFace"
  int side;                      ///< of the square input [px]
  std::vector<AnchorGrid> grids; ///< SsdAnchorsCalculator's layers; those of equal stride are one grid
  int keypoints; ///< each row of the network's output holds the box (4 values), then x and y of each keypoint
};

/// box and keypoints in px of the image; score [0..1].
struct SsdDetection {
  cv::Rect2f box{};
  float score = 0.F;
  std::vector<cv::Point2f> keypoints{};
};

/// A detector of MediaPipe's "Blaze" family. Input: a square RGB picture [-1,1]. Output: one row of raw
/// values and one score logit an anchor; the values are in input px relative to the anchor's centre
/// (TensorsToDetectionsCalculator with fixed anchor size). Then weighted non-maximum suppression at IoU .3.
/// Threads: one at a time.
class SsdNetwork {
public:
  /// Throws ModelError when the file is not of this kind.
  SsdNetwork(const std::filesystem::path& model, SsdKind kind, const SessionOptions& options);

  /// rgb: CV_8UC3 of any size, letterboxed in black as in MediaPipe's CPU graph (pixels counted by their
  /// corner, bilinear, no averaging). Returns detections with score >= threshold [0..1], best first. An empty
  /// image has none. Throws ModelError when the engine fails.
  [[nodiscard]] std::vector<SsdDetection> detect(const cv::Mat& rgb, float threshold);

  /// The same for an input that is already cut out. crop: side x side RGB CV_8UC3. `to_image` maps its pixels
  /// to the image, with uniform scale and without rotation. Throws cv::Exception on a crop of another size.
  [[nodiscard]] std::vector<SsdDetection> detect_crop(const cv::Mat& crop, const cv::Matx23f& to_image,
                                                      float threshold);

  [[nodiscard]] int side() const { return kind_.side; }

private:
  [[nodiscard]] SsdDetection decode(std::size_t row, const cv::Matx23f& to_image) const;
  void find_outputs(const std::filesystem::path& model);

  SsdKind kind_;
  std::size_t row_length_; ///< raw values an anchor
  Session session_;
  std::vector<cv::Point2f> anchors_;
  std::size_t boxes_output_ = 0;
  std::size_t scores_output_ = 0;
  cv::Mat letterbox_;
};

/// Returns the matrix from a pixel of a square input of this side to a letterboxed image of this size. The
/// image is in the middle, and its longer side fills the input.
[[nodiscard]] cv::Matx23f letterbox_to_image(int side, cv::Size image);

/// The logistic function. Its argument is clipped to +-100, as in MediaPipe.
[[nodiscard]] float sigmoid(float x);

} // namespace deid::models
