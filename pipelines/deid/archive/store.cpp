#include "pipelines/deid/archive/store.hpp"
#include "models/files/whole_file.hpp"
#include "pipelines/deid/failure.hpp"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace deid::archive {
namespace fs = std::filesystem;
namespace {

constexpr const char* record_name = "state.json";
constexpr std::size_t key_length = 32; ///< hex digits of the name of a result's folder

void make_private(const fs::path& folder) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    throw cli::Failure(folder.string() + " cannot be made (" + std::strerror(errno) + ").");
}

std::optional<FileState> read_record(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    if (errno == ENOENT || errno == ESTALE)
      return std::nullopt;
    throw cli::Failure(file.string() + " cannot be read (" + std::strerror(errno) + ").");
  }
  std::ostringstream text;
  text << in.rdbuf();
  if (text.str().empty()) // another process is making it, or was killed there
    return std::nullopt;
  try {
    return state_in(text.str());
  } catch (const std::runtime_error& e) {
    throw cli::Failure("The record " + file.string() + " " + e.what() +
                       ". Remove it, and check the result that it belongs to.");
  }
}

} // namespace

fs::path Store::folder_of(const fs::path& output) const {
  return folder() / "files" / hash_of(output.lexically_normal().string()).substr(0, key_length);
}

bool Store::exists() const {
  std::error_code ec;
  return fs::is_directory(folder(), ec);
}

void Store::make_folder(const fs::path& output) const {
  std::error_code ec;
  fs::create_directories(out_, ec);
  for (const fs::path& one : {folder(), folder() / "files", folder_of(output)})
    make_private(one);
}

std::optional<FileState> Store::load(const fs::path& output) const {
  return read_record(folder_of(output) / record_name);
}

void Store::save(const FileState& state) const {
  files::write_whole(folder_of(state.output) / record_name, to_text(state), 0600);
}

void Store::add(const FileState& state) const {
  make_folder(state.output);
  const fs::path file = folder_of(state.output) / record_name;
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST)
    return;
  const std::string text = to_text(state);
  const bool written = fd >= 0 && write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int error = errno;
  if (fd >= 0)
    close(fd);
  if (written)
    return;
  if (fd >= 0)
    unlink(file.c_str());
  throw cli::Failure("The record of a result cannot be written: " + file.string() + " (" +
                     std::strerror(error) + ").");
}

std::map<std::string, FileState> Store::all() const {
  std::map<std::string, FileState> found;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder() / "files", ec))
    if (auto state = read_record(entry.path() / record_name))
      found.emplace(state->output, std::move(*state));
  if (ec && ec != std::errc::no_such_file_or_directory)
    throw cli::Failure(folder().string() + " cannot be read (" + ec.message() + ").");
  return found;
}

} // namespace deid::archive
