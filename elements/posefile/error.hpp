#pragma once
#include <stdexcept>
#include <string>

namespace deid::posefile {

/// A file of keypoints that cannot be used. what() is one sentence: the file, the place in it, what is wrong.
class FileError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace deid::posefile
