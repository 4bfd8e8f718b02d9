#include "elements/measures/coco/pairing.hpp"
#include <algorithm>
#include <cstdlib>
#include <utility>

namespace deid::coco {

void Pairing::enter(Stream& stream, Seen seen) {
  if (stream.last) {
    const std::int64_t step = seen.time - *stream.last;
    if (step > 0)
      shortest_ = shortest_ == 0 ? step : std::min(shortest_, step);
  }
  stream.last = std::max(stream.last.value_or(seen.time), seen.time);
  stream.queue.push_back(std::move(seen));
}

void Pairing::original(Seen seen) {
  enter(original_, std::move(seen));
}

void Pairing::deidentified(Seen seen) {
  enter(deidentified_, std::move(seen));
}

std::vector<FramePair> Pairing::take() {
  std::vector<FramePair> settled;
  const auto front = [](Stream& stream) {
    std::optional<Seen> seen(std::move(stream.queue.front()));
    stream.queue.pop_front();
    return seen;
  };
  while (waiting() > 0) {
    if (original_.queue.empty() || deidentified_.queue.empty()) {
      Stream& behind = original_.queue.empty() ? original_ : deidentified_;
      if (!behind.ended)
        break; // its frame may still come
      FramePair& pair = settled.emplace_back();
      if (original_.queue.empty())
        pair.deidentified = front(deidentified_);
      else
        pair.original = front(original_);
      continue;
    }
    const std::int64_t a = original_.queue.front().time, b = deidentified_.queue.front().time;
    if (undecided(a, b))
      break;
    const bool same = std::abs(a - b) <= tolerance();
    FramePair& pair = settled.emplace_back();
    if (same || a < b)
      pair.original = front(original_);
    if (same || b < a)
      pair.deidentified = front(deidentified_);
  }
  return settled;
}

} // namespace deid::coco
