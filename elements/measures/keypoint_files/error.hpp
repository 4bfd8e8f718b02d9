#pragma once
#include <stdexcept>
#include <string>

namespace deid::keypoint_files {

/// A keypoint file cannot be used. what() is one sentence with the file, the place in the file and the
/// reason.
class FileError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace deid::keypoint_files
