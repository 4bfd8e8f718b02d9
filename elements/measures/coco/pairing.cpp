#include "elements/measures/coco/pairing.hpp"
#include <algorithm>
#include <cstdlib>
#include <utility>

namespace deid::coco {

namespace {

Seen first_out(std::deque<Seen>& queue) {
  Seen seen = std::move(queue.front());
  queue.pop_front();
  return seen;
}

} // namespace

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

bool Pairing::settle_alone(FramePair& pair) {
  const bool no_original = original_.queue.empty();
  const Stream& behind = no_original ? original_ : deidentified_;
  if (!behind.ended)
    return false; // its frame may still come
  if (no_original)
    pair.deidentified = first_out(deidentified_.queue);
  else
    pair.original = first_out(original_.queue);
  return true;
}

bool Pairing::settle(FramePair& pair) {
  if (original_.queue.empty() || deidentified_.queue.empty())
    return settle_alone(pair);
  const std::int64_t a = original_.queue.front().time, b = deidentified_.queue.front().time;
  if (undecided(a, b))
    return false;
  const bool same = std::abs(a - b) <= tolerance();
  if (same || a < b)
    pair.original = first_out(original_.queue);
  if (same || b < a)
    pair.deidentified = first_out(deidentified_.queue);
  return true;
}

std::vector<FramePair> Pairing::take() {
  std::vector<FramePair> settled;
  while (waiting() > 0) {
    FramePair pair;
    if (!settle(pair))
      break;
    settled.push_back(std::move(pair));
  }
  return settled;
}

} // namespace deid::coco
