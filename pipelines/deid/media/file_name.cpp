#include "pipelines/deid/media/file_name.hpp"
#include "pipelines/deid/failure.hpp"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

namespace deid::cli {

bool is_utf8(const std::string& text) {
  return g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr);
}

ReadableName::ReadableName(const std::filesystem::path& file) : path_(file) {
  if (is_utf8(file.string()))
    return;
  fd_ = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0)
    throw Failure(file.string() + ": cannot be opened (" + std::strerror(errno) + ").");
  path_ = "/proc/self/fd/" + std::to_string(fd_);
}

ReadableName::~ReadableName() {
  if (fd_ >= 0)
    close(fd_);
}

} // namespace deid::cli
