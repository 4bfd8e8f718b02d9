#pragma once
#include "pipelines/deid/review/audited.hpp"
#include "pipelines/deid/review/edits.hpp"
#include <optional>
#include <set>

namespace deid::review {

/// What the second look found in the result.
struct Find {
  enum class Kind { face, head, open };
  Kind kind = Kind::face; ///< face, head: a detector found one that nothing covers; open: the audit has a
                          ///< cover there, and the pixels are the original's
  int first = 0, last = 0;
  double score = 0; ///< of the detector [0..1]; open: how alike original and result are
  cv::Rect2d box{}; ///< around all places where it was seen [px]
  std::optional<int> person{};
};

/// The second look: what is said of original and result by detectors and comparison, without the audit's
/// word.
struct Looked {
  std::vector<int> cuts{}; ///< first frames of scenes
  std::vector<Find> finds{};
};
Json to_json(const Looked& looked);
/// Throws Failure on anything that is damaged or does not fit the video.
Looked looked_in(const Json& json, const Bounds& bounds);

/// A reason to look at some frames.
struct Event {
  int first = 0, last = 0;
  double risk = 0;      ///< [0..1]
  std::string reason{}; ///< a code
  std::string text{};   ///< a sentence for people
  std::optional<int> person{};
  std::optional<cv::Rect2d> box{};
  /// The first or last frame of a cover that begins or ends; nothing: the reason holds for all frames alike.
  std::optional<int> edge{};
};

/// All reasons in an audit and, when there is one, a second look, by their first frame.
std::vector<Event> events_of(const Audited& audited, const Looked* looked);

/// Frames that a person looks at together, because of one reason or several.
struct Moment {
  std::string id{}; ///< the same for the same audit and look
  Event main{};     ///< the greatest of its reasons; first, last and risk are of all together
  std::vector<std::string> reasons{};
  double greatest = 0; ///< risk of a single reason
  /// Where one of its reasons is: the frames and the place that a person has to see.
  struct Place {
    int first = 0, last = 0;
    std::optional<int> person{};
    std::optional<cv::Rect2d> box{}; ///< nothing: anywhere in the picture
    std::optional<int> edge{};       ///< as in Event
  };
  std::vector<Place> places{};
};

struct Moments {
  std::vector<Moment> shown{}; ///< worst first
  std::size_t left_out = 0;    ///< moments of small risk beyond the share of frames that a person looks at
};
Moments moments_of(const std::vector<Event>& events, int frames);

/// The greatest risk of each frame, as ranges: [{first, last, risk}].
Json risk_of(const std::vector<Event>& events, int frames);

} // namespace deid::review
