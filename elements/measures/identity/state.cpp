#include "elements/measures/identity/state.hpp"

namespace deid::identity {

const char* to_string(State state) {
  switch (state) {
  case State::swapped:
    return "swapped";
  case State::blurred:
    return "blurred";
  case State::covered:
    return "covered";
  case State::none:
    return "none";
  case State::unknown:
    break;
  }
  return "unknown";
}

State state_of(Treatment treatment) {
  switch (treatment) {
  case Treatment::swapped:
    return State::swapped;
  case Treatment::blurred:
    return State::blurred;
  case Treatment::covered:
    return State::covered;
  case Treatment::none:
    return State::none;
  }
  return State::unknown;
}

} // namespace deid::identity
