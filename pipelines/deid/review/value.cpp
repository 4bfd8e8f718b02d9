#include "pipelines/deid/review/edits.hpp"
#include <cmath>

namespace deid::review::value {

using cli::Failure;

Json parsed(std::istream& in) {
  constexpr int deepest = 8;
  constexpr std::size_t most = 8'000'000; // a box of each frame of a day has less
  std::size_t values = 0;
  return Json::parse(
      in,
      [&values](int depth, Json::parse_event_t, const Json&) {
        if (depth > deepest || ++values > most)
          throw Failure("It is nested too deeply, or has too many values.");
        return true;
      },
      false);
}

void only(const Json& json, const std::set<std::string>& known) {
  if (!json.is_object())
    throw Failure("A JSON object is expected.");
  for (const auto& [key, value] : json.items())
    if (!known.contains(key))
      throw Failure("\"" + key + "\" is not known.");
}

int whole(const Json& json, const char* key, int least, int most) {
  if (!json.is_object() || !json.contains(key) || !json[key].is_number_integer())
    throw Failure(std::string("\"") + key + "\" is missing or is no whole number.");
  if (json[key].is_number_unsigned()
          ? json[key].get<std::uint64_t>() > static_cast<std::uint64_t>(std::max(0, most))
          : json[key].get<std::int64_t>() > most)
    throw Failure(std::string("\"") + key + "\" is greater than " + std::to_string(most) + ".");
  const auto number = json[key].get<std::int64_t>();
  if (number < least)
    throw Failure(std::string("\"") + key + "\" is less than " + std::to_string(least) + ".");
  return static_cast<int>(number);
}

double real(const Json& json, const char* key, double least, double most) {
  if (!json.is_object() || !json.contains(key) || !json[key].is_number())
    throw Failure(std::string("\"") + key + "\" is missing or is no number.");
  const auto number = json[key].get<double>();
  if (!(number >= least && number <= most))
    throw Failure(std::string("\"") + key + "\" is out of its range.");
  return number;
}

std::string text(const Json& json, const char* key, std::size_t most) {
  if (!json.is_object() || !json.contains(key) || !json[key].is_string())
    throw Failure(std::string("\"") + key + "\" is missing or is no text.");
  auto text = json[key].get<std::string>();
  if (text.size() > most)
    throw Failure(std::string("\"") + key + "\" is longer than " + std::to_string(most) + " bytes.");
  return text;
}

cv::Rect2d box(const Json& json, cv::Size frame) {
  if (!json.is_array() || json.size() != 4)
    throw Failure("A box needs four numbers: x, y, width, height.");
  std::array<double, 4> n{};
  for (std::size_t i = 0; i < n.size(); ++i) {
    if (!json[i].is_number() || !std::isfinite(json[i].get<double>()) ||
        std::abs(json[i].get<double>()) > 1e5)
      throw Failure("A box needs four numbers: x, y, width, height.");
    n.at(i) = json[i].get<double>();
  }
  if (n[2] < 1 || n[3] < 1)
    throw Failure("A box is smaller than a pixel.");
  if (n[0] >= frame.width || n[1] >= frame.height || n[0] + n[2] <= 0 || n[1] + n[3] <= 0)
    throw Failure("A box lies outside the frame.");
  return {n[0], n[1], n[2], n[3]};
}

Json json_of(const cv::Rect2d& box) {
  const auto tenth = [](double v) { return std::round(v * 10) / 10; };
  return {tenth(box.x), tenth(box.y), tenth(box.width), tenth(box.height)};
}

} // namespace deid::review::value
