#pragma once
#include "elements/meta/pose.hpp"
#include "elements/video/frame_view.hpp"

namespace deid::posedetect {

/// Draws the present points of people and hands and the bones between them, one colour an id.
void draw(const video::FrameView& frame, const std::vector<Person>& people);

} // namespace deid::posedetect
