#pragma once
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/geometry.hpp"
#include <functional>
#include <map>

namespace deid::facedetect::test {

/// A face in the frames. The finder reads the frame's number from its first two luma samples.
struct Actor {
  std::function<cv::Rect2f(int frame)> place;                        ///< frame px; empty: not in the picture
  std::function<bool(int frame)> glanced = [](int) { return true; }; ///< BlazeFace detects it
  std::function<bool(int frame)> swept = [](int) { return true; };   ///< CenterFace detects it
  std::function<bool(int frame)> meshed = [](int) { return true; };  ///< the mesh finds it
  std::function<bool(int frame)> patterned = [](int) { return true; }; ///< its patch matches the earlier one
  float score = 0.9F;
  std::optional<Features> features{}; ///< as the detectors give them
  float coarse = 1.F;                 ///< size of CenterFace's box, in sizes of the face
  bool enlarged = false;              ///< CenterFace detects it only in jobs with a doubt
  bool looked_at_turned = false;      ///< a rotated sweep detects it, too, with a higher score
};

/// What CenterFace alone takes for a face, from frame 20 on.
inline Actor only_swept(const cv::Rect2f& box, float score) {
  return {.place = [box](int) { return box; },
          .glanced = [](int) { return false; },
          .swept = [](int n) { return n >= 20; },
          .meshed = [](int) { return false; },
          .score = score};
}

/// A person whose body is detected.
struct HeadActor {
  std::function<cv::Rect2f(int frame)> place; ///< of the head, frame px; empty: the body is not detected
  std::function<bool(int frame)> away = [](int) { return false; };
  float score = 0.6F;
  Turn turn = Turn::none; ///< rotation of the picture in which the body is detected
};

/// A mesh whose points fill the box.
inline models::FaceMeshResult mesh_in(const cv::Rect2f& box, float presence) {
  models::FaceMeshResult mesh;
  mesh.presence = presence;
  const cv::Rect2f inner = scaled(box, 1.F / 1.08F);
  for (int i = 0; i < models::FaceMesh::point_count; ++i) {
    const float x = static_cast<float>(i % 22) / 21.F;
    const float y = static_cast<float>(i / 22) / 21.F;
    mesh.landmarks.emplace_back(inner.x + x * inner.width, inner.y + y * inner.height, 0.F);
  }
  mesh.landmarks[33] = {inner.x + 0.25F * inner.width, inner.y + 0.4F * inner.height, 0.F};
  mesh.landmarks[263] = {inner.x + 0.75F * inner.width, inner.y + 0.4F * inner.height, 0.F};
  for (const std::size_t lip : {13U, 14U})
    mesh.landmarks[lip] = {inner.x + 0.5F * inner.width, inner.y + 0.8F * inner.height, 0.F};
  return mesh;
}

/// Returns the mesh that the network finds in an inverted face: upside down, with a slightly lower presence.
inline models::FaceMeshResult on_its_head(models::FaceMeshResult mesh, const cv::Rect2f& box) {
  mesh.presence *= 0.9F;
  for (cv::Point3f& p : mesh.landmarks)
    p = {2 * center(box).x - p.x, 2 * center(box).y - p.y, p.z};
  return mesh;
}

/// A finder that detects actors instead of reading pixels.
class FakeFinder : public Finder {
public:
  std::vector<Actor> actors;
  std::vector<HeadActor> people;
  std::function<void(int frame)> before_each = [](int) {};
  float yields = 0.F; ///< share of the way to the asked place by which the mesh lies beside its face
  float reach = 0.F;  ///< reach of a close look beside the face's place, in sizes of the face
  int sweeps = 0, glances = 0, meshes = 0, looks = 0, head_looks = 0;

  static int number(const video::FrameView& frame) {
    return frame.planes[0].data[0] + 256 * frame.planes[0].data[1];
  }

  std::vector<Sighting> glance(const video::FrameView& frame, float threshold) override {
    ++glances;
    before_each(number(frame));
    return see(frame, threshold, false);
  }
  std::vector<Sighting> sweep(const video::FrameView& frame, const SweepJob& job, float threshold) override {
    ++sweeps;
    std::vector<Sighting> seen;
    if (job.turn == Turn::none)
      for (const Sighting& s : see(frame, threshold, true))
        if (cv::Rect2f(job.area).contains(center(s.box)))
          seen.push_back(s);
    for (const Actor& actor : actors)
      if (actor.enlarged && job.doubt > 0 && job.turn == Turn::none && actor.score >= threshold)
        seen.push_back({actor.place(number(frame)), actor.score, 0.F, true, {}});
    for (const Actor& actor : actors)
      if (job.turn == Turn::half && actor.looked_at_turned)
        seen.push_back({scaled(actor.place(number(frame)), 1.3F), actor.score + 0.3F, 3.14159F, true, {}});
    return seen;
  }
  std::optional<Sighting> look(const video::FrameView& frame, const cv::Rect2f& box, float, float threshold,
                               bool strong) override {
    ++looks;
    std::optional<Sighting> nearest;
    for (const Sighting& s : see(frame, threshold, strong))
      if ((same_face(s.box, box) || apart(s.box, center(box)) < reach * face_size(box)) &&
          (!nearest || apart(s.box, center(box)) < apart(nearest->box, center(box))))
        nearest = s;
    return nearest;
  }
  std::vector<Head> heads(const video::FrameView& frame, Turn turn, Sight) override {
    ++head_looks;
    std::vector<Head> seen;
    for (const HeadActor& head : people)
      if (head.turn == turn && head.place(number(frame)).area() > 0.F)
        seen.push_back({head.place(number(frame)), head.score, head.away(number(frame))});
    return seen;
  }
  models::FaceMeshResult mesh(const video::FrameView& frame, const models::RotatedRoi& roi) override {
    ++meshes;
    const int n = number(frame);
    cv::Rect2f nearest;
    for (const Actor& actor : actors) {
      const cv::Rect2f box = actor.place(n);
      if (box.area() > 0.F && actor.meshed(n) && apart(box, roi.center) < 0.4 * roi.size.width &&
          (nearest.empty() || apart(box, roi.center) < apart(nearest, roi.center)))
        nearest = box;
    }
    nearest = shifted(nearest, (roi.center - center(nearest)) * yields);
    if (!nearest.empty())
      return std::cos(roi.rotation) > 0 ? mesh_in(nearest, 0.95F)
                                        : on_its_head(mesh_in(nearest, 0.95F), nearest);
    return mesh_in({roi.center.x - 5.F, roi.center.y - 5.F, 10.F, 10.F}, 0.05F);
  }

private:
  static double apart(const cv::Rect2f& box, cv::Point2f from) { return cv::norm(center(box) - from); }
  std::vector<Sighting> see(const video::FrameView& frame, float threshold, bool strong) const {
    std::vector<Sighting> seen;
    const int n = number(frame);
    for (const Actor& actor : actors) {
      const cv::Rect2f box = actor.place(n);
      if (box.area() > 0.F && (strong ? actor.swept(n) : actor.glanced(n)) && actor.score >= threshold)
        seen.push_back({scaled(box, strong ? actor.coarse : 1.F), actor.score, 0.F, strong, actor.features});
    }
    return seen;
  }
};

} // namespace deid::facedetect::test
