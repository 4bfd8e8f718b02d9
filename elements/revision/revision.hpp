#pragma once
#include "elements/meta/face_region.hpp"
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// A revision says which regions of a video a person added, took away, or wants covered harder, frame by
/// frame. It is a file of lines, each one JSON object: a header, then a line for each frame that changes.
/// docs/schemas/revision.schema.json says what a line may hold. Thread: any.
namespace deid::revision {

/// The form of the lines; the header names it.
constexpr int form = 1;
/// Ids of added regions begin here. facedetect counts from 1 and never comes near.
constexpr std::uint32_t first_added = 1'000'000'000;
/// Most difference between the box of a region and the box that a removal names [px]. An audit rounds to
/// tenths.
constexpr double box_slack = .5;

/// A region that a person drew.
struct Added {
  std::uint32_t id = first_added;       ///< first_added or more; unique in the frame
  cv::Rect2d box{};                     ///< px; touches the frame
  Treatment least = Treatment::blurred; ///< blurred or covered
  bool operator==(const Added&) const = default;
};

/// A region of facedetect that a person takes for no face, or wants to stay visible. It is taken away only
/// when it is where the person saw it.
struct Removed {
  std::uint32_t id = 0; ///< of facedetect
  cv::Rect2d box{};     ///< px, as in the audit that the person saw
  bool operator==(const Removed&) const = default;
};

/// A region of facedetect that is covered harder.
struct Harder {
  std::uint32_t id = 0;                 ///< of facedetect
  Treatment least = Treatment::covered; ///< blurred or covered
  bool operator==(const Harder&) const = default;
};

/// A person behind a region of facedetect who gets none of these targets.
struct Other {
  std::uint32_t id = 0;              ///< of facedetect
  std::vector<std::string> not_as{}; ///< names of targets; 1 to most_names, none empty
  bool operator==(const Other&) const = default;
};
constexpr std::size_t most_names = 64;

struct Frame {
  std::optional<std::uint64_t> pts{}; ///< ns; compared with the frame's time, when both are known
  std::vector<Added> added{};
  std::vector<Removed> removed{};
  std::vector<Harder> harder{};
  std::vector<Other> other{};
  bool operator==(const Frame&) const = default;
};

struct Revision {
  std::uint64_t frames = 0;                 ///< of the whole video
  int width = 0, height = 0;                ///< px of the upright frame
  std::map<std::uint64_t, Frame> changes{}; ///< by the frame's number from 0
  bool operator==(const Revision&) const = default;
};

/// Returns the lines. Throws std::runtime_error, with a sentence, when parse() would refuse them.
std::string text_of(const Revision& revision);

/// Returns what the lines say. Throws std::runtime_error, with a sentence, on anything that is damaged, of
/// another form, unknown, out of order, or impossible.
Revision parse(const std::string& text);

/// The same for a file. Throws std::runtime_error, too, when it cannot be read or is larger than
/// `most_bytes`.
Revision read(const std::filesystem::path& file);
constexpr std::uintmax_t most_bytes = 1U << 30U;

/// What remove() did.
struct Done {
  int removed = 0;
  int kept = 0; ///< regions that should go, and stay because they are not where the person saw them
};

/// Takes away the faces of one frame that the person took away. A face goes only when id and box are those
/// that the person saw. Pixels that another face's region holds stay covered, because each region is covered
/// alone.
Done remove(std::vector<FaceRegion>& faces, const std::vector<Removed>& removed);

} // namespace deid::revision
