#include "pipelines/deid/review/people.hpp"
#include <algorithm>

namespace deid::review {

int People::merged(int person) const {
  for (auto found = into_.find(person); found != into_.end(); found = into_.find(person))
    person = found->second;
  return person;
}

void People::merge(int a, int b) {
  a = merged(a);
  b = merged(b);
  if (a != b)
    into_[std::max(a, b)] = std::min(a, b);
}

int People::at(std::uint32_t id, int frame) const {
  int person = static_cast<int>(id);
  for (const Split& split : splits_)
    if (merged(person) == merged(split.person) && frame >= split.frame)
      person = split.fresh;
  return merged(person);
}

} // namespace deid::review
