#include "elements/measures/keypoint_files/write.hpp"
#include "elements/measures/keypoint_files/number.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>

namespace deid::keypoint_files {

namespace {

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// [a,b,c]
template <class Number> void append_list(std::string& to, std::initializer_list<Number> numbers) {
  char before = '[';
  for (const Number number : numbers) {
    to += before;
    append_number(to, number);
    before = ',';
  }
  to += ']';
}

void append_points(std::string& to, std::span<const Keypoint> points) {
  to += '[';
  for (const Keypoint& point : points) {
    if (to.back() != '[')
      to += ',';
    if (point.present)
      append_list(to, {point.x, point.y, point.score});
    else
      to += "null";
  }
  to += ']';
}

void append_box(std::string& to, const cv::Rect2f& box) {
  append_list(to, {box.x, box.y, box.width, box.height});
}

void append_hands(std::string& to, const std::vector<Hand>& hands) {
  to += ",\"hands\":[";
  for (const Hand& hand : hands) {
    to += &hand == hands.data() ? "" : ",";
    to += hand.left ? R"({"side":"left","score":)" : R"({"side":"right","score":)";
    append_number(to, hand.score);
    to += ",\"points\":";
    append_points(to, hand.points);
    to += '}';
  }
  to += ']';
}

void append_face(std::string& to, const FaceMeasures& measures) {
  to += ",\"face\":{";
  for (const auto& [name, value] : measures) {
    to += to.back() == '{' ? "" : ",";
    to += quoted(name) + ":";
    append_number(to, value);
  }
  to += '}';
}

void append_person(std::string& to, const Person& person, const TimedPose& frame) {
  to += "{\"id\":";
  append_number(to, person.id);
  to += ",\"score\":";
  append_number(to, person.score);
  to += ",\"set\":\"" + std::string(to_string(person.set)) + "\",\"box\":";
  append_box(to, person.box);
  to += ",\"points\":";
  append_points(to, person.points);
  if (!person.hands.empty())
    append_hands(to, person.hands);
  if (const auto face = frame.faces.find(person.id); face != frame.faces.end())
    append_face(to, face->second);
  to += '}';
}

/// x, y, score of every point without brackets; a missing one is 0,0,0.
void append_triples(std::string& to, std::span<const Keypoint> points) {
  for (const Keypoint& point : points) {
    if (&point != points.data())
      to += ',';
    if (!point.present) {
      to += "0,0,0";
      continue;
    }
    append_number(to, point.x);
    to += ',';
    append_number(to, point.y);
    to += ',';
    append_number(to, point.score);
  }
}

void append_openpose_hand(std::string& to, const Person& person, bool left) {
  to += left ? R"(,"hand_left_keypoints_2d":[)" : R"(,"hand_right_keypoints_2d":[)";
  const auto hand = std::ranges::find(person.hands, left, &Hand::left);
  if (hand != person.hands.end())
    append_triples(to, hand->points);
  to += ']';
}

FileError unwritable(const std::filesystem::path& path) {
  return FileError(path.string() + " cannot be written: " + std::strerror(errno) + ".");
}

} // namespace

std::string line_header(const std::string& detector, const std::string& smoothing) {
  return R"({"format":")" + std::string(lines_format) + R"(","detector":)" + quoted(detector) +
         ",\"smoothing\":" + quoted(smoothing) + "}\n";
}

std::string line_of(const TimedPose& frame) {
  std::string text = "{\"pts\":";
  if (frame.pts)
    append_number(text, *frame.pts);
  else
    text += "null";
  text += ",\"stage\":\"" + std::string(to_string(frame.pose.stage)) + "\",\"width\":";
  append_number(text, frame.pose.width);
  text += ",\"height\":";
  append_number(text, frame.pose.height);
  text += ",\"people\":[";
  for (const Person& person : frame.pose.people) {
    text += &person == frame.pose.people.data() ? "" : ",";
    append_person(text, person, frame);
  }
  return text + "]}\n";
}

std::string openpose_of(const TimedPose& frame) {
  std::string text = "{\"version\":1.3,";
  if (frame.pts) {
    text += "\"pts\":";
    append_number(text, *frame.pts);
    text += ',';
  }
  text += "\"people\":[";
  for (const Person& person : frame.pose.people) {
    text += &person == frame.pose.people.data() ? "" : ",";
    text += "{\"person_id\":[";
    append_number(text, std::int64_t{person.id} - 1);
    text += "],\"pose_keypoints_2d\":[";
    append_triples(text,
                   convert_points(person, person.set == KeypointSet::openpose18 ? KeypointSet::openpose18
                                                                                : KeypointSet::body25));
    text += "],\"face_keypoints_2d\":[]";
    append_openpose_hand(text, person, true);
    append_openpose_hand(text, person, false);
    text += R"(,"pose_keypoints_3d":[],"face_keypoints_3d":[],"hand_left_keypoints_3d":[],)"
            R"("hand_right_keypoints_3d":[]})";
  }
  return text + "]}";
}

std::string coco_result_of(const Person& person, std::int64_t image_id) {
  Person as_coco{.set = KeypointSet::coco17, .points = convert_points(person, KeypointSet::coco17)};
  if (std::ranges::none_of(as_coco.points, &Keypoint::present))
    return {};
  complete_from_points(as_coco);
  std::string text = "{\"image_id\":";
  append_number(text, image_id);
  text += ",\"category_id\":1,\"keypoints\":[";
  append_triples(text, as_coco.points);
  text += "],\"bbox\":";
  append_box(text, as_coco.box);
  text += ",\"score\":";
  append_number(text, person.score);
  return text + "}";
}

PoseWriter::PoseWriter(std::filesystem::path path, Kind kind) : path_(std::move(path)), kind_(kind) {
  if (kind == Kind::coco_ground_truth)
    throw std::invalid_argument("ground truth needs areas; it is not written frame by frame");
  if (kind == Kind::openpose) {
    std::error_code error;
    std::filesystem::create_directories(path_, error);
    if (error)
      throw FileError(path_.string() + " cannot be made: " + error.message() + ".");
    return;
  }
  out_.open(path_, std::ios::binary | std::ios::trunc);
  if (!out_)
    throw unwritable(path_);
  if (kind == Kind::coco_results)
    put("[");
}

void PoseWriter::put(const std::string& text) {
  if (!(out_ << text))
    throw unwritable(path_);
}

void PoseWriter::write(const TimedPose& frame) {
  if (kind_ == Kind::lines) {
    put((first_ ? line_header(frame.pose.detector, frame.pose.smoothing) : "") + line_of(frame));
    first_ = false;
    return;
  }
  if (kind_ == Kind::openpose) {
    const std::string digits = std::to_string(frame.number);
    const std::string zeros(digits.size() < 12 ? 12 - digits.size() : 0, '0');
    const auto stem = path_.has_filename() ? path_.filename() : path_.parent_path().filename();
    const auto file = path_ / (stem.string() + "_" + zeros + digits + "_keypoints.json");
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    if (!(out << openpose_of(frame)).flush())
      throw unwritable(file);
    return;
  }
  for (const Person& person : frame.pose.people) {
    const std::string text = coco_result_of(person, frame.number);
    if (text.empty())
      continue;
    put((first_ ? "" : ",\n") + text);
    first_ = false;
  }
}

void PoseWriter::finish() {
  if (kind_ == Kind::openpose)
    return;
  if (kind_ == Kind::coco_results)
    put("]\n");
  out_.close();
  if (!out_)
    throw unwritable(path_);
}

} // namespace deid::keypoint_files
