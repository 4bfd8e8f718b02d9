#pragma once
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/settings.hpp"
#include "models/centerface/centerface.hpp"
#include "models/movenet/movenet.hpp"
#include "models/session/session.hpp"
#include "models/session/spent.hpp"
#include <filesystem>
#include <string>

namespace deid::facedetect {

/// Files of the networks. The manifest gives the file for an empty path, and its hash is checked.
struct NetworkFiles {
  std::filesystem::path short_range{}, full_range{}, centerface{}, mesh{}, body_graph{}, body{};
};

/// The finder on real networks: BlazeFace for glances and close looks, CenterFace for sweeps and close looks,
/// MediaPipe's face mesh, MoveNet for bodies. Detectors compute in the precision of `options`, the mesh
/// always in f32, because its points are measured. Not thread-safe. The constructor throws
/// models::ModelError.
class NetworkFinder final : public Finder {
public:
  /// options.input_shape must be empty.
  NetworkFinder(const NetworkFiles& files, const models::SessionOptions& options);

  /// Compiles the networks for frames of this size. Requires: called before the first frame and when the size
  /// changes. With Pace::ahead, rarely used networks are compiled at their first use. Throws
  /// models::ModelError.
  void prepare(cv::Size frame, Pace pace);

  std::vector<Sighting> glance(const video::FrameView& frame, float threshold) override;
  std::vector<Sighting> sweep(const video::FrameView& frame, const SweepJob& job, float threshold) override;
  std::optional<Sighting> look(const video::FrameView& frame, const cv::Rect2f& box, float roll,
                               float threshold, bool strong) override;
  models::FaceMeshResult mesh(const video::FrameView& frame, const models::RotatedRoi& roi) override;
  std::vector<Head> heads(const video::FrameView& frame, Turn turn, Sight sight) override;

  /// Returns the px that one fine sweep resolves. Requires: prepare().
  [[nodiscard]] int sweep_area() const { return fine_->input().area(); }
  /// Names and hashes of the networks in use, for the audit.
  [[nodiscard]] const std::string& description() const { return description_; }

  struct Cost {
    models::Spent glance, sweep, look, mesh, heads;
  };
  [[nodiscard]] const Cost& cost() const { return cost_; }

private:
  models::BlazeFace& far();
  std::shared_ptr<models::CenterFace::Network> sweeps();
  models::CenterFace& close();
  models::CenterFace& window();
  models::CenterFace& turned_fine();
  models::CenterFace& network_for(const SweepJob& job);
  models::MoveNet& body_network(cv::Size input);

  std::string description_;
  NetworkFiles files_; ///< no path is empty
  models::SessionOptions options_;
  models::BlazeFace near_;
  models::FaceMesh mesh_;
  std::optional<models::BlazeFace> far_;
  std::shared_ptr<models::CenterFace::Network> sweeps_{}; ///< of all CenterFace but close_
  std::optional<models::CenterFace> close_, window_, fine_, quick_;
  std::optional<models::CenterFace> turned_fine_; ///< transposed input, for stills
  std::vector<models::MoveNet> bodies_;           ///< one per input size
  bool glance_far_ = true;
  cv::Mat glance_image_, sweep_image_, heads_image_;
  bool far_turn_ = false;
  Cost cost_{};
};

/// Returns the input size of a sweep for a frame of this size: the frame's aspect ratio, sides in multiples
/// of 32, about as many px as 640 x 480 (fine) or 512 x 384 (quick).
cv::Size sweep_input(cv::Size frame, Sight sight);

/// Returns the input size of the body search for a frame of this size: the frame's aspect ratio, sides in
/// multiples of 32, about as many px as 544 x 320 (fine) or 320 x 192.
cv::Size body_input(cv::Size frame, Sight sight);

/// Returns the box from hairline to chin and ear to ear for a detector's box. Each detector was trained on
/// other boxes.
cv::Rect2f widen_blazeface(const models::FaceDetection& detection);
cv::Rect2f widen_centerface(const models::FaceDetection& detection);

} // namespace deid::facedetect
