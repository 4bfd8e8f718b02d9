#include "pipelines/deid/review/from.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/review/compile.hpp"
#include "pipelines/deid/review/store.hpp"
#include "pipelines/deid/run/facts.hpp"
#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

namespace deid::review {

using cli::Failure;

namespace {

/// Refuses options that the first run has decided.
void check_given(const cli::RunOptions& given) {
  if (cli::deciding_options(given) != cli::deciding_options({}))
    throw Failure(
        "With --from the options are those of the first run. Give only the video, -o, --audit, --overwrite, "
        "--side-by-side, --measure, --json-summary, --sign and --quiet.",
        cli::exit_usage);
  if (given.dry_run)
    throw Failure("--dry-run does not work with --from: the corrections exist only while the run lasts.",
                  cli::exit_usage);
}

/// Throws unless the audit is that of the review.
void check_audit(const Audited& audited, const Stored& stored) {
  if (audited.run.original != stored.original.facts || audited.run.result != stored.result.facts ||
      static_cast<int>(audited.frames.size()) != stored.frames || audited.size() != stored.size)
    throw Failure("The review and its audit belong to different videos. Nothing was done.");
}

/// Writes a text where only this process finds it.
int hidden_file(const std::string& text) {
  const int fd = memfd_create("revision", MFD_CLOEXEC);
  std::size_t done = 0;
  while (fd >= 0 && done < text.size()) {
    const ssize_t n = write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno != EINTR)
      break;
    done += n < 0 ? 0 : static_cast<std::size_t>(n);
  }
  if (fd >= 0 && done == text.size())
    return fd;
  const std::string why = std::strerror(errno);
  if (fd >= 0)
    close(fd);
  throw Failure("The corrections cannot be kept in memory: " + why + ".");
}

} // namespace

Corrected::Corrected(const cli::RunOptions& given) {
  check_given(given);
  Stored stored = load_review(given.from);
  if (!given.inputs.empty())
    stored.original.path = given.inputs.front();
  check_content(stored.audit, "audit");
  const Audited audited = read_audit(stored.audit.path);
  check_audit(audited, stored);
  check_content(stored.original, "video");
  const Edits edits = Edits::of(bounds_of(audited), stored.history, stored.position);
  options_ = cli::options_with(audited.run.options);
  options_.inputs = {stored.original.path};
  options_.output = given.output;
  options_.audit = given.audit;
  options_.side_by_side = given.side_by_side;
  options_.measure = given.measure;
  options_.json_summary = given.json_summary;
  options_.overwrite = given.overwrite;
  options_.quiet = given.quiet;
  options_.stall_after = given.stall_after;
  options_.sign = given.sign;
  options_.mutes = muted(audited, edits);
  fd_ = hidden_file(revision::text_of(compiled(audited, edits)));
  options_.revision = "/proc/self/fd/" + std::to_string(fd_);
}

Corrected::~Corrected() {
  if (fd_ >= 0)
    close(fd_);
}

} // namespace deid::review
