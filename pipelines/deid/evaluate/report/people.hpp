#pragma once
#include "elements/measures/identity/clustering.hpp"
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The list of people that a user gives with --people.
namespace deid::evaluate {

/// One line `clip,person` or `clip,person,id`. A first line that begins with "clip," is a heading. Without an
/// id the line means the face with most measurements in that clip. clip: the file's name, with or without
/// folders and extension. A complete name means that clip only, even when other names end in it.
struct Named {
  std::string clip{}, person{};
  std::optional<std::uint32_t> id{};
};
/// Throws std::runtime_error with one sentence that names the file and the line.
std::vector<Named> read_people(const std::filesystem::path& file);
std::vector<Named> parse_people(std::string_view text, const std::string& name);
/// Applies the list to the tracks. clips: names of all clips. unknown: when not null, receives the names that
/// do not fit exactly one clip in which that face was seen.
identity::Who who_of(const std::vector<Named>& named, const std::vector<std::string>& clips,
                     const std::vector<identity::Track>& tracks, std::vector<std::string>* unknown = nullptr);

/// Names each video after its folder. Videos without a folder get no person.
std::vector<Named> named_by_folder(const std::vector<std::string>& clips);

/// Checks the option --people before hours of work. how: a file, "folder", "cluster" or empty. Throws
/// std::invalid_argument with a sentence that tells the user what to do: a line fits no clip or several
/// clips, or no clip is in a folder. Throws std::runtime_error as read_people() does.
void check_people(const std::string& how, const std::vector<std::string>& clips);

} // namespace deid::evaluate
