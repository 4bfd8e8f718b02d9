#include "pipelines/deid/review/audited.hpp"
#include "pipelines/deid/failure.hpp"
#include <deque>
#include <fstream>
#include <future>
#include <thread>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace deid::review {

using cli::Failure;

namespace {

constexpr std::size_t block_lines = 4096;

/// Lines of the file in a row.
struct Block {
  int first = 1; ///< number of its first line
  std::vector<std::string> lines{};
};

Block next_block(std::istream& in, int first) {
  Block block{first, {}};
  for (std::string text; block.lines.size() < block_lines && std::getline(in, text);)
    block.lines.push_back(std::move(text));
  return block;
}

/// What a review needs of a line.
using Line = std::variant<audit::Header, KnownFrame, audit::Run, audit::Rest>;

KnownFrame known(const audit::Frame& frame, Names& names) {
  KnownFrame known{.pts = frame.pts,
                   .in_doubt = !frame.doubt.empty(),
                   .covered = frame.action == "cover-frame",
                   .dropped = frame.action == "drop"};
  known.faces.reserve(frame.faces.size());
  for (const audit::Face& face : frame.faces)
    known.faces.push_back({face.id,
                           face.origin,
                           face.box,
                           face.score,
                           {face.outcome.treatment, names.keep(face.outcome.target), face.outcome.distance}});
  return known;
}

Line known(audit::Line line, Names& names) {
  if (const auto* frame = std::get_if<audit::Frame>(&line))
    return known(*frame, names);
  if (auto* header = std::get_if<audit::Header>(&line))
    return std::move(*header);
  if (auto* run = std::get_if<audit::Run>(&line))
    return std::move(*run);
  return audit::Rest{};
}

/// Returns what the lines say.
std::vector<Line> parsed(const std::filesystem::path& file, const Block& block, Names& names) {
  std::vector<Line> lines;
  lines.reserve(block.lines.size());
  for (const std::string& text : block.lines) {
    try {
      lines.push_back(known(audit::parse(text), names));
    } catch (const std::exception& e) {
      throw Failure(file.string() + ", line " + std::to_string(block.first + static_cast<int>(lines.size())) +
                    ": " + e.what());
    }
  }
  return lines;
}

/// Takes one line into the audit. Returns whether it said which run it is.
bool take(Audited& all, Line line) {
  if (auto* header = std::get_if<audit::Header>(&line))
    all.header = std::move(*header);
  else if (auto* frame = std::get_if<KnownFrame>(&line))
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
  for (const KnownFrame& frame : all.frames)
    if (frame.dropped)
      throw Failure("The run left frames out (--on-doubt drop), so frames cannot be compared. Run the video "
                    "again with --on-doubt cover-frame.");
}

} // namespace

std::string_view Names::keep(const std::string& name) {
  if (name.empty())
    return {};
  const std::scoped_lock lock(mutex_);
  return *names_.insert(name).first;
}

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
  int runs = 0, number = 1;
  std::deque<std::future<std::vector<Line>>> working; // an audit of an hour is read in a second
  const auto take_first = [&] {
    for (Line& line : working.front().get())
      runs += take(all, std::move(line)) ? 1 : 0;
    working.pop_front();
  };
  const std::size_t most = std::max(1U, std::thread::hardware_concurrency());
  for (Block block = next_block(in, number); !block.lines.empty(); block = next_block(in, number)) {
    number += static_cast<int>(block.lines.size());
    if (working.size() >= most)
      take_first();
    working.push_back(std::async(std::launch::async, [&file, &names = *all.names, one = std::move(block)] {
      return parsed(file, one, names);
    }));
  }
  while (!working.empty())
    take_first();
#ifdef __GLIBC__
  malloc_trim(0); // the threads that read lines keep much that is free
#endif
  check(all, file, runs);
  return all;
}

} // namespace deid::review
