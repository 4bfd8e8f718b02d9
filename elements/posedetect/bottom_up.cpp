#include "elements/posedetect/bottom_up.hpp"
#include "models/manifest/manifest.hpp"
#include <algorithm>
#include <cmath>

namespace deid::posedetect {

namespace {

Person person_of(const models::BodyPose& pose, models::PartSet set, cv::Point2f unit) {
  Person person{.score = pose.score,
                .set = set == models::PartSet::coco18 ? KeypointSet::openpose18 : KeypointSet::body25};
  float left = 0, top = 0, right = 0, bottom = 0;
  bool first = true;
  for (const models::BodyPart& part : pose.parts) {
    const cv::Point2f at(part.at.x * unit.x, part.at.y * unit.y);
    person.points.push_back({at.x, at.y, std::clamp(part.score, 0.F, 1.F), part.present});
    if (!part.present)
      continue;
    left = first ? at.x : std::min(left, at.x);
    right = first ? at.x : std::max(right, at.x);
    top = first ? at.y : std::min(top, at.y);
    bottom = first ? at.y : std::max(bottom, at.y);
    first = false;
  }
  person.box = {left, top, right - left, bottom - top};
  return person;
}

} // namespace

BottomUp::BottomUp(const std::filesystem::path& model, const models::SessionOptions& options)
    : network_(model, {.session = options}) {
  description_ = models::described(model, {});
}

std::vector<Person> BottomUp::step(const video::FrameView& frame, std::int64_t time, int most,
                                   std::int64_t absence) {
  // at most as large as the network's input: more pixels would be converted for nothing
  const cv::Size whole = frame.size();
  const cv::Size input = network_.input();
  const double scale = std::min(
      {1., static_cast<double>(input.width) / whole.width, static_cast<double>(input.height) / whole.height});
  const cv::Size size(std::max(1, static_cast<int>(std::lround(whole.width * scale))),
                      std::max(1, static_cast<int>(std::lround(whole.height * scale))));
  video::downscale_rgb(frame, size, image_);
  const cv::Point2f unit(static_cast<float>(whole.width) / static_cast<float>(size.width),
                         static_cast<float>(whole.height) / static_cast<float>(size.height));
  std::vector<Person> people;
  for (const models::BodyPose& pose : network_.detect(image_)) {
    if (people.size() >= static_cast<std::size_t>(most))
      break;
    people.push_back(person_of(pose, network_.set(), unit));
  }
  identities_.name(people, time, absence);
  std::ranges::sort(people, {}, &Person::id);
  return people;
}

} // namespace deid::posedetect
