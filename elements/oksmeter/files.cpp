#include "elements/oksmeter/files.hpp"
#include <algorithm>
#include <stdexcept>
#include <string>
#include <unordered_map>

namespace deid::oks {

namespace {

std::vector<std::int64_t> unique(std::vector<std::int64_t> ids) {
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

bool among(const std::vector<std::int64_t>& sorted, std::int64_t id) {
  return std::ranges::binary_search(sorted, id);
}

/// The annotations that take part, the last of those with one id in place of each, in the order in which
/// pycocotools comes upon them: by image, then by place in the file.
std::vector<coco::Truth> taking_part(const coco::GroundTruth& truth, const std::vector<std::int64_t>& images,
                                     const std::vector<std::int64_t>& categories) {
  std::unordered_map<std::int64_t, const coco::Truth*> last;
  last.reserve(truth.annotations.size());
  std::vector<const coco::Truth*> order;
  for (const coco::Truth& one : truth.annotations) {
    last[one.id] = &one;
    if (among(images, one.image_id) && among(categories, one.category_id))
      order.push_back(&one);
  }
  std::ranges::stable_sort(order, {}, &coco::Truth::image_id);
  std::vector<coco::Truth> result;
  result.reserve(order.size());
  for (const coco::Truth* one : order)
    result.push_back(*last.at(one->id));
  // the one in its place may belong to another image
  std::ranges::stable_sort(result, {}, &coco::Truth::image_id);
  return result;
}

/// Those of the image, which stand at the front of `rest`; takes them away.
template <class One> std::span<const One> take(std::span<const One>& rest, std::int64_t image) {
  while (!rest.empty() && rest.front().image_id < image)
    rest = rest.subspan(1); // of an image that is not listed
  std::size_t count = 0;
  while (count < rest.size() && rest[count].image_id == image)
    ++count;
  const auto taken = rest.first(count);
  rest = rest.subspan(count);
  return taken;
}

} // namespace

Evaluation evaluate(const coco::GroundTruth& truth, std::span<const coco::Detection> detections,
                    bool keep_pairs, Preservation* preservation, std::size_t* passed_over) {
  const auto images = unique(truth.images), categories = unique(truth.categories);
  for (const coco::Detection& detection : detections)
    if (!among(images, detection.image_id))
      throw std::invalid_argument("entry " + std::to_string(detection.id - 1) + " is of image " +
                                  std::to_string(detection.image_id) +
                                  ", which the ground truth does not list");
  const std::vector<coco::Truth> truths = taking_part(truth, images, categories);
  std::vector<coco::Detection> known;
  known.reserve(detections.size());
  std::ranges::copy_if(detections, std::back_inserter(known),
                       [&](const coco::Detection& one) { return among(categories, one.category_id); });
  std::ranges::stable_sort(known, {}, &coco::Detection::image_id);
  if (passed_over != nullptr)
    *passed_over = truth.annotations.size() - truths.size() + detections.size() - known.size();
  Evaluation evaluation(categories, keep_pairs);
  std::span<const coco::Truth> truths_left = truths;
  std::span<const coco::Detection> detections_left = known;
  for (const std::int64_t image : images) {
    const auto of_image = take(truths_left, image);
    const auto found = take(detections_left, image);
    evaluation.add(image, of_image, found);
    if (preservation != nullptr)
      preservation->add(of_image, found);
  }
  return evaluation;
}

} // namespace deid::oks
