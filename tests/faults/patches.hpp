#pragma once
#include "tests/faults/truth.hpp"

namespace deid::test {

/// What is left of a face under a swap. A swap has the light and the colours of the person's skin, so single
/// pixels are equal by chance; what may not leave is a patch of the face, 8 x 8 px with structure of its own,
/// of which at most one pixel in 8 differs by more than 2 levels. Patches without structure, and those not
/// wholly face, do not count. left: CV_8UC1. Pixels of such patches (which overlap), and of all that count.
Leak patches(const Original& source, const cv::Mat& left);

} // namespace deid::test
