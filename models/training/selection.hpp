#pragma once
#include "models/training/face_set.hpp"
#include <cstddef>
#include <map>
#include <stdexcept>
#include <vector>

namespace deid::training {

/// The faces cannot be trained on. what() is one sentence that says what to do.
class SelectionError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Counts of the faces that were seen, and why some were dropped.
struct Account {
  std::size_t frames = 0;          ///< frames searched
  std::size_t seen = 0;            ///< faces in them
  std::size_t unsure = 0;          ///< without a mesh, or back-filled
  std::size_t small = 0, cut = 0;  ///< too few pixels; beyond the picture's edge
  std::size_t turned = 0;          ///< seen from the side
  std::size_t near_duplicates = 0; ///< like a face before
  std::size_t blurred = 0;
  std::size_t others = 0;   ///< of other people
  std::size_t thinned = 0;  ///< more than needed, from frequent poses
  std::size_t held_out = 0; ///< kept, but not trained on
  std::size_t kept = 0;     ///< for training or held out
};

/// Returns how sharp the core of a crop is: the standard deviation of its Laplacian over that of its grey
/// values. Comparable only within a clip. rgb: stored_size, CV_8UC3.
float sharpness(const cv::Mat& rgb);

/// Recognises faces that are like an earlier one, so that a person at rest does not fill the set. It compares
/// the largest difference in any part of the face: a closing eye makes a face another one.
class DuplicateFilter {
public:
  /// rgb: stored_size, CV_8UC3. Returns true when the face is like one of the last kept ones of this track.
  /// Otherwise the face is kept for comparison.
  bool is_like_before(const cv::Mat& rgb, std::uint32_t clip, std::uint32_t track);

private:
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<cv::Mat>> last_{};
};

struct SelectionRule {
  double blur = .4;             ///< share of a clip's median sharpness; a face below it is blurred
  std::size_t most = 3000;      ///< faces kept
  std::size_t least = 24;       ///< faces needed
  double held_out = .1;         ///< share held out
  std::string side = "subject"; ///< used in error messages
};

/// Keeps the main person's sharp faces, thins out frequent poses, and holds out blocks of time. Sets held_out
/// of the faces, the mean, and the account. Throws SelectionError when there are too few faces, or when
/// another person has more than a quarter as many faces as the main person.
void select(FaceSet& set, const SelectionRule& rule, Account& account);

/// Groups the tracks (clip, track) by person, by their mean descriptors. The person with most faces comes
/// first. Two tracks of one person are about .3 apart.
using Track = std::pair<std::uint32_t, std::uint32_t>;
struct Person {
  std::vector<Track> tracks{};
  Descriptor mean{};
  std::size_t faces = 0;
};
std::vector<Person> people_of(const std::vector<Face>& faces);

/// Returns how often each face should be drawn, relative to a mean of 1: inversely to the root of the number
/// of faces with the same pose and mouth opening.
std::vector<double> balance(const std::vector<Face>& faces);

double distance(const Descriptor& a, const Descriptor& b);

} // namespace deid::training
