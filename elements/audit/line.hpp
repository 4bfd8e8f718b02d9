#pragma once
#include "elements/audit/outcome.hpp"
#include <nlohmann/json.hpp>
#include <string_view>
#include <variant>

/// An audit is a file of lines, each one JSON object: a header, then a line for each frame, then a summary.
/// docs/schemas/audit.schema.json says what a line may hold. All programs write lines of frames with
/// to_json() and read them with parse(). Thread: any.
namespace deid::audit {

using Json = nlohmann::ordered_json;

/// The form of the lines; the header names it. Form 1 told outcomes in words alone.
constexpr int form = 2;

/// The first line; it is written again when settings change.
struct Header {
  std::string element{};  ///< name of the element that covers
  std::string version{};  ///< of this software
  Json settings{};        ///< of the element
  std::string detector{}; ///< models of facedetect and their hashes
};

struct Face {
  std::uint32_t id = 0;           ///< as in FaceRegion
  cv::Rect2d box{};               ///< frame px
  double score = 0;               ///< [0..1]
  std::optional<Origin> origin{}; ///< nothing: a region of another plugin
  Outcome outcome{};
  std::string done{}; ///< words() of the outcome, for people; programs read `outcome`
  bool operator==(const Face&) const = default;
};

struct Frame {
  std::optional<std::uint64_t> pts{}; ///< ns
  std::vector<Face> faces{};
  std::string doubt{};  ///< why it is not certain where faces are; empty: it is certain
  std::string action{}; ///< what was done about the doubt: cover-frame, drop, error
  bool operator==(const Frame&) const = default;
};

/// A file, by its content.
struct FileFacts {
  std::string sha256{}; ///< 64 lower-case hex digits
  std::uint64_t bytes = 0;
  bool operator==(const FileFacts&) const = default;
};

/// Which run of `deid run` wrote the audit. Only this binds an audit to its videos.
struct Run {
  FileFacts original{}, result{};
  int width = 0, height = 0; ///< px of the upright frame
  Json options{};            ///< of the run, as far as they decide on the result
};

/// A line that tells of no frame: the counters at the end, or what the input said of its making.
struct Rest {};

using Line = std::variant<Header, Frame, Run, Rest>;

/// Returns an outcome in a few words, such as "swap nobody-3, distance 0.712" or "average (turned)". cover:
/// the words for the cover.
std::string words(const Outcome& outcome, std::string_view cover);

Json to_json(const Header& header);
/// Rounds: boxes to tenths, scores, weights and distances to thousandths, geometry to hundredths.
Json to_json(const Frame& frame);

Json to_json(const Run& run);

/// Returns what a line says. Throws std::runtime_error, with a sentence, on a line that is damaged, of
/// another form, or no line of an audit.
Line parse(std::string_view line);

} // namespace deid::audit
