#include "elements/facedetect/counts.hpp"

namespace deid::facedetect {

void count(Counts& counts, const PendingFrame& frame) {
  ++counts.frames;
  counts.frames_with_faces += frame.faces.empty() ? 0 : 1;
  for (const FaceRegion& face : frame.faces) {
    switch (face.origin) {
    case Origin::detected:
      ++counts.detected;
      break;
    case Origin::tracked:
      ++counts.tracked;
      break;
    case Origin::held:
      ++counts.held;
      break;
    case Origin::backfilled:
      ++counts.backfilled;
      break;
    case Origin::body:
      ++counts.body;
      break;
    }
  }
}

} // namespace deid::facedetect
