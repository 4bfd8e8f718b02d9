#pragma once
#include "elements/facedetect/finder.hpp"
#include "models/centerface/centerface.hpp"
#include "models/session/session.hpp"
#include <filesystem>
#include <string>

namespace deid::facedetect {

/// Files and numbers of the networks. Empty paths are looked up in the manifest (and their hashes checked).
struct NetworkFiles {
  std::filesystem::path short_range{}, full_range{}, centerface{}, mesh{};
};

/// Wall time and calls of one network since the start.
struct Spent {
  std::uint64_t calls = 0;
  std::uint64_t nanoseconds = 0;
};

/// The finder on real networks: BlazeFace for glances and close looks, CenterFace for sweeps, MediaPipe's face mesh.
/// Detectors compute in `precision`, the mesh always in f32 (it measures). Construct: throws models::ModelError.
class NetworkFinder final : public Finder {
public:
  NetworkFinder(const NetworkFiles& files, models::Precision precision, int threads);

  /// Compiles the sweep for frames of this size; to be called before the first frame and when the size changes.
  void set_frame_size(cv::Size frame);

  std::vector<Sighting> glance(const video::FrameView& frame, float threshold) override;
  std::vector<Sighting> sweep(const video::FrameView& frame, const SweepJob& job, float threshold) override;
  std::optional<Sighting> look(const video::FrameView& frame, const cv::Rect2f& box, float roll, float threshold, bool strong) override;
  models::FaceMeshResult mesh(const video::FrameView& frame, const models::RotatedRoi& roi) override;

  /// px that one sweep resolves fully.
  [[nodiscard]] int sweep_area() const { return sweep_->input().area(); }
  /// Names, versions and hashes of the networks in use, for the audit.
  [[nodiscard]] const std::string& description() const { return description_; }

  struct Cost {
    Spent glance, sweep, look, mesh;
  };
  [[nodiscard]] const Cost& cost() const { return cost_; }

private:
  std::string description_;
  models::BlazeFace near_, far_;
  models::CenterFace close_;
  models::FaceMesh mesh_;
  std::filesystem::path sweep_file_;
  models::SessionOptions sweep_options_;
  std::optional<models::CenterFace> sweep_;
  cv::Mat glance_image_, sweep_image_;
  bool far_turn_ = false;
  Cost cost_{};
};

/// The sweep's input for a frame of this size: the frame's shape, multiples of 32, about 640 x 480 px at most.
cv::Size sweep_input(cv::Size frame);

/// Hairline to chin and ear to ear from the box of a detector, which are trained on tighter or looser ones.
cv::Rect2f widen_blazeface(const models::FaceDetection& detection);
cv::Rect2f widen_centerface(const models::FaceDetection& detection);

} // namespace deid::facedetect
