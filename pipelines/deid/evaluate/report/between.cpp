#include "pipelines/deid/evaluate/report/between.hpp"
#include <algorithm>

namespace deid::evaluate {

namespace {

bool one_face(const Seen& a, const Seen& b) {
  const double common = (a.box & b.box).area();
  const double all = static_cast<double>(a.box.area()) + static_cast<double>(b.box.area()) - common;
  return all > 0 && common / all >= same_face_again && a.marks.size() == b.marks.size();
}

cv::Point2f on_the_way(cv::Point2f from, cv::Point2f to, float share) {
  return from + (to - from) * share;
}

Seen moved(const Seen& from, const Seen& to, float share) {
  const cv::Point2f corner = on_the_way(from.box.tl(), to.box.tl(), share);
  const cv::Point2f size = on_the_way(from.box.size(), to.box.size(), share);
  Seen face{{corner.x, corner.y, size.x, size.y}, std::min(from.score, to.score), {}};
  std::ranges::transform(from.marks, to.marks, std::back_inserter(face.marks),
                         [share](cv::Point2f a, cv::Point2f b) { return on_the_way(a, b, share); });
  return face;
}

} // namespace

std::optional<std::vector<Seen>> between(std::span<const Seen> before, std::span<const Seen> after,
                                         double share) {
  if (before.size() != after.size())
    return {};
  std::vector<Seen> faces;
  for (const Seen& from : before) {
    const auto fits = [&from](const Seen& to) { return one_face(from, to); };
    const auto to = std::ranges::find_if(after, fits);
    if (to == after.end() || std::ranges::count_if(after, fits) > 1 ||
        std::ranges::count_if(before, [&to](const Seen& other) { return one_face(other, *to); }) > 1)
      return {};
    faces.push_back(moved(from, *to, static_cast<float>(share)));
  }
  return faces;
}

} // namespace deid::evaluate
