#include "pipelines/deid/review/audited.hpp"
#include "pipelines/deid/failure.hpp"
#include <fstream>

namespace deid::review {

using cli::Failure;

namespace {

/// Takes one line into the audit. Returns whether it said which run it is.
bool take(Audited& all, audit::Line line) {
  if (auto* header = std::get_if<audit::Header>(&line))
    all.header = std::move(*header);
  else if (auto* frame = std::get_if<audit::Frame>(&line))
    all.frames.push_back(std::move(*frame));
  else if (auto* run = std::get_if<audit::Run>(&line)) {
    all.run = std::move(*run);
    return true;
  }
  return false;
}

void check(const Audited& all, const std::filesystem::path& file, int runs) {
  const std::string name = file.string();
  if (all.frames.empty())
    throw Failure(name + " tells of no frame. Run the video again with --audit.");
  if (runs != 1)
    throw Failure(name + " does not say which videos it belongs to. Run the video again with this version.");
  for (const audit::Frame& frame : all.frames)
    if (frame.action == "drop")
      throw Failure("The run left frames out (--on-doubt drop), so frames cannot be compared. Run the video "
                    "again with --on-doubt cover-frame.");
}

} // namespace

std::string Audited::method() const {
  return run.options.value("method", "");
}

bool Audited::sound() const {
  return run.options.value("keep_audio", false);
}

Audited read_audit(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in)
    throw Failure(file.string() + " cannot be opened. A review needs the audit of the run (--audit).");
  Audited all;
  int runs = 0, number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    try {
      runs += take(all, audit::parse(text)) ? 1 : 0;
    } catch (const std::exception& e) {
      throw Failure(file.string() + ", line " + std::to_string(number) + ": " + e.what());
    }
  }
  check(all, file, runs);
  return all;
}

} // namespace deid::review
