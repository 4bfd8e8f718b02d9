#include "elements/measures/keypoint_files/json.hpp"
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace deid::keypoint_files {

namespace {

constexpr std::size_t largest_file = std::size_t{2} << 30U;

class Descriptor {
public:
  explicit Descriptor(const char* path) : fd_(open(path, O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (fd_ >= 0)
      close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

private:
  int fd_;
};

std::string cause() {
  return std::strerror(errno);
}

std::size_t read_some(int file, char* to, std::size_t most, const std::string& name) {
  for (;;) {
    const ssize_t got = read(file, to, most);
    if (got >= 0)
      return static_cast<std::size_t>(got);
    if (errno != EINTR)
      throw FileError(name + " cannot be read: " + cause() + ".");
  }
}

/// Opens files and pipes only, because a device may never end and a directory cannot be read. Also gives the
/// number of bytes.
std::pair<simdjson::padded_string, std::size_t> content_of(const std::string& name) {
  const Descriptor file(name.c_str());
  struct stat facts {};
  if (file.get() < 0 || fstat(file.get(), &facts) != 0)
    throw FileError(name + " cannot be read: " + cause() + ".");
  if (!S_ISREG(facts.st_mode) && !S_ISFIFO(facts.st_mode))
    throw FileError(name + " is not a file.");
  if (S_ISREG(facts.st_mode) && static_cast<std::uint64_t>(facts.st_size) > largest_file)
    throw FileError(name + " is larger than 2 GiB, the limit for reading.");
  // one byte more than the file has: it may be growing, and must then be read to its end
  simdjson::padded_string bytes(S_ISREG(facts.st_mode) ? static_cast<std::size_t>(facts.st_size) + 1
                                                       : 1U << 16U);
  std::size_t used = 0;
  while (const std::size_t got = read_some(file.get(), bytes.data() + used, bytes.size() - used, name)) {
    used += got;
    if (used > largest_file)
      throw FileError(name + " is larger than 2 GiB, the limit for reading.");
    if (used == bytes.size()) {
      simdjson::padded_string more(2 * used);
      std::memcpy(more.data(), bytes.data(), used);
      bytes = std::move(more);
    }
  }
  return {std::move(bytes), used};
}

/// Accepts all events and keeps the position of the first syntax error, which simdjson does not give.
struct FirstError final : nlohmann::json_sax<nlohmann::json> {
  std::size_t position = 0;
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception&) override {
    position = at;
    return false;
  }
};

/// Returns "line 3, column 14" of the first syntax error; empty when this reader finds none.
std::string place_of_error(std::string_view part, std::size_t line) {
  FirstError error;
  // not recursive: nlohmann's event reader keeps its own stack
  if (nlohmann::json::sax_parse(part.begin(), part.end(), &error) || error.position == 0)
    return {};
  const std::string_view before = part.substr(0, error.position - 1);
  const auto breaks = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t last = before.rfind('\n');
  const std::size_t column = before.size() - (last == std::string_view::npos ? 0 : last + 1) + 1;
  return "line " + std::to_string((line == 0 ? 1 : line) + breaks) + ", column " + std::to_string(column);
}

std::string_view without_mark(std::string_view bytes) {
  return bytes.starts_with("\xEF\xBB\xBF") ? bytes.substr(3) : bytes;
}

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace

std::string Place::text() const {
  if (up_ == nullptr)
    return index_ == 0 ? "" : "line " + std::to_string(index_);
  std::string before = up_->text();
  if (key_.data() == nullptr)
    return before + (before.starts_with("line") && up_->up_ == nullptr ? " " : "") + "[" +
           std::to_string(index_) + "]";
  if (!before.empty())
    before += up_->up_ == nullptr ? " " : ".";
  return before + std::string(key_);
}

void Place::refuse(const std::string& why) const {
  const std::string where = text();
  throw FileError(*file_ + ": " + (where.empty() ? "it" : where) + " " + why + ".");
}

double Value::number() const {
  double value = 0;
  if (element_.get_double().get(value) != simdjson::SUCCESS)
    place_->refuse("is not a number");
  if (!std::isfinite(value))
    place_->refuse("is not a finite number");
  return value;
}

std::int64_t Value::integer() const {
  constexpr double exact = 9007199254740992.; // 2^53: above it a double names several whole numbers
  std::int64_t value = 0;
  if (element_.get_int64().get(value) == simdjson::SUCCESS)
    return value;
  if (element_.is_uint64())
    place_->refuse("is larger than 64 bits hold");
  const double real = number();
  if (std::trunc(real) != real || std::abs(real) > exact)
    place_->refuse("is not a whole number");
  return static_cast<std::int64_t>(real);
}

bool Value::flag() const {
  bool value = false;
  return element_.get_bool().get(value) == simdjson::SUCCESS ? value : number() != 0;
}

std::string_view Value::text() const {
  std::string_view value;
  if (element_.get_string().get(value) != simdjson::SUCCESS)
    place_->refuse("is not a text");
  return value;
}

simdjson::dom::array Value::array() const {
  simdjson::dom::array value;
  if (element_.get_array().get(value) != simdjson::SUCCESS)
    place_->refuse("is not an array");
  return value;
}

simdjson::dom::object Value::object() const {
  simdjson::dom::object value;
  if (element_.get_object().get(value) != simdjson::SUCCESS)
    place_->refuse("is not an object");
  return value;
}

Document::Document(const std::filesystem::path& file) : name_(file.string()) {
  auto [content, size] = content_of(name_);
  content_ = std::move(content);
  bytes_ = without_mark(std::string_view(content_).substr(0, size));
}

Document::Document(std::string_view text, std::string name)
    : name_(std::move(name)), content_(text), bytes_(without_mark(content_)) {}

simdjson::dom::element Document::parse() {
  return parse_line(bytes_, 0);
}

simdjson::dom::element Document::parse_line(std::string_view part, std::size_t line) {
  simdjson::dom::element root;
  // every part lies in content_, which ends with simdjson's padding
  if (const auto error = parser_.parse(part.data(), part.size(), false).get(root))
    refuse(part, line, error);
  return root;
}

std::optional<simdjson::dom::element> Document::try_parse(std::string_view part) {
  simdjson::dom::element root;
  if (parser_.parse(part.data(), part.size(), false).get(root) != simdjson::SUCCESS)
    return std::nullopt;
  return root;
}

void Document::refuse(std::string_view part, std::size_t line, simdjson::error_code why) const {
  const std::string in_line = line == 0 ? "" : "line " + std::to_string(line) + " ";
  if (blank(part))
    throw FileError(name_ + ": " + (line == 0 ? "the file " : in_line) + "is empty.");
  if (why == simdjson::MEMALLOC)
    throw FileError(name_ + " needs more memory than there is.");
  if (why == simdjson::DEPTH_ERROR)
    throw FileError(name_ + ": " + in_line + "is nested too deep for a file of keypoints.");
  const std::string where = place_of_error(part, line);
  if (!where.empty())
    throw FileError(name_ + ": " + where + " is not valid JSON.");
  if (why == simdjson::NUMBER_ERROR)
    throw FileError(name_ + ": " + in_line + "holds a number that 64 bits cannot hold.");
  throw FileError(name_ + ": " + in_line + "is not valid JSON: " + simdjson::error_message(why) + ".");
}

} // namespace deid::keypoint_files
