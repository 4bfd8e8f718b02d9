#pragma once
#include "elements/meta/pose.hpp"
#include "elements/video/frame_view.hpp"

namespace deid::posedetect {

/// Draws the present points of people and the bones between them into the frame: a colour an id, hands too.
void draw(const video::FrameView& frame, const std::vector<Person>& people);

} // namespace deid::posedetect
