#pragma once
#include "tests/faults/truth.hpp"

namespace deid::test {

/// How much of a face is left under a swap. A swap has the light and the colours of the person's skin, so
/// single pixels are equal by chance. A patch of the face may not leave: 8 x 8 px with a structure of its
/// own, of which at most one pixel in 8 differs by more than 2 levels. Patches without structure, those with
/// a slope of light alone, and those not wholly face do not count. left: CV_8UC1. Counts the pixels of such
/// patches (which overlap), and of all patches that count.
Leak patches(const Original& source, const cv::Mat& left);

} // namespace deid::test
