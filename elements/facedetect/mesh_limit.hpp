#pragma once
#include "elements/facedetect/finder.hpp"

namespace deid::facedetect {

/// A finder that runs the mesh a limited number of times, so that a crowd does not cost arbitrary time.
/// Beyond the limit, mesh() returns an empty result; such faces are still detected, tracked and covered, but
/// have no landmarks. Not thread-safe.
class MeshLimit final : public Finder {
public:
  explicit MeshLimit(Finder& finder) : finder_(finder) {}
  /// Sets the number of mesh runs that are left.
  void refill(int meshes) { left_ = meshes; }

  std::vector<Sighting> glance(const video::FrameView& frame, float threshold) override {
    return finder_.glance(frame, threshold);
  }
  std::vector<Sighting> sweep(const video::FrameView& frame, const SweepJob& job, float threshold) override {
    return finder_.sweep(frame, job, threshold);
  }
  std::optional<Sighting> look(const video::FrameView& frame, const cv::Rect2f& box, float roll,
                               float threshold, bool strong) override {
    return finder_.look(frame, box, roll, threshold, strong);
  }
  std::vector<Head> heads(const video::FrameView& frame, Turn turn, Sight sight) override {
    return finder_.heads(frame, turn, sight);
  }
  models::FaceMeshResult mesh(const video::FrameView& frame, const models::RotatedRoi& roi) override {
    if (left_ <= 0)
      return {};
    --left_;
    return finder_.mesh(frame, roi);
  }

private:
  Finder& finder_;
  int left_ = 0;
};

} // namespace deid::facedetect
