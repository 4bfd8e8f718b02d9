#pragma once
// Private to this room: one function a format.
#include "elements/posefile/json.hpp"
#include "elements/posefile/read.hpp"
#include <span>

namespace deid::posefile {

/// An OpenPose file's root. number: which frame it is.
TimedPose openpose_frame(const Value& root, std::int64_t number);
/// All lines of a file of ours; the first may be its header.
std::vector<TimedPose> frames_of_lines(Document& document);
/// Whether an object is a line of ours.
bool is_line(const simdjson::dom::element& element);

/// [px] far beyond any picture, and small enough that boxes and areas stay finite.
constexpr double largest_coordinate = 1e9;
/// A number as float, refused when it is beyond that.
float real(const Value& value);

} // namespace deid::posefile
