#include "pipelines/deid/evaluate/report/audit.hpp"
#include "elements/audit/line.hpp"
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace deid::evaluate {

namespace {

void add_face(Audit& audit, const audit::Outcome& outcome) {
  ++audit.faces;
  switch (outcome.treatment) {
  case Treatment::none:
    break;
  case Treatment::swapped:
    ++(outcome.weight < 1 ? audit.fading : audit.swapped);
    break;
  case Treatment::blurred:
    ++audit.blurred;
    break;
  case Treatment::covered:
    ++audit.covered;
    break;
  }
  if (!outcome.target.empty())
    ++audit.targets[outcome.target];
  if (outcome.reason != audit::Reason::none)
    ++audit.reasons[to_string(outcome.reason)];
}

void add_line(Audit& audit, const audit::Header& header) {
  if (!audit.element.empty())
    return; // settings that changed on the way stand in the file
  audit.element = header.element;
  audit.version = header.version;
  audit.detector = header.detector;
  audit.settings = header.settings.dump();
}

void add_line(Audit& audit, const audit::Frame& frame) {
  ++audit.frames;
  audit.frames_with_faces += frame.faces.empty() ? 0 : 1;
  for (const audit::Face& face : frame.faces)
    add_face(audit, face.outcome);
  if (!frame.doubt.empty()) {
    ++audit.doubts[frame.doubt];
    ++(frame.action == "drop" ? audit.dropped_frames : audit.whole_frames);
  }
}

void add_line(Audit&, const audit::Run&) {}

void add_line(Audit&, const audit::Rest&) {}

void add_counts(std::map<std::string, std::size_t>& to, const std::map<std::string, std::size_t>& more) {
  for (const auto& [name, n] : more)
    to[name] += n;
}

} // namespace

void Audit::add(const Audit& other) {
  if (element.empty()) {
    element = other.element;
    version = other.version;
    settings = other.settings;
    detector = other.detector;
  }
  frames += other.frames;
  frames_with_faces += other.frames_with_faces;
  faces += other.faces;
  swapped += other.swapped;
  fading += other.fading;
  blurred += other.blurred;
  covered += other.covered;
  whole_frames += other.whole_frames;
  dropped_frames += other.dropped_frames;
  add_counts(reasons, other.reasons);
  add_counts(doubts, other.doubts);
  add_counts(targets, other.targets);
}

Audit parse_audit(std::string_view text, const std::string& name) {
  Audit audit;
  std::size_t number = 0;
  if (text.empty() || text.back() != '\n')
    throw std::runtime_error(name + " is not whole: its last line does not end.");
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    ++number;
    try {
      std::visit([&audit](const auto& line) { add_line(audit, line); }, audit::parse(text.substr(0, end)));
    } catch (const std::exception& e) { // a sentence; whoever reads it needs the place
      throw std::runtime_error(name + ", line " + std::to_string(number) + ": " + e.what());
    }
    text.remove_prefix(end + 1);
  }
  return audit;
}

Audit read_audit(const std::filesystem::path& file) {
  std::ostringstream text;
  const std::ifstream in(file, std::ios::binary);
  text << in.rdbuf();
  if (!in)
    throw std::runtime_error(file.string() + " cannot be read.");
  return parse_audit(text.str(), file.filename().string());
}

} // namespace deid::evaluate
