#include "elements/revision/revision.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

namespace deid::revision {

namespace {

using Json = nlohmann::ordered_json;

constexpr int most_px = 1 << 16; ///< a side of a frame or of a box

[[noreturn]] void refuse(const std::string& sentence) {
  throw std::runtime_error(sentence);
}

void only(const Json& json, const std::set<std::string>& known) {
  if (!json.is_object())
    refuse("The line is no JSON object.");
  for (const auto& [key, value] : json.items())
    if (!known.contains(key))
      refuse("\"" + key + "\" is not known.");
}

template <class Value> Value get(const Json& from, const char* key) {
  try {
    return from.at(key).get<Value>();
  } catch (const Json::exception&) {
    refuse(std::string("\"") + key + "\" is missing or is no value of its kind.");
  }
}

/// A whole number of at least `least`: JSON numbers would be converted, and a negative one would wrap.
std::uint64_t number(const Json& from, const char* key, std::uint64_t least = 0) {
  if (!from.contains(key) || !from[key].is_number_unsigned() || from[key].get<std::uint64_t>() < least)
    refuse(std::string("\"") + key + "\" is missing or is no whole number from " + std::to_string(least) +
           " on.");
  return from[key].get<std::uint64_t>();
}

std::uint32_t id_in(const Json& from, std::uint32_t least, std::uint64_t beyond) {
  const std::uint64_t id = number(from, "id", least);
  if (id >= beyond)
    refuse("The id " + std::to_string(id) + " is out of its range.");
  return static_cast<std::uint32_t>(id);
}

cv::Rect2d box_in(const Json& from) {
  const auto box = get<std::array<double, 4>>(from, "box");
  for (const double value : box)
    if (!std::isfinite(value) || std::abs(value) > most_px)
      refuse("A box is impossible.");
  if (box[2] <= 0 || box[3] <= 0)
    refuse("A box is empty.");
  return {box[0], box[1], box[2], box[3]};
}

Treatment least_in(const Json& from) {
  const auto name = get<std::string>(from, "least");
  for (const Treatment treatment : {Treatment::blurred, Treatment::covered})
    if (name == to_string(treatment))
      return treatment;
  refuse("\"" + name + "\" is neither blurred nor covered.");
}

/// Calls `each` for every object of a list; a list that is absent is empty.
template <class Each>
void for_all(const Json& line, const char* key, const std::set<std::string>& known, Each each) {
  if (!line.contains(key))
    return;
  if (!line[key].is_array())
    refuse(std::string("\"") + key + "\" is no list.");
  for (const Json& one : line[key]) {
    only(one, known);
    each(one);
  }
}

std::vector<std::string> names_in(const Json& from) {
  auto names = get<std::vector<std::string>>(from, "not_as");
  if (names.empty() || names.size() > most_names || std::ranges::count(names, std::string()) > 0)
    refuse("\"not_as\" is no list of 1 to " + std::to_string(most_names) + " names.");
  return names;
}

Frame frame_in(const Json& line, cv::Size size) {
  only(line, {"frame", "pts", "added", "removed", "harder", "other"});
  Frame frame;
  if (line.contains("pts"))
    frame.pts = number(line, "pts");
  std::set<std::uint32_t> added, known;
  for_all(line, "added", {"id", "box", "least"}, [&](const Json& one) {
    const Added region{id_in(one, first_added, std::uint64_t{1} << 31U), box_in(one), least_in(one)};
    const FaceRegion face{.box = cv::Rect2f(region.box)};
    if (!touches(face, size))
      refuse("A region that was added lies outside the frame.");
    if (!added.insert(region.id).second)
      refuse("Two regions of a frame have one id.");
    frame.added.push_back(region);
  });
  const auto once = [&known](std::uint32_t id) {
    if (!known.insert(id).second)
      refuse("A frame says two things about the region " + std::to_string(id) + ".");
    return id;
  };
  for_all(line, "removed", {"id", "box"}, [&](const Json& one) {
    frame.removed.push_back({once(id_in(one, 1, first_added)), box_in(one)});
  });
  for_all(line, "harder", {"id", "least"}, [&](const Json& one) {
    frame.harder.push_back({once(id_in(one, 1, first_added)), least_in(one)});
  });
  for_all(line, "other", {"id", "not_as"}, [&](const Json& one) {
    frame.other.push_back({once(id_in(one, 1, first_added)), names_in(one)});
  });
  return frame;
}

Revision header_in(const Json& line) {
  only(line, {"revision", "frames", "width", "height"});
  if (number(line, "revision") != form)
    refuse("The revision has form " + line["revision"].dump() + ", and this version reads form " +
           std::to_string(form) + " alone.");
  const std::uint64_t width = number(line, "width", 1), height = number(line, "height", 1);
  if (width > most_px || height > most_px)
    refuse("The size of the frame is impossible.");
  return {number(line, "frames"), static_cast<int>(width), static_cast<int>(height), {}};
}

Json box_of(const cv::Rect2d& box) {
  return {box.x, box.y, box.width, box.height};
}

Json json_of(std::uint64_t index, const Frame& frame) {
  Json line{{"frame", index}};
  if (frame.pts)
    line["pts"] = *frame.pts;
  for (const Added& one : frame.added)
    line["added"].push_back({{"id", one.id}, {"box", box_of(one.box)}, {"least", to_string(one.least)}});
  for (const Removed& one : frame.removed)
    line["removed"].push_back({{"id", one.id}, {"box", box_of(one.box)}});
  for (const Harder& one : frame.harder)
    line["harder"].push_back({{"id", one.id}, {"least", to_string(one.least)}});
  for (const Other& one : frame.other)
    line["other"].push_back({{"id", one.id}, {"not_as", one.not_as}});
  return line;
}

bool near(const cv::Rect2f& a, const cv::Rect2d& b) {
  const cv::Rect2d box(a);
  return std::abs(box.x - b.x) <= box_slack && std::abs(box.y - b.y) <= box_slack &&
         std::abs(box.width - b.width) <= box_slack && std::abs(box.height - b.height) <= box_slack;
}

} // namespace

std::string text_of(const Revision& revision) {
  std::string text = Json{{"revision", form},
                          {"frames", revision.frames},
                          {"width", revision.width},
                          {"height", revision.height}}
                         .dump() +
                     '\n';
  for (const auto& [index, frame] : revision.changes)
    text += json_of(index, frame).dump() + '\n';
  parse(text);
  return text;
}

Revision parse(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line))
    refuse("The revision is empty.");
  const auto json = [&line] {
    Json parsed = Json::parse(line, nullptr, false);
    if (!parsed.is_object())
      refuse("A line is no JSON object.");
    return parsed;
  };
  Revision revision = header_in(json());
  while (std::getline(lines, line)) {
    const Json parsed = json();
    const std::uint64_t index = number(parsed, "frame");
    if (index >= revision.frames || (!revision.changes.empty() && index <= revision.changes.rbegin()->first))
      refuse("The frame " + std::to_string(index) + " is out of order or beyond the end.");
    revision.changes.emplace(index, frame_in(parsed, {revision.width, revision.height}));
  }
  return revision;
}

Revision read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    refuse(file.string() + " cannot be opened.");
  in.seekg(0, std::ios::end);
  if (in.tellg() < 0 || static_cast<std::uintmax_t>(in.tellg()) > most_bytes)
    refuse(file.string() + " is too large for a revision.");
  std::string text(static_cast<std::size_t>(in.tellg()), '\0');
  in.seekg(0);
  if (!in.read(text.data(), static_cast<std::streamsize>(text.size())))
    refuse(file.string() + " cannot be read.");
  try {
    return parse(text);
  } catch (const std::runtime_error& e) {
    refuse(file.string() + " is no revision of this version. " + e.what());
  }
}

Done remove(std::vector<FaceRegion>& faces, const std::vector<Removed>& removed) {
  Done done;
  for (const Removed& one : removed) {
    const auto before = faces.size();
    std::erase_if(faces,
                  [&](const FaceRegion& face) { return face.id == one.id && near(face.box, one.box); });
    faces.size() < before ? ++done.removed : ++done.kept;
  }
  return done;
}

} // namespace deid::revision
