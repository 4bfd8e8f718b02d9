#pragma once
// Private to this room. One function for each format.
#include "elements/measures/keypoint_files/json.hpp"
#include "elements/measures/keypoint_files/read.hpp"
#include <span>
#include <string_view>

namespace deid::keypoint_files {

/// Converts the root of an OpenPose file. number: the frame's number.
TimedPose openpose_frame(const Value& root, std::int64_t number);
/// Converts all lines of a JSON lines file. The first line may be a header.
std::vector<TimedPose> frames_of_lines(Document& document);
/// True when the element is an object with this member.
bool has(const simdjson::dom::element& element, std::string_view key);
/// True when an object is a line of a JSON lines file.
bool is_line(const simdjson::dom::element& element);

/// [px] larger than any picture; boxes and areas stay finite.
constexpr double largest_coordinate = 1e9;
/// Converts a number to float. Throws FileError when it is above largest_coordinate.
float real(const Value& value);

} // namespace deid::keypoint_files
