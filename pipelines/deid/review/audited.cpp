#include "pipelines/deid/review/audited.hpp"
#include "pipelines/deid/failure.hpp"
#include <deque>
#include <fstream>
#include <future>
#include <thread>

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

/// Returns what the lines say, without the words that stand there for people.
std::vector<audit::Line> parsed(const std::filesystem::path& file, const Block& block) {
  std::vector<audit::Line> lines;
  lines.reserve(block.lines.size());
  for (const std::string& text : block.lines) {
    try {
      lines.push_back(audit::parse(text));
    } catch (const std::exception& e) {
      throw Failure(file.string() + ", line " + std::to_string(block.first + static_cast<int>(lines.size())) +
                    ": " + e.what());
    }
    if (auto* frame = std::get_if<audit::Frame>(&lines.back()))
      for (audit::Face& face : frame->faces)
        std::string().swap(face.done);
  }
  return lines;
}

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
  int runs = 0, number = 1;
  std::deque<std::future<std::vector<audit::Line>>> working; // an audit of an hour is read in a second
  const auto take_first = [&] {
    for (audit::Line& line : working.front().get())
      runs += take(all, std::move(line)) ? 1 : 0;
    working.pop_front();
  };
  const std::size_t most = std::max(1U, std::thread::hardware_concurrency());
  for (Block block = next_block(in, number); !block.lines.empty(); block = next_block(in, number)) {
    number += static_cast<int>(block.lines.size());
    if (working.size() >= most)
      take_first();
    working.push_back(
        std::async(std::launch::async, [&file, one = std::move(block)] { return parsed(file, one); }));
  }
  while (!working.empty())
    take_first();
  check(all, file, runs);
  return all;
}

} // namespace deid::review
