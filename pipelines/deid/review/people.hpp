#pragma once
#include <cstdint>
#include <map>
#include <vector>

namespace deid::review {

/// Which regions are one person. facedetect gives each face that it follows an id. A person who reviews says
/// that two of them are one person, or that an id belongs to another person from a frame on.
class People {
public:
  /// From the frame on, `person` is the new person `fresh`.
  void split(int person, int frame, int fresh) { splits_.push_back({person, frame, fresh}); }
  void merge(int a, int b);
  /// Returns the person of an id in a frame: the smallest number of those that were merged.
  [[nodiscard]] int at(std::uint32_t id, int frame) const;
  /// Returns the smallest number of the people that were merged with this one.
  [[nodiscard]] int merged(int person) const;

private:
  struct Split {
    int person, frame, fresh;
  };
  std::vector<Split> splits_{};
  std::map<int, int> into_{}; ///< to a smaller number of the same person
};

} // namespace deid::review
