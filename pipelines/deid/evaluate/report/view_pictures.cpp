#include "pipelines/deid/evaluate/report/view.hpp"
#include <algorithm>
#include <cmath>
#include <fstream>
#include <glib.h>
#include <sstream>

namespace deid::evaluate {

namespace {

constexpr std::size_t most_videos = 8, most_risky_shown = 24;

std::string data_uri(const fs::path& file) {
  std::ostringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  const std::string text = bytes.str();
  gchar* encoded = g_base64_encode(reinterpret_cast<const guchar*>(text.data()), text.size());
  std::string uri = "data:image/jpeg;base64,";
  uri += encoded;
  g_free(encoded);
  return uri;
}

/// "12.3 s"
std::string clock(const Json& pts) {
  return fixed(Json(1e-9 * pts.get<double>()), 1) + " s";
}

/// COCO's points of all people in the frame nearest to a time.
Json points_at(const fs::path& file, std::int64_t pts, bool from_first) {
  auto list = Json::array();
  const keypoint_files::Recording recording = keypoint_files::read_poses(file);
  const keypoint_files::TimedPose* best = nullptr;
  std::int64_t nearest = 0;
  const std::int64_t first = from_first && !recording.frames.empty()
                                 ? static_cast<std::int64_t>(recording.frames.front().pts.value_or(0))
                                 : 0;
  for (const auto& frame : recording.frames) {
    const std::int64_t apart = std::abs(static_cast<std::int64_t>(frame.pts.value_or(0)) - first - pts);
    if (best == nullptr || apart < nearest) {
      best = &frame;
      nearest = apart;
    }
  }
  if (best != nullptr)
    for (const Person& person : best->pose.people)
      for (const Keypoint& point : convert_points(person, KeypointSet::coco17))
        if (point.present)
          list.push_back({{"x", fixed(Json(point.x), 1)}, {"y", fixed(Json(point.y), 1)}});
  return list;
}

Json picture_of(const Evaluation& e, const Loaded& unit, const Json& picture) {
  const Json& video = unit.unit["video"];
  const double width = video["width"];
  return {{"caption", unit.video + ", " + unit.method + ", " + clock(picture["pts"])},
          {"picture", data_uri(e.folder.root() / picture["path"].get<std::string>())},
          {"width", video["width"]},
          {"height", video["height"]},
          {"dot", fixed(Json(width / 160), 1)}};
}

/// At most `most_videos` videos, evenly chosen.
std::vector<std::string> some_videos(const Evaluation& e) {
  std::vector<std::string> some;
  const std::size_t n = std::min(most_videos, e.videos.size());
  for (std::size_t i = 0; i < n; ++i)
    some.push_back(e.videos[i * e.videos.size() / n]);
  return some;
}

/// The middle one of a unit's sample pictures, with the points of the original and of the result.
Json sample_of(const Evaluation& e, const Loaded& unit) {
  const Json& samples = unit.unit["samples"];
  const Json& picture = samples[samples.size() / 2];
  const Json& files = unit.unit["files"];
  Json one = picture_of(e, unit, picture);
  const auto path = [&](const char* what) {
    return e.folder.root() / files[what]["path"].get<std::string>();
  };
  one["before"] = points_at(path("original"), picture["pts"], false);
  if (files.contains("identity.jsonl"))
    one["after"] = points_at(path("keypoints.jsonl"), picture["pts"], false);
  else
    one["caption"] = unit.video + ", THE ORIGINAL, " + clock(picture["pts"]);
  return one;
}

/// A picture with faces at risk, and their boxes.
Json risky_picture(const Evaluation& e, const Loaded& unit, const Json& picture) {
  Json one = picture_of(e, unit, picture);
  one["boxes"] = Json::array();
  for (const Json& risk : unit.unit["leaks"]["risks"])
    if (risk["frame"] == picture["frame"])
      one["boxes"].push_back(
          {{"x", risk["box"][0]}, {"y", risk["box"][1]}, {"w", risk["box"][2]}, {"h", risk["box"][3]}});
  return one;
}

/// Adds a unit's pictures with faces at risk until the list is full.
void add_risky(const Evaluation& e, const Loaded& unit, Json& list) {
  if (!unit.unit.contains("risky"))
    return;
  for (const Json& picture : unit.unit["risky"]) {
    if (list.size() >= most_risky_shown)
      return;
    list.push_back(risky_picture(e, unit, picture));
  }
}

} // namespace

Json sample_frames(const Evaluation& e, const Collection& collection) {
  const auto has_samples = [](const Loaded& unit) {
    return unit.unit.contains("samples") && !unit.unit["samples"].empty();
  };
  auto list = Json::array();
  for (const std::string& video : some_videos(e))
    for (const std::string& method : e.methods)
      for (const Loaded& unit : collection.units)
        if (unit.video == video && unit.method == method && has_samples(unit))
          list.push_back(sample_of(e, unit));
  return list;
}

Json risky_frames(const Evaluation& e, const Collection& collection) {
  auto methods = Json::array();
  for (const std::string& method : e.methods) {
    auto list = Json::array();
    for (const Loaded* unit : collection.of(method))
      add_risky(e, *unit, list);
    if (!list.empty())
      methods.push_back({{"method", method}, {"frames", list}});
  }
  return methods;
}

} // namespace deid::evaluate
