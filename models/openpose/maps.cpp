#include "models/openpose/decode.hpp"
#include <array>
#include <optional>
#include <stdexcept>

namespace deid::models {
namespace {

// OpenPose's pairs of parts and the order of their fields, as its networks were trained.
constexpr std::array<Limb, 19> coco_limbs{{
    {1, 2, 6, false},   {1, 5, 10, false},   {2, 3, 7, false},  {3, 4, 8, false},   {5, 6, 11, false},
    {6, 7, 12, false},  {1, 8, 0, false},    {8, 9, 1, false},  {9, 10, 2, false},  {1, 11, 3, false},
    {11, 12, 4, false}, {12, 13, 5, false},  {1, 0, 14, false}, {0, 14, 15, false}, {14, 16, 17, false},
    {0, 15, 16, false}, {15, 17, 18, false}, {2, 16, 9, true},  {5, 17, 13, true},
}};
constexpr std::array<Limb, 26> body25_limbs{{
    {1, 8, 0, false},    {1, 2, 7, false},    {1, 5, 11, false},   {2, 3, 8, false},    {3, 4, 9, false},
    {5, 6, 12, false},   {6, 7, 13, false},   {8, 9, 3, false},    {9, 10, 1, false},   {10, 11, 2, false},
    {8, 12, 4, false},   {12, 13, 5, false},  {13, 14, 6, false},  {1, 0, 15, false},   {0, 15, 16, false},
    {15, 17, 18, false}, {0, 16, 17, false},  {16, 18, 19, false}, {2, 17, 10, true},   {5, 18, 14, true},
    {14, 19, 20, false}, {19, 20, 21, false}, {14, 21, 22, false}, {11, 22, 23, false}, {22, 23, 24, false},
    {11, 24, 25, false},
}};

std::size_t heat_channels(PartSet set) {
  return static_cast<std::size_t>(part_count(set)) + 1; // and the background
}
std::size_t field_channels(PartSet set) {
  return 2 * limbs(set).size();
}

std::string text(const std::vector<std::size_t>& shape) {
  std::string out;
  for (const std::size_t dim : shape)
    out += (out.empty() ? "" : "x") + std::to_string(dim);
  return out.empty() ? "nothing" : out;
}

std::string text(const std::vector<MapTensor>& outputs) {
  std::string out;
  for (const MapTensor& one : outputs)
    out += (out.empty() ? "" : " and ") + text(one.shape);
  return out.empty() ? "nothing" : out;
}

/// How to read the outputs.
struct Reading {
  PartSet set;
  bool channels_last;
  bool fields_first; ///< one output: the fields come first; two outputs: the first holds the fields
};

std::size_t channels(const MapTensor& tensor, bool last) {
  return tensor.shape[last ? 3 : 1];
}
cv::Size cells(const MapTensor& tensor, bool last) {
  return {static_cast<int>(tensor.shape[last ? 2 : 3]), static_cast<int>(tensor.shape[last ? 1 : 2])};
}

std::optional<Reading> try_reading(const std::vector<MapTensor>& outputs, bool last, MapOrder order) {
  for (const PartSet set : {PartSet::coco18, PartSet::body25}) {
    const std::size_t heat = heat_channels(set);
    const std::size_t field = field_channels(set);
    const std::size_t first = channels(outputs[0], last);
    if (outputs.size() == 1) {
      if (first == heat + field)
        return Reading{set, last, order == MapOrder::fields_first};
      continue;
    }
    const std::size_t second = channels(outputs[1], last);
    if (cells(outputs[0], last) != cells(outputs[1], last))
      continue;
    if ((first == heat && second == field) || (first == field && second == heat))
      return Reading{set, last, first == field};
  }
  return {};
}

void require_shape(const MapTensor& tensor) {
  std::size_t count = 1;
  bool fits = tensor.shape.size() == 4 && tensor.shape[0] == 1;
  for (const std::size_t dim : tensor.shape) {
    fits = fits && dim <= 65536;
    count = fits ? count * dim : 0;
  }
  if (!fits || count != tensor.values.size())
    throw std::invalid_argument("A pose network's output of shape " + text(tensor.shape) + " with " +
                                std::to_string(tensor.values.size()) +
                                " values is not one picture's maps (1xCxHxW or 1xHxWxC).");
}

Reading find_reading(const std::vector<MapTensor>& outputs, MapLayout layout, MapOrder order) {
  if (outputs.empty() || outputs.size() > 2)
    throw std::invalid_argument("A pose network has 1 or 2 outputs of maps, not " +
                                std::to_string(outputs.size()) + ".");
  for (const MapTensor& tensor : outputs)
    require_shape(tensor);
  std::optional<Reading> first;
  std::optional<Reading> last;
  if (layout != MapLayout::channels_last)
    first = try_reading(outputs, false, order);
  if (layout != MapLayout::channels_first)
    last = try_reading(outputs, true, order);
  if (first && last)
    throw std::invalid_argument("Outputs of shape " + text(outputs) +
                                " fit both layouts: state whether the channels come first or last.");
  if (!first && !last)
    throw std::invalid_argument("Outputs of shape " + text(outputs) +
                                " are not OpenPose maps: 57 channels (19 heat maps, 38 fields) or 78 (26 "
                                "and 52), in one output or two, are known.");
  return first ? *first : *last;
}

/// `count` channels from `begin` on, one map each.
std::vector<cv::Mat> take(const MapTensor& tensor, bool last, std::size_t begin, std::size_t count) {
  const cv::Size size = cells(tensor, last);
  const std::size_t step = last ? channels(tensor, last) : 1;
  const std::size_t area = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  std::vector<cv::Mat> maps;
  for (std::size_t c = begin; c < begin + count; ++c) {
    cv::Mat map(size, CV_32FC1);
    const std::size_t start = last ? c : c * area;
    auto* const out = map.ptr<float>();
    for (std::size_t i = 0; i < area; ++i)
      out[i] = tensor.values[start + i * step];
    maps.push_back(std::move(map));
  }
  return maps;
}

} // namespace

std::span<const Limb> limbs(PartSet set) {
  return set == PartSet::coco18 ? std::span<const Limb>(coco_limbs) : std::span<const Limb>(body25_limbs);
}

int part_count(PartSet set) {
  return set == PartSet::coco18 ? 18 : 25;
}

PartMaps split_maps(const std::vector<MapTensor>& outputs, MapLayout layout, MapOrder order) {
  const auto [set, last, fields_first] = find_reading(outputs, layout, order);
  const bool together = outputs.size() == 1;
  const MapTensor& heat = outputs[!together && fields_first ? 1 : 0];
  const MapTensor& field = outputs[together || fields_first ? 0 : 1];
  const std::size_t heat_begin = together && fields_first ? field_channels(set) : 0;
  const std::size_t field_begin = together && !fields_first ? heat_channels(set) : 0;
  return {.set = set,
          .heat = take(heat, last, heat_begin, static_cast<std::size_t>(part_count(set))),
          .fields = take(field, last, field_begin, field_channels(set))};
}

} // namespace deid::models
