#pragma once
#include "elements/meta/face_region.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/review/people.hpp"
#include <istream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace deid::review {

using Json = nlohmann::ordered_json;

/// What a video allows. An edit outside of it is refused.
struct Bounds {
  int frames = 0;
  cv::Size size{};        ///< px of the upright frame
  std::string method{};   ///< of the run
  bool sound = false;     ///< the result has sound
  std::set<int> people{}; ///< ids of the audit
};

/// A region that a person drew, followed over frames first .. first + boxes - 1.
struct Region {
  int edit = 0;
  std::optional<int> person{};
  std::string shape{};                  ///< box or ellipse; both cover the whole box
  Treatment least = Treatment::blurred; ///< blurred or covered
  std::map<int, cv::Rect2d> keys{};     ///< frames in which the person placed the box
  int first = 0;
  std::vector<cv::Rect2d> boxes{}; ///< px; never empty
  [[nodiscard]] int last() const { return first + static_cast<int>(boxes.size()) - 1; }
  [[nodiscard]] bool holds(int frame) const { return frame >= first && frame <= last(); }
  [[nodiscard]] const cv::Rect2d& at(int frame) const {
    return boxes[static_cast<std::size_t>(frame - first)];
  }
};

/// A span of frames, with what belongs to some kinds of edits.
struct Spanned {
  int edit = 0, first = 0, last = 0;
  int person = 0;   ///< of "no_face"
  cv::Rect2d box{}; ///< of "zone"
};

/// What becomes of a person.
struct Choice {
  int edit = 0, person = 0;
  std::string method{};              ///< swap (as the run does), blur, mask, keep
  std::string why{};                 ///< of keep
  std::vector<std::string> not_as{}; ///< of swap: names of targets that the person does not get
};

/// "merge" or "split".
struct Grouping {
  int edit = 0;
  int a = 0, b = 0; ///< merge: both; split: the person and the new person
  int frame = -1;   ///< of a split; -1: a merge
};

/// The corrections that hold, made from a list of records. A record is an operation of a session with its
/// number ("edit") and, for regions, the boxes that following found. Values; thread: any.
class Edits {
public:
  explicit Edits(Bounds bounds) : bounds_(std::move(bounds)) {}

  /// Takes one record. Throws Failure, with a sentence, when it does not fit; then nothing changed.
  void apply(const Json& record);

  /// Takes the first `count` records of a list. Throws Failure, with the record's place, when one does not
  /// fit.
  static Edits of(Bounds bounds, const Json& records, std::size_t count);

  [[nodiscard]] const std::map<int, Region>& regions() const { return regions_; }
  [[nodiscard]] const std::map<int, Spanned>& zones() const { return zones_; }
  [[nodiscard]] const std::map<int, Spanned>& mutes() const { return mutes_; }
  [[nodiscard]] const std::map<int, Spanned>& no_faces() const { return no_faces_; }
  [[nodiscard]] const std::map<int, Choice>& choices() const { return choices_; }
  /// The last choice for this person; null: as the run did.
  [[nodiscard]] const Choice* choice_of(int person) const;
  [[nodiscard]] People people() const;
  [[nodiscard]] const Bounds& bounds() const { return bounds_; }
  /// The number for the next new edit or person of a split.
  [[nodiscard]] int next() const { return next_; }
  [[nodiscard]] int next_person() const { return next_person_; }
  [[nodiscard]] bool empty() const;
  /// Lists the corrections for people and programs: [{edit, kind, ...}] without boxes of single frames.
  [[nodiscard]] Json list() const;
  [[nodiscard]] const Region& region(int edit) const; ///< throws Failure when there is none

private:
  void take(const Json& record);
  void add_region(const Json& record);
  void move_region(const Json& record);
  void end_region(const Json& record);
  void delete_edit(const Json& record);
  void no_face(const Json& record);
  void zone(const Json& record);
  void treatment(const Json& record);
  void merge(const Json& record);
  void split(const Json& record);
  void sound(const Json& record);
  [[nodiscard]] int person_in(const Json& record, const char* key) const;
  [[nodiscard]] Spanned span_in(const Json& record) const;
  void path_in(const Json& record, Region& region) const;
  int fresh(const Json& record);

  Bounds bounds_;
  std::map<int, Region> regions_{};
  std::map<int, Spanned> zones_{}, mutes_{}, no_faces_{};
  std::map<int, Choice> choices_{};
  std::map<int, Grouping> groupings_{};
  int next_ = 1, next_person_ = 0;
};

/// Reading of values, with sentences. All throw Failure.
namespace value {
/// Reads JSON without trust: not nested deeply, not of more values than a review can have.
Json parsed(std::istream& in);
void only(const Json& json, const std::set<std::string>& known);
int whole(const Json& json, const char* key, int least, int most);
double real(const Json& json, const char* key, double least, double most);
std::string text(const Json& json, const char* key, std::size_t most = 2000);
cv::Rect2d box(const Json& json, cv::Size frame); ///< four numbers; touches the frame
Json json_of(const cv::Rect2d& box);              ///< rounded to tenths
} // namespace value

} // namespace deid::review
