#include "elements/meta/face_region.hpp"

namespace deid {

const char* to_string(Origin origin) {
  switch (origin) {
  case Origin::detected:
    return "detected";
  case Origin::tracked:
    return "tracked";
  case Origin::held:
    return "held";
  case Origin::backfilled:
    return "backfilled";
  }
  return "unknown";
}

} // namespace deid
