#pragma once
#include "elements/base/gst_ptr.hpp"
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace deid::cli {

/// What happened to one video or picture.
struct Summary {
  std::string input{}, output{}, audit{}, side_by_side{}, measure{};
  std::string method{}, codec{};
  std::string kind = "video";    ///< video, picture
  std::string audio = "dropped"; ///< dropped, kept, none
  std::string status = "done";   ///< done, skipped, failed, left out, busy
  std::string error{};
  std::vector<std::string> provenance{}; ///< what the input said of how it was made; not in the output
  std::vector<std::string> notes{};      ///< sentences: what of the input is not in the output as it was
  std::uint64_t frames = 0;
  std::uint64_t frames_missing = 0;  ///< of a damaged input, as far as its index lists them
  std::string damage{};              ///< what is wrong with the input, a sentence; empty: nothing
  std::vector<std::int64_t> times{}; ///< when the frames that left are shown, from the first one on [ns]
  double seconds = 0, cpu_seconds = 0, duration = 0;                ///< [s]; duration: of the video
  nlohmann::ordered_json detect = nlohmann::ordered_json::object(); ///< facedetect's stats as they are
  nlohmann::ordered_json cover = nlohmann::ordered_json::object();  ///< the cover's stats as they are

  nlohmann::ordered_json meter = nlohmann::ordered_json::object();    ///< oksmeter's stats as they are
  nlohmann::ordered_json identity = nlohmann::ordered_json::object(); ///< identitymeter's

  /// A counter of one of the elements; 0 when it has no such counter.
  static std::uint64_t count(const nlohmann::ordered_json& stats, const std::string& field);
  std::uint64_t frames_dropped() const { return count(cover, "frames-dropped"); }
};

/// An element's `stats` property as JSON; an empty object when it has none.
nlohmann::ordered_json read_stats(GstElement* element);

nlohmann::ordered_json to_json(const Summary& summary);

/// One line of oksmeter's stats; empty when there are none.
std::string movement_text(const nlohmann::ordered_json& meter);

/// One line of identitymeter's stats; empty when there are none.
std::string identity_text(const nlohmann::ordered_json& identity);

/// Lines for people.
std::string to_text(const Summary& summary);

/// User and system CPU time of this process so far [s].
double cpu_seconds();

} // namespace deid::cli
