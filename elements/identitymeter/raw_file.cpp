#include "elements/identitymeter/raw_file.hpp"
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace deid::identitymeter {

namespace {

void append(std::string& to, double value) {
  constexpr int digits = 9;
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, digits);
  to.append(text.data(), end.ptr);
}

void append(std::string& to, const cv::Point2f& point) {
  to += '[';
  append(to, static_cast<double>(point.x));
  to += ',';
  append(to, static_cast<double>(point.y));
  to += ']';
}

void append(std::string& to, float value) {
  append(to, static_cast<double>(value));
}

template <class List> void append_list(std::string& to, const std::optional<List>& list) {
  if (!list) {
    to += "null";
    return;
  }
  char before = '[';
  for (const auto& value : *list) {
    to += before;
    append(to, value);
    before = ',';
  }
  to += ']';
}

void append(std::string& to, const std::optional<double>& value) {
  if (value)
    append(to, *value);
  else
    to += "null";
}

void append_cell(std::string& to, const std::optional<double>& value) {
  to += ',';
  if (value)
    append(to, *value);
}

const char* landmarks_of(const Measured& face) {
  return !face.points ? "" : face.found ? "result" : "original";
}

/// A cell of CSV (RFC 4180). A target's name may hold any printable character.
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos)
    return text;
  std::string quoted = "\"";
  for (const char c : text)
    quoted.append(c == '"' ? 2 : 1, c);
  return quoted += '"';
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

[[noreturn]] void fail(const std::filesystem::path& file, const char* what) {
  throw WriteError(file.string() + " " + what + ": " + std::strerror(errno));
}

} // namespace

std::optional<double> second_distance(const Measured& face) {
  return face.second ? std::optional(models::distance(face.second->original, face.second->deidentified))
                     : std::nullopt;
}

std::string raw_head(const RawHead& head) {
  const nlohmann::ordered_json line{{"format", "deid-identity-1"},
                                    {"stream", head.stream},
                                    {"model", {{"name", head.model.name}, {"sha256", head.model.sha256}}},
                                    {"interval", head.interval}};
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

std::string raw_line(const Measured& face) {
  std::string line;
  line.reserve(4096);
  line += "{\"pts\":";
  line += face.pts ? std::to_string(*face.pts) : "null";
  line += ",\"frame\":";
  line += std::to_string(face.frame);
  line += ",\"id\":";
  line += std::to_string(face.sample.id);
  line += ",\"state\":\"";
  line += to_string(face.sample.state);
  line += "\",\"target\":";
  line += face.wears.empty() ? "null" : quoted(face.wears);
  line += ",\"landmarks\":";
  line += !face.points ? "null" : quoted(landmarks_of(face));
  line += ",\"original\":";
  append_list(line, face.sample.original);
  line += ",\"deidentified\":";
  append_list(line, face.sample.deidentified);
  line += ",\"chip_original\":";
  append_list(line, face.original_points);
  line += ",\"chip_deidentified\":";
  append_list(line, face.points);
  line += ",\"d_original\":";
  append(line, face.distances.original);
  line += ",\"d_average\":";
  append(line, face.distances.average);
  line += ",\"d_target\":";
  append(line, face.distances.target);
  line += ",\"d_second\":";
  append(line, second_distance(face));
  line += ",\"second_original\":";
  append_list(line, face.second ? std::optional(face.second->original) : std::nullopt);
  line += ",\"second_deidentified\":";
  append_list(line, face.second ? std::optional(face.second->deidentified) : std::nullopt);
  line += "}\n";
  return line;
}

std::string csv_head() {
  return "pts,frame,id,state,target,landmarks,d_original,d_average,d_target,d_second\n";
}

std::string csv_line(const Measured& face) {
  std::string line = face.pts ? std::to_string(*face.pts) : "";
  line += ',';
  line += std::to_string(face.frame);
  line += ',';
  line += std::to_string(face.sample.id);
  line += ',';
  line += to_string(face.sample.state);
  line += ',';
  line += cell(face.wears);
  line += ',';
  line += landmarks_of(face);
  append_cell(line, face.distances.original);
  append_cell(line, face.distances.average);
  append_cell(line, face.distances.target);
  append_cell(line, second_distance(face));
  line += '\n';
  return line;
}

RawFile::RawFile(const std::filesystem::path& file)
    : file_(file), descriptor_(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600)) {
  if (descriptor_ < 0)
    fail(file_, "cannot be opened");
  struct stat kind {};
  const bool regular = ::fstat(descriptor_, &kind) == 0 && S_ISREG(kind.st_mode);
  // an older file may have been open to other users: restrict it first, then empty it
  if (regular && ::fchmod(descriptor_, 0600) == 0 && ::ftruncate(descriptor_, 0) == 0)
    return;
  const int cause = regular ? errno : EINVAL; // a pipe or a device may have unknown readers
  ::close(descriptor_);
  errno = cause;
  fail(file_, "cannot be made private");
}

RawFile::~RawFile() {
  ::close(descriptor_);
}

void RawFile::write(const std::string& lines) {
  std::size_t done = 0;
  while (done < lines.size()) {
    const ssize_t count = ::write(descriptor_, lines.data() + done, lines.size() - done);
    if (count >= 0)
      done += static_cast<std::size_t>(count);
    else if (errno != EINTR)
      fail(file_, "cannot be written");
  }
}

void RawFile::empty() {
  if (::ftruncate(descriptor_, 0) != 0 || ::lseek(descriptor_, 0, SEEK_SET) != 0)
    fail(file_, "cannot be started again");
}

} // namespace deid::identitymeter
