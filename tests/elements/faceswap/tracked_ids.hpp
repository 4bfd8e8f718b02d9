#pragma once
#include "elements/faceswap/choice/identity_tracker.hpp"
#include <algorithm>

namespace deid::test {

/// An IdentityTracker with the identities of its ids. Tests name faces by their ids.
class TrackedIds {
public:
  using Options = faceswap::TrackingOptions;
  using Event = faceswap::IdentityTracker::Event;

  TrackedIds(std::vector<faceswap::Candidate> candidates, std::vector<faceswap::Descriptor> strangers)
      : tracker_(faceswap::TargetAssignment(std::move(candidates), {.first = std::move(strangers)})) {}

  void frame(std::span<const std::uint32_t> ids, const Options& options,
             std::span<const std::uint32_t> blind = {}) {
    std::vector<faceswap::IdentityTracker::Present> present;
    for (const std::uint32_t id : ids)
      present.push_back({&faces_[id], std::ranges::find(blind, id) != blind.end()});
    tracker_.frame(present, all(), options);
  }
  faceswap::Subject* subject(std::uint32_t id) { return tracker_.subject(faces_[id]); }
  faceswap::Assignment assignment(std::uint32_t id) { return tracker_.assignment(faces_[id]); }
  bool wants(std::uint32_t id, const std::function<bool()>& sure, const Options& options) {
    return tracker_.wants(faces_[id], sure, options);
  }
  Event observe(std::uint32_t id, const faceswap::Observation& observation, const Options& options) {
    faceswap::FaceIdentity& face = faces_[id];
    return tracker_.observe(face, observation, all(), options);
  }
  bool refuse(std::uint32_t id, const std::set<std::size_t>& unwanted, const Options& options) {
    return tracker_.refuse(faces_[id], unwanted, options);
  }
  void flush(const Options& options) {
    if (options.describe)
      faces_.clear();
  }
  faceswap::IdentityTracker& operator*() { return tracker_; }
  faceswap::IdentityTracker* operator->() { return &tracker_; }

private:
  std::vector<faceswap::FaceIdentity*> all() {
    std::vector<faceswap::FaceIdentity*> identities;
    for (auto& [id, face] : faces_)
      identities.push_back(&face);
    return identities;
  }
  faceswap::IdentityTracker tracker_;
  std::map<std::uint32_t, faceswap::FaceIdentity> faces_{};
};

} // namespace deid::test
