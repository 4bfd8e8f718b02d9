#include "pipelines/deid/subjects/book.hpp"
#include "models/files/whole_file.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/file_name.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/file.h>
#include <unistd.h>

namespace deid::cli::subjects {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* form = "deid-subjects-1";
constexpr std::uintmax_t largest = 16U << 20U;

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Failure("The book of subjects " + file.string() + " " + why);
}

bool is_plain(const std::string& text) {
  return !text.empty() && text.size() <= 200 && is_utf8(text) &&
         std::ranges::all_of(text, [](unsigned char c) { return c >= ' ' && c != 127; });
}

void require_known(const fs::path& file, const Json& json, const std::set<std::string>& known) {
  for (const auto& [key, value] : json.items())
    if (!known.contains(key))
      refuse(file, "has a field that is not known: '" + key + "'.");
}

Subject subject_in(const fs::path& file, const std::string& id, const Json& json) {
  if (!is_plain(id))
    refuse(file, "has an id that is no printable text of 1 to 200 bytes.");
  if (!json.is_object())
    refuse(file, "is damaged: '" + id + "' is no object.");
  require_known(file, json, {"target", "face", "geometry"});
  const auto text = [&](const char* key) {
    if (json.contains(key) && !json[key].is_string())
      refuse(file, std::string("is damaged: \"") + key + "\" of '" + id + "' is no text.");
    return json.value(key, "");
  };
  Subject subject{text("target"), text("face"), 0};
  if (!is_plain(subject.target))
    refuse(file, "gives '" + id + "' no target.");
  if (json.contains("geometry")) {
    if (!json["geometry"].is_number())
      refuse(file, "is damaged: \"geometry\" of '" + id + "' is no number.");
    subject.geometry = json["geometry"].get<double>();
  }
  if (!(subject.geometry >= 0 && subject.geometry <= 1))
    refuse(file, "has a geometry of '" + id + "' that is not between 0 and 1.");
  return subject;
}

/// The JSON of a file. A subject that stands twice is refused: one of the two would be lost.
Json parsed(const fs::path& file, std::ifstream& in) {
  std::vector<std::set<std::string>> keys;
  std::string twice;
  const auto watch = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start)
      keys.emplace_back();
    else if (event == Json::parse_event_t::object_end)
      keys.pop_back();
    else if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
      twice = value.get<std::string>();
    return true;
  };
  Json json = Json::parse(in, watch, false);
  if (json.is_discarded() || !json.is_object())
    refuse(file, "is damaged: it is no JSON object.");
  if (!twice.empty())
    refuse(file, "is damaged: '" + twice + "' stands in it twice.");
  return json;
}

} // namespace

Book Book::read(const fs::path& file) {
  std::error_code ec;
  if (!fs::exists(file, ec) && !ec)
    return {};
  if (!fs::is_regular_file(file, ec))
    refuse(file, "is not a file that can be read.");
  if (fs::file_size(file, ec) > largest || ec)
    refuse(file, "is larger than 16 MiB, which no book is.");
  std::ifstream in(file, std::ios::binary);
  if (!in)
    refuse(file, "cannot be opened.");
  const Json json = parsed(file, in);
  if (json.value("format", Json()) != form || !json.contains("subjects") || !json["subjects"].is_object())
    refuse(file, std::string("is no book of subjects of the form ") + form + ".");
  require_known(file, json, {"format", "subjects"});
  Book book;
  for (const auto& [id, entry] : json["subjects"].items())
    book.subjects[id] = subject_in(file, id, entry);
  return book;
}

void Book::write(const fs::path& file) const {
  Json all = Json::object();
  for (const auto& [id, subject] : subjects)
    all[id] = {{"target", subject.target}, {"face", subject.face}, {"geometry", subject.geometry}};
  std::error_code ec;
  const fs::path target = fs::weakly_canonical(file, ec); // a link stays a link
  try {
    files::write_whole(ec ? file : target, Json{{"format", form}, {"subjects", all}}.dump(1) + "\n", 0600);
  } catch (const files::WriteError& error) {
    throw Failure(error.what());
  }
}

const Subject* Book::find(const std::string& id) const {
  const auto found = subjects.find(id);
  return found == subjects.end() ? nullptr : &found->second;
}

std::vector<std::string> Book::holders(const std::string& target, const std::string& except) const {
  std::vector<std::string> ids;
  for (const auto& [id, subject] : subjects)
    if (subject.target == target && id != except)
      ids.push_back(id);
  return ids;
}

void check_id(const std::string& id) {
  if (!is_plain(id))
    throw Failure("The id of a subject is a printable text of 1 to 200 bytes.", exit_usage);
}

BookLock::BookLock(const fs::path& book) {
  fs::path file = book;
  file += ".lock";
  fd_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  int locked = -1;
  do
    locked = fd_ < 0 ? -1 : flock(fd_, LOCK_EX);
  while (fd_ >= 0 && locked != 0 && errno == EINTR);
  if (locked == 0)
    return;
  const std::string why = std::strerror(errno);
  if (fd_ >= 0)
    close(fd_);
  throw Failure("The lock " + file.string() + " cannot be made: " + why + ".");
}

BookLock::~BookLock() {
  close(fd_);
}

} // namespace deid::cli::subjects
