#include "elements/measures/keypoint_files/read.hpp"
#include "elements/measures/keypoint_files/coco_values.hpp"
#include "elements/measures/keypoint_files/formats.hpp"
#include <algorithm>
#include <charconv>
#include <map>

namespace deid::keypoint_files {

namespace {

Kind kind_of_root(const simdjson::dom::element& root, const std::string& name) {
  if (root.is_array())
    return Kind::coco_results;
  if (has(root, "annotations") || has(root, "images"))
    return Kind::coco_ground_truth;
  if (is_line(root))
    return Kind::lines;
  if (has(root, "people"))
    return Kind::openpose;
  throw FileError(name + " is no file of keypoints: neither OpenPose's JSON, nor COCO's results or "
                         "annotations, nor a frame a line.");
}

struct Read {
  Kind kind;
  std::optional<simdjson::dom::element> root; ///< none for lines
};

Read look_at(Document& document) {
  const std::string_view first = document.bytes().substr(0, document.bytes().find('\n'));
  // The first line decides: a frame or a header. Damage in later lines is reported with the line.
  if (first.size() < document.bytes().size())
    if (const auto line = document.try_parse(first); line && is_line(*line))
      return {Kind::lines, std::nullopt};
  const simdjson::dom::element root = document.parse();
  return {kind_of_root(root, document.name()), root};
}

/// The last run of digits of "clip_000000000012_keypoints", or nothing.
std::optional<std::int64_t> number_in(const std::string& name) {
  const std::size_t last = name.find_last_of("0123456789");
  if (last == std::string::npos)
    return std::nullopt;
  const std::size_t before = name.find_last_not_of("0123456789", last);
  const char* begin = name.data() + (before == std::string::npos ? 0 : before + 1);
  std::int64_t number = 0;
  if (std::from_chars(begin, name.data() + last + 1, number).ec != std::errc{})
    return std::nullopt;
  return number;
}

Content content_of(Document& document) {
  const Read read = look_at(document);
  const Place place(document.name());
  switch (read.kind) {
  case Kind::coco_results:
    return coco::detections_of({*read.root, place});
  case Kind::coco_ground_truth:
    return coco::ground_truth_of({*read.root, place});
  case Kind::lines:
    return Recording{Kind::lines, frames_of_lines(document)};
  case Kind::openpose:
    break;
  }
  const std::string stem = std::filesystem::path(document.name()).stem().string();
  Recording recording{Kind::openpose, {}};
  recording.frames.push_back(openpose_frame({*read.root, place}, number_in(stem).value_or(0)));
  return recording;
}

/// Reads a folder that OpenPose's --write_json wrote.
Recording recording_of_folder(const std::filesystem::path& folder) {
  Recording recording{Kind::openpose, {}};
  std::map<std::int64_t, std::filesystem::path> files;
  std::error_code error;
  const std::filesystem::directory_iterator entries(folder, error);
  if (error)
    throw FileError(folder.string() + " cannot be read: " + error.message() + ".");
  for (const auto& entry : entries) {
    if (entry.path().extension() != ".json")
      continue;
    const auto number = number_in(entry.path().stem().string());
    if (!number)
      throw FileError(entry.path().string() + " has no number of a frame in its name.");
    if (const auto [known, fresh] = files.emplace(*number, entry.path()); !fresh)
      throw FileError(entry.path().string() + " has the same frame number as " +
                      known->second.filename().string() + ".");
  }
  if (files.empty())
    throw FileError(folder.string() + " holds no JSON files.");
  for (const auto& [number, file] : files) {
    Document document(file);
    const Place place(document.name());
    recording.frames.push_back(openpose_frame({document.parse(), place}, number));
  }
  return recording;
}

Person person_of(const coco::Points& from, std::int64_t image, std::size_t before, const std::string& name) {
  Person person{.id = static_cast<std::uint32_t>(before + 1), .set = KeypointSet::coco17};
  for (std::size_t i = 0; i < coco::point_count; ++i) {
    if (std::max({std::abs(from.x[i]), std::abs(from.y[i]), std::abs(from.v[i])}) > largest_coordinate)
      throw FileError(name + ": person " + std::to_string(before) + " of image " + std::to_string(image) +
                      " has a number that is too large for a keypoint.");
    person.points.push_back(from.v[i] > 0
                                ? Keypoint{static_cast<float>(from.x[i]), static_cast<float>(from.y[i]),
                                           static_cast<float>(from.v[i]), true}
                                : Keypoint{});
  }
  complete_from_points(person);
  return person;
}

TimedPose& frame_of(std::map<std::int64_t, TimedPose>& frames, std::int64_t number) {
  TimedPose& frame = frames[number];
  frame.number = number;
  return frame;
}

Recording in_order(std::map<std::int64_t, TimedPose>& frames, Kind kind) {
  Recording recording{kind, {}};
  for (auto& [number, frame] : frames)
    recording.frames.push_back(std::move(frame));
  return recording;
}

} // namespace

Content read_any(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path))
    return recording_of_folder(path);
  Document document(path);
  return content_of(document);
}

Recording people_of(const Content& content, const std::string& name) {
  if (const auto* truth = std::get_if<coco::GroundTruth>(&content))
    return people_of(*truth, name);
  if (const auto* detections = std::get_if<std::vector<coco::Detection>>(&content))
    return people_of(*detections, name);
  return std::get<Recording>(content);
}

Recording read_poses(const std::filesystem::path& path) {
  return people_of(read_any(path), path.string());
}

Recording parse_poses(std::string_view text, const std::string& name) {
  Document document(text, name);
  return people_of(content_of(document), name);
}

void complete_from_points(Person& person) {
  float sum = 0;
  int present = 0;
  float left = 0, top = 0, right = 0, bottom = 0;
  for (const Keypoint& point : person.points) {
    if (!point.present)
      continue;
    left = present == 0 ? point.x : std::min(left, point.x);
    right = present == 0 ? point.x : std::max(right, point.x);
    top = present == 0 ? point.y : std::min(top, point.y);
    bottom = present == 0 ? point.y : std::max(bottom, point.y);
    sum += point.score;
    ++present;
  }
  person.score = present == 0 ? 0.F : sum / static_cast<float>(present);
  person.box = {left, top, right - left, bottom - top};
}

Recording people_of(const coco::GroundTruth& truth, const std::string& name) {
  std::map<std::int64_t, TimedPose> frames;
  for (const std::int64_t image : truth.images)
    frame_of(frames, image);
  for (const coco::Truth& one : truth.annotations) {
    auto& people = frame_of(frames, one.image_id).pose.people;
    people.push_back(person_of(one.points, one.image_id, people.size(), name));
    for (Keypoint& point : people.back().points)
      point.score = point.present ? 1.F : 0.F; // visibility 1 and 2 are no scores
    people.back().score = 1.F;
  }
  return in_order(frames, Kind::coco_ground_truth);
}

Recording people_of(const std::vector<coco::Detection>& detections, const std::string& name) {
  std::map<std::int64_t, TimedPose> frames;
  for (const coco::Detection& one : detections) {
    auto& people = frame_of(frames, one.image_id).pose.people;
    people.push_back(person_of(one.points, one.image_id, people.size(), name));
    people.back().score = static_cast<float>(std::clamp(one.score, -largest_coordinate, largest_coordinate));
  }
  return in_order(frames, Kind::coco_results);
}

} // namespace deid::keypoint_files
