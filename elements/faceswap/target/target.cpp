#include "elements/faceswap/target/target.hpp"
#include "elements/faceswap/target/base64.hpp"
#include "models/files/whole_file.hpp"
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <simdjson.h>
#include <system_error>

namespace deid::faceswap {

namespace {

constexpr std::string_view format_name = "deid-target-1";
constexpr std::uintmax_t largest_file = std::uintmax_t{32} << 20U; ///< bytes, of base64 and numbers
constexpr std::size_t longest_name = 200, longest_status = 4000;   ///< bytes
constexpr double oldest = 120;                                     ///< years
constexpr double largest_number = 1e6;                             ///< of a landmark or a descriptor
constexpr float smallest_face = 16;  ///< px of width and height; a smaller face has too little texture
constexpr float beyond_image = 0.5F; ///< px by which a landmark may lie outside the image: half a pixel
enum Member : std::size_t {
  format,
  name,
  status,
  width,
  height,
  rgb,
  landmarks,
  descriptor,
  looks,
  member_count
};
constexpr std::array<std::string_view, member_count> member_names{
    "format", "name", "status", "width", "height", "rgb", "landmarks", "descriptor", "looks"};

bool printable(const std::string& text, std::size_t most) {
  return text.size() <= most && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

/// The members of the JSON object of a file. Every getter throws TargetError with the name of the file.
class File {
public:
  explicit File(const std::filesystem::path& path) : where_(path.string()) {
    require_readable(path);
    simdjson::dom::object object;
    if (parser_.load(path.string()).get_object().get(object) != simdjson::SUCCESS)
      refuse("it is not a JSON object that can be read");
    for (const auto& [key, value] : object)
      keep(key, value);
  }
  [[noreturn]] void refuse(const std::string& why) const {
    throw TargetError("The target " + where_ + " cannot be used: " + why + ".");
  }
  [[nodiscard]] simdjson::dom::element get(Member member) const {
    if (!found_.at(member))
      refuse("\"" + std::string(member_names.at(member)) + "\" is missing");
    return *found_.at(member);
  }
  [[nodiscard]] bool has(Member member) const { return found_.at(member).has_value(); }
  [[nodiscard]] std::string_view text(Member member) const {
    std::string_view value;
    if (get(member).get_string().get(value) != simdjson::SUCCESS)
      refuse("\"" + std::string(member_names.at(member)) + "\" is not a text");
    return value;
  }
  [[nodiscard]] int side(Member member) const {
    std::int64_t value = 0;
    if (get(member).get_int64().get(value) != simdjson::SUCCESS || value < Target::least_side ||
        value > Target::most_side)
      refuse("\"" + std::string(member_names.at(member)) + "\" is not a whole number of " +
             std::to_string(Target::least_side) + " to " + std::to_string(Target::most_side));
    return static_cast<int>(value);
  }
  /// Reads exactly `count` finite numbers that a float can hold.
  void numbers(simdjson::dom::element list, float* to, std::size_t count, const std::string& what) const {
    simdjson::dom::array items;
    if (list.get_array().get(items) != simdjson::SUCCESS || items.size() != count)
      refuse(what + " is not an array of " + std::to_string(count) + " numbers");
    for (const simdjson::dom::element item : items) {
      double value = 0;
      if (item.get_double().get(value) != simdjson::SUCCESS || !(std::abs(value) <= largest_number))
        refuse(what + " holds something that is not a number within a million");
      *to++ = static_cast<float>(value);
    }
  }
  [[nodiscard]] const std::string& where() const { return where_; }

private:
  void require_readable(const std::filesystem::path& path) const {
    std::error_code error;
    const auto kind = std::filesystem::status(path, error).type();
    if (kind == std::filesystem::file_type::not_found)
      refuse("there is no such file");
    if (error || kind != std::filesystem::file_type::regular) // a pipe or a device may never end
      refuse("it is not a file that can be read");
    if (std::filesystem::file_size(path, error) > largest_file || error)
      refuse("it is larger than 32 MiB, the limit for targets");
  }
  /// Keeps a member that is known by name.
  void keep(std::string_view key, simdjson::dom::element value) {
    const auto* known = std::find(member_names.begin(), member_names.end(), key);
    if (known == member_names.end())
      return;
    auto& place = found_.at(static_cast<std::size_t>(known - member_names.begin()));
    if (place)
      refuse("\"" + std::string(key) + "\" occurs twice");
    place = value;
  }

  std::string where_;
  simdjson::dom::parser parser_{};
  std::array<std::optional<simdjson::dom::element>, member_count> found_{};
};

cv::Mat read_image(const File& file) {
  const int columns = file.side(width), rows = file.side(height);
  const auto bytes = from_base64(file.text(rgb));
  if (!bytes)
    file.refuse("\"rgb\" is not base64");
  const std::size_t want = static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows) * 3;
  if (bytes->size() != want)
    file.refuse("\"rgb\" holds " + std::to_string(bytes->size()) + " bytes, not " + std::to_string(want));
  cv::Mat image(rows, columns, CV_8UC3);
  std::copy(bytes->begin(), bytes->end(), image.data);
  return image;
}

std::vector<cv::Point3f> read_landmarks(const File& file) {
  simdjson::dom::array items;
  if (file.get(landmarks).get_array().get(items) != simdjson::SUCCESS ||
      items.size() != Target::landmark_count)
    file.refuse("\"landmarks\" is not an array of 468 points");
  std::vector<cv::Point3f> points;
  for (const simdjson::dom::element item : items) {
    std::array<float, 3> xyz{};
    file.numbers(item, xyz.data(), 3, "landmark " + std::to_string(points.size()));
    points.emplace_back(xyz[0], xyz[1], xyz[2]);
  }
  return points;
}

models::Looks read_looks(const File& file) {
  std::array<float, 2> numbers{};
  file.numbers(file.get(looks), numbers.data(), numbers.size(), "\"looks\"");
  return {static_cast<double>(numbers[0]), static_cast<double>(numbers[1])};
}

void require_landmarks(const Target& target, const std::string& where) {
  const auto fail = [&](const std::string& why) {
    throw TargetError(where + " cannot be used: " + why + ".");
  };
  if (target.landmarks.size() != Target::landmark_count)
    fail("it has " + std::to_string(target.landmarks.size()) + " landmarks, not 468");
  cv::Point2f low(1e9F, 1e9F), high(-1e9F, -1e9F);
  for (const cv::Point3f& p : target.landmarks) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y) || !std::isfinite(p.z))
      fail("a landmark is not a finite number");
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  if (high.x - low.x < smallest_face || high.y - low.y < smallest_face)
    fail("its face is smaller than 16 px");
  if (low.x < -beyond_image || low.y < -beyond_image ||
      high.x > static_cast<float>(target.image.cols) + beyond_image ||
      high.y > static_cast<float>(target.image.rows) + beyond_image)
    fail("its landmarks reach outside its image");
}

} // namespace

