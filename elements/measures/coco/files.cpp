#include "elements/measures/coco/files.hpp"
#include <algorithm>
#include <stdexcept>
#include <string>
#include <unordered_map>

namespace deid::coco {

namespace {

std::vector<std::int64_t> unique(std::vector<std::int64_t> ids) {
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

bool among(const std::vector<std::int64_t>& sorted, std::int64_t id) {
  return std::ranges::binary_search(sorted, id);
}

/// Pointers, because the values are large.
template <class One> using Pointers = std::vector<const One*>;

template <class One> void by_image(Pointers<One>& order) {
  if (!std::ranges::is_sorted(order, {}, &One::image_id))
    std::ranges::stable_sort(order, {}, &One::image_id);
}

/// The annotations that take part, in pycocotools' order: by image, then by place in the file. The last
/// annotation with an id stands in for all annotations with this id.
Pointers<Truth> taking_part(const GroundTruth& truth, const std::vector<std::int64_t>& images,
                            const std::vector<std::int64_t>& categories) {
  std::unordered_map<std::int64_t, const Truth*> last;
  last.reserve(truth.annotations.size());
  Pointers<Truth> order;
  for (const Truth& one : truth.annotations) {
    last[one.id] = &one;
    if (among(images, one.image_id) && among(categories, one.category_id))
      order.push_back(&one);
  }
  by_image(order);
  for (const Truth*& one : order)
    one = last.at(one->id);
  by_image(order); // the replacement may belong to another image
  return order;
}

Pointers<Detection> known(std::span<const Detection> detections,
                          const std::vector<std::int64_t>& categories) {
  Pointers<Detection> order;
  order.reserve(detections.size());
  for (const Detection& one : detections)
    if (among(categories, one.category_id))
      order.push_back(&one);
  by_image(order);
  return order;
}

/// Returns the entries of one image after the other, in ascending order.
template <class One> class ByImage {
public:
  explicit ByImage(const Pointers<One>& order) : rest_(order) {}
  /// Valid until the next call.
  std::span<const One> take(std::int64_t image) {
    taken_.clear();
    while (!rest_.empty() && rest_.front()->image_id < image)
      rest_ = rest_.subspan(1); // an image that is not listed
    while (!rest_.empty() && rest_.front()->image_id == image) {
      taken_.push_back(*rest_.front());
      rest_ = rest_.subspan(1);
    }
    return taken_;
  }

private:
  std::span<const One* const> rest_;
  std::vector<One> taken_{};
};

} // namespace

Evaluation evaluate(const GroundTruth& truth, std::span<const Detection> detections, bool keep_pairs,
                    Preservation* preservation, std::size_t* passed_over) {
  const auto images = unique(truth.images), categories = unique(truth.categories);
  for (const Detection& detection : detections)
    if (!among(images, detection.image_id))
      throw std::invalid_argument("entry " + std::to_string(detection.id - 1) + " is of image " +
                                  std::to_string(detection.image_id) +
                                  ", which the ground truth does not list");
  const Pointers<Truth> truths = taking_part(truth, images, categories);
  const Pointers<Detection> of_category = known(detections, categories);
  if (passed_over != nullptr)
    *passed_over = truth.annotations.size() - truths.size() + detections.size() - of_category.size();
  Evaluation evaluation(categories, keep_pairs);
  ByImage<Truth> truths_by_image(truths);
  ByImage<Detection> detections_by_image(of_category);
  for (const std::int64_t image : images) {
    const auto of_image = truths_by_image.take(image);
    const auto found = detections_by_image.take(image);
    evaluation.add(image, of_image, found);
    if (preservation != nullptr)
      preservation->add(of_image, found);
  }
  return evaluation;
}

} // namespace deid::coco
