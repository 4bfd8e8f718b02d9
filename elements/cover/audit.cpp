#include "elements/cover/audit.hpp"
#include "elements/base/error.hpp"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace deid::cover {

Audit::Audit(const std::filesystem::path& file)
    : file_(file), descriptor_(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
  if (descriptor_ < 0)
    throw ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE, "The audit file cannot be opened.",
                       file_.string() + ": " + std::strerror(errno));
}

Audit::~Audit() {
  ::close(descriptor_);
}

void Audit::write(const nlohmann::ordered_json& line) {
  const std::string text = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(descriptor_, text.data() + done, text.size() - done);
    if (count >= 0) {
      done += static_cast<std::size_t>(count);
      continue;
    }
    if (errno == EINTR)
      continue;
    failed_ = true;
    const int code =
        errno == ENOSPC || errno == EDQUOT ? GST_RESOURCE_ERROR_NO_SPACE_LEFT : GST_RESOURCE_ERROR_WRITE;
    throw ElementError(GST_RESOURCE_ERROR, code,
                       "The audit file cannot be written; the frame was not passed on.",
                       file_.string() + ": " + std::strerror(errno));
  }
}

} // namespace deid::cover
