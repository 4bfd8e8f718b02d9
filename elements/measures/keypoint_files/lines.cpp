#include "elements/measures/keypoint_files/formats.hpp"
#include "elements/measures/keypoint_files/write.hpp"
#include <algorithm>
#include <array>
#include <climits>

namespace deid::keypoint_files {

namespace {

/// null, or [x, y, score].
Keypoint point_of(const Value& value) {
  if (value.is_null())
    return {};
  std::array<float, 3> numbers{};
  std::size_t i = 0;
  for (const simdjson::dom::element element : value.array()) {
    const Place place = value.place().item(i);
    if (i < 3)
      numbers[i] = real(Value(element, place));
    ++i;
  }
  if (i != 3)
    value.place().refuse("holds " + std::to_string(i) + " numbers instead of x, y and score");
  return {numbers[0], numbers[1], numbers[2], true};
}

std::vector<Keypoint> points_of(const Value& list, std::size_t count) {
  std::vector<Keypoint> points;
  for (const simdjson::dom::element element : list.array()) {
    const Place place = list.place().item(points.size());
    points.push_back(point_of({element, place}));
  }
  if (points.size() != count)
    list.place().refuse("holds " + std::to_string(points.size()) + " points instead of " +
                        std::to_string(count));
  return points;
}

Hand hand_of(const Value& value) {
  enum { side, score, points };
  static constexpr Members<3>::Names names{"side", "score", "points"};
  const Members<3> members(value, names);
  const Place place = members.place(side);
  const std::string_view which = members.get(side, place).text();
  if (which != "left" && which != "right")
    place.refuse("is neither left nor right");
  return {which == "left", real(members.get(score, members.place(score))),
          points_of(members.get(points, members.place(points)), Hand::point_count)};
}

KeypointSet set_of(const Value& value) {
  try {
    return keypoint_set(value.text());
  } catch (const std::invalid_argument& e) {
    value.place().refuse("is unknown: " + std::string(e.what()));
  }
}

cv::Rect2f box_of(const Value& list) {
  std::array<float, 4> box{};
  std::size_t i = 0;
  for (const simdjson::dom::element element : list.array()) {
    const Place place = list.place().item(i);
    if (i < 4)
      box[i] = real(Value(element, place));
    ++i;
  }
  if (i != 4)
    list.place().refuse("holds " + std::to_string(i) + " numbers instead of 4");
  return {box[0], box[1], box[2], box[3]};
}

FaceMeasures measures_of(const Value& value) {
  FaceMeasures measures;
  for (const auto& [key, element] : value.object()) {
    const Place place = value.place().member(key);
    if (!measures.emplace(std::string(key), Value(element, place).number()).second)
      place.refuse("occurs twice");
  }
  return measures;
}

void read_person(const Value& value, TimedPose& frame) {
  enum { id, score, set, box, points, hands, face };
  static constexpr Members<7>::Names names{"id", "score", "set", "box", "points", "hands", "face"};
  const Members<7> members(value, names);
  const std::int64_t number = members.integer(id);
  if (number < 1 || number > std::int64_t{UINT_MAX})
    members.place(id).refuse("is no valid id of a person");
  Person person{.id = static_cast<std::uint32_t>(number)};
  person.set = set_of(members.get(set, members.place(set)));
  person.points = points_of(members.get(points, members.place(points)), keypoint_names(person.set).size());
  complete_from_points(person);
  if (members.has(score))
    person.score = real(members.get(score, members.place(score)));
  if (members.has(box))
    person.box = box_of(members.get(box, members.place(box)));
  if (members.has(hands)) {
    const Place list = members.place(hands);
    for (const simdjson::dom::element element : members.get(hands, list).array()) {
      const Place place = list.item(person.hands.size());
      person.hands.push_back(hand_of({element, place}));
    }
  }
  for (const Person& other : frame.pose.people)
    if (other.id == person.id)
      members.place(id).refuse("occurs for two people of one frame");
  if (members.has(face))
    frame.faces.emplace(person.id, measures_of(members.get(face, members.place(face))));
  frame.pose.people.push_back(std::move(person));
}

int length_of(const Value& value) {
  const std::int64_t length = value.integer();
  if (length < 0 || length > INT_MAX)
    value.place().refuse("is no valid picture size");
  return static_cast<int>(length);
}

Stage stage_of(const Value& value) {
  const std::string_view name = value.text();
  for (const Stage stage : {Stage::original, Stage::deidentified})
    if (name == to_string(stage))
      return stage;
  value.place().refuse("is neither original nor deidentified");
}

TimedPose frame_of(const Value& root, const PoseFrame& header) {
  enum { pts, stage, width, height, people };
  static constexpr Members<5>::Names names{"pts", "stage", "width", "height", "people"};
  const Members<5> members(root, names);
  TimedPose frame;
  frame.pose.detector = header.detector;
  frame.pose.smoothing = header.smoothing;
  const Place time = members.place(pts);
  if (const Value value = members.get(pts, time); !value.is_null()) {
    if (value.integer() < 0)
      time.refuse("is negative");
    frame.pts = static_cast<std::uint64_t>(value.integer());
  }
  frame.pose.stage = stage_of(members.get(stage, members.place(stage)));
  frame.pose.width = length_of(members.get(width, members.place(width)));
  frame.pose.height = length_of(members.get(height, members.place(height)));
  const Place list = members.place(people);
  for (const simdjson::dom::element element : members.get(people, list).array()) {
    const Place place = list.item(frame.pose.people.size());
    read_person({element, place}, frame);
  }
  return frame;
}

PoseFrame header_of(const Value& root) {
  enum { format, detector, smoothing };
  static constexpr Members<3>::Names names{"format", "detector", "smoothing"};
  const Members<3> members(root, names);
  const Place place = members.place(format);
  if (members.get(format, place).text() != lines_format)
    place.refuse("is not " + std::string(lines_format));
  PoseFrame header;
  if (members.has(detector))
    header.detector = members.get(detector, members.place(detector)).text();
  if (members.has(smoothing))
    header.smoothing = members.get(smoothing, members.place(smoothing)).text();
  return header;
}

} // namespace

bool has(const simdjson::dom::element& element, std::string_view key) {
  return element.is_object() && element.at_key(key).error() == simdjson::SUCCESS;
}

bool is_line(const simdjson::dom::element& element) {
  return has(element, "format") || (has(element, "stage") && has(element, "people"));
}

std::vector<TimedPose> frames_of_lines(Document& document) {
  std::vector<TimedPose> frames;
  std::array<std::int64_t, 2> next{};
  PoseFrame header;
  std::string_view rest = document.bytes();
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.find_first_not_of(" \t\r") == std::string_view::npos && rest.empty())
      break; // the file ends with a line break
    const simdjson::dom::element element = document.parse_line(part, line);
    const Place place(document.name(), line);
    if (has(element, "format")) { // two recordings in one file have two headers
      header = header_of({element, place});
      continue;
    }
    frames.push_back(frame_of({element, place}, header));
    frames.back().number = next[frames.back().pose.stage == Stage::original ? 0 : 1]++;
  }
  return frames;
}

} // namespace deid::keypoint_files
