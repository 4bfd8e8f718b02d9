#pragma once
#include "pipelines/deid/review/compile.hpp"
#include "pipelines/deid/review/moments.hpp"
#include "tests/pipelines/refused.hpp"

namespace deid::test {

using review::Json;

inline review::Bounds bounds(const std::string& method = "swap") {
  return {.frames = 100, .size = {640, 360}, .method = method, .sound = true, .people = {1, 2}};
}

inline review::KnownFace audited_face(std::uint32_t id, cv::Rect2d box, Origin origin = Origin::tracked,
                                      Treatment treatment = Treatment::covered) {
  return {.id = id, .origin = origin, .box = box, .score = .9, .outcome = {.treatment = treatment}};
}

/// An audit of 25 frames a second without faces.
inline review::Audited empty_audit(int frames, const std::string& method = "mask") {
  review::Audited audited;
  for (int i = 0; i < frames; ++i)
    audited.frames.push_back({.pts = static_cast<std::uint64_t>(i) * 40'000'000});
  audited.run.width = 640;
  audited.run.height = 360;
  audited.run.options = {{"method", method}, {"keep_audio", true}};
  return audited;
}

/// Puts a face into frames first .. last.
inline void put(review::Audited& audited, std::uint32_t id, int first, int last,
                cv::Rect2d box = {200, 100, 60, 70}, Origin origin = Origin::tracked) {
  for (int i = first; i <= last; ++i)
    audited.frames[static_cast<std::size_t>(i)].faces.push_back(audited_face(id, box, origin));
}

/// A record of a region over frames first .. first + n - 1.
inline Json region_record(int edit, int first, int n, int frame, const Json& box = {10, 20, 30, 40}) {
  Json boxes = Json::array();
  for (int i = 0; i < n; ++i)
    boxes.push_back(box);
  return {{"kind", "add_region"}, {"edit", edit},        {"frame", frame}, {"shape", "box"}, {"box", box},
          {"person", nullptr},    {"treatment", "mask"}, {"first", first}, {"boxes", boxes}};
}

} // namespace deid::test
