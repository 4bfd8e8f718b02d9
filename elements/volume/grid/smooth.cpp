#include "elements/volume/grid/smooth.hpp"
#include <atomic>
#include <future>

namespace deid::volume {

void soften(Field& field, std::size_t axis) {
  std::size_t stride = 1;
  for (std::size_t i = 0; i < axis; ++i)
    stride *= static_cast<std::size_t>(field.size[i]);
  const auto length = static_cast<std::size_t>(field.size[axis]);
  const std::size_t block = stride * length;
  // Whole rows beside each other are worked on together: memory is read in its order.
  std::vector<float> before(stride), here(stride);
  for (std::size_t start = 0; start < field.values.size(); start += block) {
    float* row = field.values.data() + start;
    before.assign(row, row + stride);
    for (std::size_t i = 0; i < length; ++i, row += stride) {
      const float* next = i + 1 < length ? row + stride : row;
      here.assign(row, row + stride);
      for (std::size_t x = 0; x < stride; ++x)
        row[x] = (before[x] + here[x] + next[x]) / 3;
      before.swap(here);
    }
  }
}

void smooth(Field& field, int times) {
  for (int i = 0; i < times; ++i)
    for (std::size_t axis = 0; axis < 3; ++axis)
      soften(field, axis);
}

void in_halves(int count, const std::function<void(int first, int last)>& work) {
  const int middle = count / 2;
  auto other = std::async(std::launch::async, [&] { work(middle, count); });
  work(0, middle); // when it throws, the future's destructor waits for the other half
  other.get();
}

void in_slices(int count, const std::function<void(int slice)>& work) {
  std::atomic<int> next = 0;
  in_halves(2, [&](int, int) {
    for (int i = next++; i < count; i = next++)
      work(i);
  });
}

} // namespace deid::volume
