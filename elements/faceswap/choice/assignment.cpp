#include "elements/faceswap/choice/assignment.hpp"

namespace deid::faceswap {

const char* to_string(Reason reason) {
  switch (reason) {
  case Reason::none:
    return "none";
  case Reason::no_landmarks:
    return "no-landmarks";
  case Reason::unsure:
    return "unsure";
  case Reason::turned:
    return "turned";
  case Reason::cut:
    return "cut";
  case Reason::close:
    return "close";
  case Reason::small:
    return "small";
  case Reason::no_target:
    return "no-target";
  case Reason::choosing:
    return "choosing";
  case Reason::target_too_close:
    return "target-too-close";
  case Reason::result_too_close:
    return "result-too-close";
  case Reason::not_assigned:
    return "not-assigned";
  case Reason::not_drawn:
    return "nothing-drawn";
  case Reason::not_trained:
    return "not-trained-for";
  }
  return "unknown";
}

} // namespace deid::faceswap