void require_valid(const Target& target, const std::string& where) {
  const auto fail = [&](const std::string& why) {
    throw TargetError(where + " cannot be used: " + why + ".");
  };
  if (target.image.type() != CV_8UC3 || target.image.dims != 2)
    fail("its image is not RGB of 8 bit");
  if (std::min(target.image.cols, target.image.rows) < Target::least_side ||
      std::max(target.image.cols, target.image.rows) > Target::most_side)
    fail("its image is not " + std::to_string(Target::least_side) + " to " +
         std::to_string(Target::most_side) + " px wide and high");
  require_landmarks(target, where);
  if (target.descriptor && !std::all_of(target.descriptor->begin(), target.descriptor->end(),
                                        [](float v) { return std::isfinite(v); }))
    fail("its descriptor holds something that is not a finite number");
  if (target.looks && !(target.looks->man >= 0 && target.looks->man <= 1 && target.looks->age >= 0 &&
                        target.looks->age <= oldest))
    fail("its looks are not a probability and an age");
  if (!printable(target.name, longest_name) || !printable(target.status, longest_status))
    fail("its name or status is too long or not printable");
}

Target read_target(const std::filesystem::path& path) {
  const File file(path);
  if (file.text(format) != format_name)
    file.refuse("its format is not \"" + std::string(format_name) + "\"");
  Target target;
  target.name = file.text(name);
  target.status = file.text(status);
  target.image = read_image(file);
  target.landmarks = read_landmarks(file);
  if (!file.get(descriptor).is_null())
    file.numbers(file.get(descriptor), target.descriptor.emplace().data(), Target::descriptor_size,
                 "\"descriptor\"");
  if (file.has(looks) && !file.get(looks).is_null())
    target.looks = read_looks(file);
  require_valid(target, "The target " + file.where());
  return target;
}

void write_target(const std::filesystem::path& file, const Target& target) {
  require_valid(target, "The target for " + file.string());
  const cv::Mat image = target.image.isContinuous() ? target.image : target.image.clone();
  nlohmann::ordered_json out{{"format", format_name},   {"name", target.name},
                             {"status", target.status}, {"width", image.cols},
                             {"height", image.rows},    {"rgb", to_base64(image.data, image.total() * 3)}};
  auto& points = out["landmarks"] = nlohmann::ordered_json::array();
  for (const cv::Point3f& p : target.landmarks)
    points.push_back({p.x, p.y, p.z});
  out["descriptor"] =
      target.descriptor ? nlohmann::ordered_json(*target.descriptor) : nlohmann::ordered_json();
  if (target.looks)
    out["looks"] = {target.looks->man, target.looks->age};
  std::string text;
  try {
    text = out.dump();
  } catch (const nlohmann::json::exception&) {
    throw TargetError("The target for " + file.string() +
                      " cannot be used: its name or status is not UTF-8.");
  }

  try {
    files::write_whole(file, text + "\n");
  } catch (const files::WriteError&) {
    throw TargetError("The target " + file.string() + " cannot be written.");
  }
}

} // namespace deid::faceswap
