#pragma once
#include "models/training/face_set.hpp"
#include <cstddef>
#include <map>
#include <stdexcept>
#include <vector>

namespace deid::training {

/// Faces nobody can train on; one sentence that says what to do.
class SelectionError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// What became of the faces that were seen.
struct Account {
  std::size_t frames = 0;          ///< looked at
  std::size_t seen = 0;            ///< faces in them
  std::size_t unsure = 0;          ///< without a mesh, or back-filled
  std::size_t small = 0, cut = 0;  ///< too few pixels; reaching out of the picture
  std::size_t turned = 0;          ///< seen from the side
  std::size_t near_duplicates = 0; ///< like the face before
  std::size_t blurred = 0;
  std::size_t others = 0;   ///< of other people
  std::size_t thinned = 0;  ///< more than are of use; from poses that are there often
  std::size_t held_out = 0; ///< kept, but not trained on
  std::size_t kept = 0;     ///< held out or trained on
};

/// How sharp a crop is: mean square of its Laplacian over that of its contrast, within the face. Comparable
/// within a clip only. rgb: stored_size, CV_8UC3.
float sharpness(const cv::Mat& rgb);

/// Tells faces that are like one before, so that still people do not fill the set. By the largest difference
/// in any part of the face: an eye that closes makes another face.
class DuplicateFilter {
public:
  /// rgb: stored_size, CV_8UC3. True when it is like one of the last kept of this track.
  bool is_like_before(const cv::Mat& rgb, std::uint32_t clip, std::uint32_t track);

private:
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<cv::Mat>> last_{};
};

struct SelectionRule {
  double blur = .4;             ///< share of a clip's median sharpness below which a face is blurred
  std::size_t most = 3000;      ///< faces kept
  std::size_t least = 24;       ///< faces needed
  double held_out = .1;         ///< share held out
  std::string side = "subject"; ///< for sentences
};

/// Keeps the main person's sharp faces, thins poses that are there often, holds out blocks of time. Fills
/// held_out of the faces, the mean, and the account. Throws SelectionError: too few faces; two people about
/// as often as each other.
void select(FaceSet& set, const SelectionRule& rule, Account& account);

/// Which clip and track show one person: groups of (clip, track) by their mean descriptors, the largest (by
/// faces) first. Two of one person are about .3 apart.
using Track = std::pair<std::uint32_t, std::uint32_t>;
struct Person {
  std::vector<Track> tracks{};
  Descriptor mean{};
  std::size_t faces = 0;
};
std::vector<Person> people_of(const std::vector<Face>& faces);

/// How often each face shall be drawn [0..1], mean 1: poses and openings of the mouth that are rare come more
/// often than they are there, by the root of how rare they are.
std::vector<double> balance(const std::vector<Face>& faces);

double distance(const Descriptor& a, const Descriptor& b);

} // namespace deid::training
