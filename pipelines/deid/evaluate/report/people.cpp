#include "pipelines/deid/evaluate/report/people.hpp"
#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace deid::evaluate {

namespace {

bool fits(const std::string& named, const std::string& clip) {
  const std::filesystem::path file(clip);
  return named == clip || named == file.filename().string() || named == file.stem().string() ||
         named == (file.parent_path() / file.stem()).string();
}

/// Returns the clips that the name fits. More than one means that the name is ambiguous.
std::vector<std::string> fitting(const std::string& named, const std::vector<std::string>& clips) {
  if (std::ranges::find(clips, named) != clips.end())
    return {named};
  std::vector<std::string> found;
  std::ranges::copy_if(clips, std::back_inserter(found),
                       [&](const std::string& clip) { return fits(named, clip); });
  return found;
}

Named named_of(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, ',');) {
    const auto first = part.find_first_not_of(" \t\""), last = part.find_last_not_of(" \t\"\r");
    parts.push_back(first == std::string::npos ? "" : part.substr(first, last - first + 1));
  }
  if (parts.size() < 2 || parts.size() > 3 || parts[0].empty() || parts[1].empty())
    throw std::invalid_argument("it needs clip,person or clip,person,id");
  Named named{parts[0], parts[1], std::nullopt};
  if (parts.size() == 3 && !parts[2].empty()) {
    std::uint32_t id = 0;
    const char* end = parts[2].data() + parts[2].size();
    if (std::from_chars(parts[2].data(), end, id).ptr != end)
      throw std::invalid_argument("\"" + parts[2] + "\" is no id of a face");
    named.id = id;
  }
  return named;
}

} // namespace

std::vector<Named> parse_people(std::string_view text, const std::string& name) {
  std::vector<Named> all;
  std::istringstream in{std::string(text)};
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos || line.starts_with("#") ||
        (number == 1 && line.starts_with("clip,")))
      continue;
    try {
      all.push_back(named_of(line));
    } catch (const std::invalid_argument& e) {
      throw std::runtime_error(name + ", line " + std::to_string(number) + ": " + e.what() + ".");
    }
  }
  return all;
}

std::vector<Named> read_people(const std::filesystem::path& file) {
  std::ostringstream text;
  const std::ifstream in(file, std::ios::binary);
  text << in.rdbuf();
  if (!in)
    throw std::runtime_error(file.string() + " cannot be read; --people needs a file of lines clip,person.");
  return parse_people(text.str(), file.filename().string());
}

identity::Who who_of(const std::vector<Named>& named, const std::vector<std::string>& clips,
                     const std::vector<identity::Track>& tracks, std::vector<std::string>* unknown) {
  identity::Who who;
  for (const Named& one : named) {
    const auto meant = fitting(one.clip, clips);
    const identity::Track* best = nullptr;
    for (const identity::Track& track : tracks)
      if (meant.size() == 1 && meant[0] == track.clip && (!one.id || *one.id == track.id) &&
          (best == nullptr || track.described > best->described))
        best = &track;
    if (best != nullptr)
      who[{best->clip, best->id}] = one.person;
    else if (unknown != nullptr)
      unknown->push_back(one.clip);
  }
  return who;
}

std::vector<Named> named_by_folder(const std::vector<std::string>& clips) {
  std::vector<Named> named;
  for (const std::string& clip : clips)
    if (std::string person = std::filesystem::path(clip).parent_path().filename().string(); !person.empty())
      named.push_back({clip, std::move(person), std::nullopt});
  return named;
}

void check_people(const std::string& how, const std::vector<std::string>& clips) {
  if (how.empty() || how == "cluster")
    return;
  if (how == "folder") {
    if (named_by_folder(clips).empty())
      throw std::invalid_argument("--people folder needs one folder per person, but no video is in a folder; "
                                  "give the folder above them, or a list of clip,person.");
    return;
  }
  const std::vector<Named> named = read_people(how);
  if (named.empty())
    throw std::invalid_argument(how + " has no line clip,person, which --people needs.");
  for (const Named& one : named) {
    const auto meant = fitting(one.clip, clips);
    if (meant.empty())
      throw std::invalid_argument(
          "\"" + one.clip + "\" in " + how + " is none of these videos; the first is called \"" +
          (clips.empty() ? "" : clips.front()) + "\". Correct the line or remove it.");
    if (meant.size() > 1)
      throw std::invalid_argument("\"" + one.clip + "\" in " + how + " may be " + meant[0] + " or " +
                                  meant[1] + "; write it with its folder and extension.");
  }
}

} // namespace deid::evaluate
