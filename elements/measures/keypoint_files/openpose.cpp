#include "elements/measures/keypoint_files/formats.hpp"
#include <cmath>

namespace deid::keypoint_files {

namespace {

std::vector<double> numbers(const Value& list) {
  std::vector<double> all;
  for (const simdjson::dom::element element : list.array()) {
    const Place place = list.place().item(all.size());
    all.push_back(static_cast<double>(real(Value(element, place))));
  }
  return all;
}

/// x, y, score, x, y, score, …; a score of 0 or less marks a missing point.
std::vector<Keypoint> triples(const std::vector<double>& all) {
  std::vector<Keypoint> points;
  for (std::size_t i = 0; i + 2 < all.size(); i += 3) {
    const auto score = static_cast<float>(all[i + 2]);
    points.push_back(score > 0
                         ? Keypoint{static_cast<float>(all[i]), static_cast<float>(all[i + 1]), score, true}
                         : Keypoint{});
  }
  return points;
}

void read_body(const Value& list, Person& person) {
  const std::vector<double> all = numbers(list);
  if (all.size() == 3 * keypoint_names(KeypointSet::openpose18).size())
    person.set = KeypointSet::openpose18;
  else if (all.size() == 3 * keypoint_names(KeypointSet::body25).size() || all.empty())
    person.set = KeypointSet::body25;
  else
    list.place().refuse("holds " + std::to_string(all.size()) +
                        " numbers; BODY_25 has 75 and OpenPose's COCO model 54");
  person.points = triples(all);
  person.points.resize(
      keypoint_names(person.set).size()); // there was no body detection: all points are absent
}

void read_hand(const Value& list, bool left, Person& person) {
  const std::vector<double> all = numbers(list);
  if (all.empty())
    return;
  if (all.size() != 3 * Hand::point_count)
    list.place().refuse("holds " + std::to_string(all.size()) + " numbers instead of 63");
  Hand hand{.left = left, .points = triples(all)};
  float sum = 0;
  int present = 0;
  for (const Keypoint& point : hand.points)
    if (point.present) {
      sum += point.score;
      ++present;
    }
  if (present == 0)
    return;
  hand.score = sum / static_cast<float>(present);
  person.hands.push_back(std::move(hand));
}

/// OpenPose writes [-1] for an unknown person.
std::uint32_t id_of(const Value& list, std::uint32_t otherwise) {
  std::vector<std::int64_t> ids;
  for (const simdjson::dom::element element : list.array()) {
    const Place place = list.place().item(ids.size());
    ids.push_back(Value(element, place).integer());
  }
  if (ids.empty() || ids.front() == -1)
    return otherwise;
  if (ids.front() < 0 || ids.front() > std::int64_t{UINT32_MAX} - 1)
    list.place().refuse("is no valid id of a person");
  return static_cast<std::uint32_t>(ids.front()) + 1; // OpenPose counts from 0, we from 1
}

Person person_of(const Value& value, std::uint32_t position) {
  enum { body, left_hand, right_hand, id };
  static constexpr Members<4>::Names names{"pose_keypoints_2d", "hand_left_keypoints_2d",
                                           "hand_right_keypoints_2d", "person_id"};
  const Members<4> members(value, names);
  Person person{.id = position};
  read_body(members.get(body, members.place(body)), person);
  if (members.has(left_hand))
    read_hand(members.get(left_hand, members.place(left_hand)), true, person);
  if (members.has(right_hand))
    read_hand(members.get(right_hand, members.place(right_hand)), false, person);
  if (members.has(id))
    person.id = id_of(members.get(id, members.place(id)), position);
  complete_from_points(person);
  return person;
}

} // namespace

float real(const Value& value) {
  const double number = value.number();
  if (std::abs(number) > largest_coordinate)
    value.place().refuse("is too large for a keypoint");
  return static_cast<float>(number);
}

TimedPose openpose_frame(const Value& root, std::int64_t number) {
  enum { people, pts };
  static constexpr Members<2>::Names names{"people", "pts"};
  const Members<2> members(root, names);
  TimedPose frame{.number = number};
  const Place list = members.place(people);
  for (const simdjson::dom::element element : members.get(people, list).array()) {
    const std::size_t index = frame.pose.people.size();
    const Place place = list.item(index);
    Person person = person_of({element, place}, static_cast<std::uint32_t>(index + 1));
    for (const Person& other : frame.pose.people)
      if (other.id == person.id)
        place.refuse("has the person_id of another person of this frame");
    frame.pose.people.push_back(std::move(person));
  }
  if (members.has(pts)) {
    const std::int64_t time = members.integer(pts);
    if (time < 0)
      members.place(pts).refuse("is negative");
    frame.pts = static_cast<std::uint64_t>(time);
  }
  return frame;
}

} // namespace deid::keypoint_files
